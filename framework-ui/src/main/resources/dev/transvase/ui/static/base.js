// What every page is made with: elements, texts, the API, numbers and times for people, and the small parts that pages share.
const language = document.documentElement.lang;
const texts = (await import(`./texts-${language}.js`)).default;

export const {render, Fragment} = preact;
export const {useState, useEffect, useRef, useMemo, useCallback, useReducer} = preactHooks;
export const html = htm.bind(preact.h);

/** The text of this key; {0} and so on stand for the values. */
export function text(key, ...values) {
  return values.reduce((result, value, i) => result.replaceAll(`{${i}}`, () => String(value)), texts[key] ?? key);
}

/** Whether there is a text of this key. */
export const hasText = key => key in texts;

/** What the page was opened with. */
export const app = document.getElementById('app');
export const pageName = decodeURIComponent(location.pathname.split('/')[2] ?? '');

// ---- The API

/** Why a request was refused, as the API says it. */
export class ApiError extends Error {
  constructor(status, code, message, remedy) {
    super(message);
    Object.assign(this, {status, code, remedy});
  }
}

async function failure(response) {
  if (response.status === 401) {
    location.assign('/');
  }
  try {
    const {error} = await response.json();
    return new ApiError(response.status, error.code, error.message, error.remedy ?? '');
  } catch {
    return new ApiError(response.status, String(response.status), text('api.failed', response.status), '');
  }
}

/** Sends a request; answers what the response's JSON is. Throws an ApiError. */
export async function api(method, path, body, {headers = {}, signal} = {}) {
  const raw = typeof body === 'string' || body instanceof Blob;
  let response;
  try {
    response = await fetch('/api/v1' + path, {
      method,
      headers: body === undefined || raw ? headers : {'Content-Type': 'application/json', ...headers},
      body: body === undefined || raw ? body : JSON.stringify(body),
      signal,
    });
  } catch (e) {
    if (e.name === 'AbortError') {
      throw e;
    }
    throw new ApiError(0, 'NO_SERVER', text('api.noServer'), text('api.noServerRemedy'));
  }
  if (!response.ok) {
    throw await failure(response);
  }
  return response.status === 204 ? undefined : response.json();
}

export const get = (path, options) => api('GET', path, undefined, options);
export const post = (path, body = {}, options) => api('POST', path, body, options);

/** A path with its parts encoded: at`/jobs/${name}`. */
export const at = (strings, ...parts) => strings.reduce((path, s, i) => path + encodeURIComponent(parts[i - 1]) + s);

/** A query string of what is there; empty when nothing is. */
export function query(values) {
  const there = Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return there.length ? '?' + new URLSearchParams(there) : '';
}

// ---- Numbers, sizes and times for people

const numbers = new Intl.NumberFormat(language);
const rough = new Intl.NumberFormat(language, {maximumSignificantDigits: 3});
const times = new Intl.DateTimeFormat(language, {dateStyle: 'medium', timeStyle: 'medium'});
const percents = new Intl.NumberFormat(language, {style: 'percent', maximumFractionDigits: 0});

export const count = n => (n === undefined || n === null ? '' : numbers.format(n));
export const percent = share => percents.format(share);

export function bytes(n) {
  if (n === undefined || n === null) {
    return '';
  }
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let unit = 0;
  while (Math.abs(n) >= 1000 && unit < units.length - 1) {
    n /= 1000;
    unit++;
  }
  return `${rough.format(n)} ${units[unit]}`;
}

/** For example 850 ms, 12.3 s, 4 min 10 s, 3 h 5 min. */
export function duration(millis) {
  if (millis === undefined || millis === null) {
    return '';
  }
  const seconds = millis / 1000;
  if (seconds < 1) {
    return `${Math.round(millis)} ms`;
  } else if (seconds < 60) {
    return `${rough.format(seconds)} s`;
  } else if (seconds < 3600) {
    return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
  } else if (seconds < 86400) {
    return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  }
  return `${Math.floor(seconds / 86400)} d ${Math.floor((seconds % 86400) / 3600)} h`;
}

/** A moment in the reader's time zone. */
export const Time = ({at: moment}) =>
  moment ? html`<time datetime=${moment} title=${moment}>${times.format(new Date(moment))}</time>` : '';

// ---- Hooks

/** Loads when the page opens and when one of `on` changes: {value, error, loading, reload}. A later answer replaces an earlier one. */
export function useLoaded(load, on = []) {
  const [state, setState] = useState({loading: true});
  const [again, setAgain] = useState(0);
  useEffect(() => {
    const control = new AbortController();
    setState(before => ({...before, loading: true}));
    load(control.signal)
      .then(value => !control.signal.aborted && setState({value, loading: false}))
      .catch(error => !control.signal.aborted && setState(before => ({value: before.value, error, loading: false})));
    return () => control.abort();
  }, [...on, again]);
  return {...state, reload: () => setAgain(n => n + 1)};
}

/** The value once it has stayed the same for some milliseconds. */
export function useSettled(value, millis) {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), millis);
    return () => clearTimeout(timer);
  }, [value, millis]);
  return settled;
}

/** Runs an action with its failure and whether it is at work: [run, {busy, error, clear}]. */
export function useAction(action) {
  const [state, setState] = useState({busy: false});
  const run = async (...values) => {
    setState({busy: true});
    try {
      const result = await action(...values);
      setState({busy: false});
      return result;
    } catch (error) {
      setState({busy: false, error});
      return undefined;
    }
  };
  return [run, {...state, clear: () => setState({busy: false})}];
}

// ---- Small parts

/** What went wrong, with what to do about it. */
export function Failure({error}) {
  if (!error) {
    return '';
  }
  return html`<div class="notice bad" role="alert">
    <strong>${error.message}</strong>
    ${error.remedy && html`<div>${error.remedy}</div>`}
    ${error.code && html`<small class="code">${error.code}</small>`}
  </div>`;
}

/** A button that copies. */
export function Copy({value, label = text('copy')}) {
  const [done, setDone] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(value);
    setDone(true);
    setTimeout(() => setDone(false), 1500);
  };
  return html`<button type="button" class="small secondary outline" onClick=${copy}>${done ? text('copied') : label}</button>`;
}

/** Statements to run, with a button that copies them. */
export const Statements = ({of, where}) => of.length > 0 && html`<div class="statements">
  ${where && html`<small>${text('statements.where', where)}</small>`}
  <pre tabindex="0"><code>${of.join('\n')}</code></pre><${Copy} value=${of.join('\n')} />
</div>`;

/** A dialog while `open` is true; Escape and the cross close it. */
export function Dialog({open, title, onClose, children, wide, footer}) {
  const ref = useRef();
  useEffect(() => {
    if (open && !ref.current.open) {
      ref.current.showModal();
    } else if (!open && ref.current.open) {
      ref.current.close();
    }
  }, [open]);
  return html`<dialog ref=${ref} aria-label=${title} onCancel=${e => { e.preventDefault(); onClose(); }}>
    ${open && html`<article class=${wide ? 'wide' : ''}>
      <header>
        <button type="button" class="shut" aria-label=${text('close')} onClick=${onClose}>×</button>
        <h2>${title}</h2>
      </header>
      <div class="dialog-body" role="region" aria-label=${title} tabindex="0">${children}</div>
      ${footer && html`<footer>${footer}</footer>`}
    </article>`}
  </dialog>`;
}

/** Asks before something that cannot be taken back. */
export function Confirm({open, title, message, action, onConfirm, onClose, busy, error}) {
  return html`<${Dialog} open=${open} title=${title} onClose=${onClose} footer=${html`
    <button type="button" class="secondary outline" onClick=${onClose}>${text('cancel')}</button>
    <button type="button" class="danger" aria-busy=${busy} onClick=${onConfirm}>${action}</button>`}>
    <p>${message}</p><${Failure} error=${error} />
  <//>`;
}

/** Asks for a name. */
export function NameDialog({open, title, label, value, action, onName, onClose}) {
  const [name, setName] = useState(value);
  const [run, state] = useAction(onName);
  useEffect(() => { setName(value); state.clear(); }, [open, value]);
  const submit = e => { e.preventDefault(); run(name.trim()); };
  return html`<${Dialog} open=${open} title=${title} onClose=${onClose}>
    <form onSubmit=${submit}>
      <label>${label}<input required autofocus maxlength="100" spellcheck=${false} value=${name} onInput=${e => setName(e.target.value)} /></label>
      <${Failure} error=${state.error} />
      <button type="submit" aria-busy=${state.busy}>${action}</button>
    </form>
  <//>`;
}

/** What a run's state is, as a coloured word. */
export const State = ({of}) => html`<span class=${'state ' + of}>${text('state.' + of)}</span>`;

/** Facts as name and value. Values may be elements. */
export const Facts = ({of}) => html`<dl class="facts">
  ${of.filter(([, value]) => value !== undefined && value !== '' && value !== null)
    .map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
</dl>`;

/** Fills the page. `current` is the navigation's part that it belongs to. */
export async function show(current, Page) {
  const {Frame} = await import('./frame.js');
  app.replaceChildren();
  render(html`<${Frame} current=${current}><${Page} /><//>`, app);
}
