// One data source: its parameters, whether it answers, and what it lacks for real time.
import {
  api, at, Failure, get, html, pageName, post, show, text, useAction, useEffect, useLoaded, useMemo, useRef, useState,
} from './base.js';
import {changed, SchemaForm, showInvalid, within} from './form.js';
import {fileWidgets} from './source-files.js';
import {Tested} from './source-test.js';

const NEW = 'new';
const SAVED = 'saved';
const isNew = pageName === NEW;
const PROBLEM = /^[^:\n]*: [^.\n]*\.([^:\n]+): (.*)((?:\n {2}-> .*)*)/gm;

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

async function load(signal) {
  const [{types}, answer] = await Promise.all([
    get('/source-types', {signal}),
    isNew ? undefined : get(at`/sources/${pageName}`, {signal}),
  ]);
  return {types, answer};
}

function Page() {
  const {value, error} = useLoaded(load);
  return html`
    <${Failure} error=${error} />
    ${!value && !error && html`<p aria-busy="true">${text('loading')}</p>`}
    ${value && (value.types.length ? html`<${Editor} ...${value} />` : html`<p class="empty">${text('source.noTypes')}</p>`)}`;
}

/** The data source as it is on the disk, the draft, and what is done with them. */
function useSource(types, answer) {
  const [kept, setKept] = useState(answer);
  const fresh = {name: '', type: types[0].name, parameters: {}};
  const [draft, setDraft] = useState(() => (isNew ? fresh : {...answer.source}));
  const [other, setOther] = useState();
  const adopt = next => {
    setKept(next);
    setDraft({...next.source});
    setOther(undefined);
  };
  const [save, state] = useAction(async theirs => {
    const {name, type, parameters} = draft;
    if (isNew) {
      return {...await post('/sources', {name: name.trim(), type, parameters}), created: true};
    }
    const next = theirs
      ? await put(name, {type, parameters: merged(kept.source.parameters, parameters, theirs.source.parameters)}, theirs)
      : await put(name, {type, parameters}, kept);
    if (next.changedBy) {
      setOther(next.changedBy);
      return undefined;
    }
    adopt(next);
    return next;
  });
  const dirty = isNew ? !same(draft, fresh) : !same(draft.parameters, kept.source.parameters) || draft.type !== kept.source.type;
  return {kept, draft, setDraft, setKept, adopt, save, state, dirty, other};
}

/** Saves. The version is the file's: when another data source was changed meanwhile, that is no reason to ask anybody. */
async function put(name, body, {version, source: before}) {
  const send = as => api('PUT', at`/sources/${name}`, body, {headers: {'If-Match': `"${as}"`}});
  try {
    return await send(version);
  } catch (refused) {
    if (refused.status !== 412) {
      throw refused;
    }
    const now = await get(at`/sources/${name}`);
    return same(now.source, before) ? send(now.version) : {changedBy: now};
  }
}

/** Theirs, with the parameters that were changed here. */
function merged(before, mine, theirs) {
  const result = {...theirs};
  for (const name of Object.keys({...before, ...mine})) {
    if (!same(mine[name], before[name])) {
      result[name] = mine[name];
    }
  }
  return result;
}

function Editor({types, answer}) {
  const {kept, draft, setDraft, setKept, adopt, save, state, dirty, other} = useSource(types, answer);
  const [saved, setSaved] = useState(new URLSearchParams(location.search).has(SAVED));
  const [test, tested, forget] = useTest(draft);
  const form = useRef();
  const leaving = useRef(false);
  useWarning(dirty, leaving);
  useEffect(() => saved && history.replaceState(null, '', location.pathname), []);
  const type = types.find(one => one.name === draft.type);
  const change = (path, value) => {
    setSaved(false);
    forget();
    setDraft(before => ({...before, parameters: changed(before.parameters, path, value)}));
  };
  const saveOver = async theirs => {
    const next = await save(theirs);
    if (next?.created) {
      leaving.current = true;
      location.assign(at`/sources/${next.source.name}` + `?${SAVED}`);
    } else if (next) {
      setSaved(true);
    }
  };
  const submit = e => {
    e.preventDefault();
    if (!showInvalid(form.current)) {
      saveOver();
    }
  };
  const now = useRef();
  now.current = {
    source: isNew ? undefined : kept.source.name,
    onKept: (path, next) => {
      forget();
      const value = path.split('.').reduce((at, name) => at?.[name], next.source.parameters);
      setKept(next);
      setDraft(before => ({...before, parameters: changed(before.parameters, path.split('.'), value)}));
    },
  };
  const widgets = useMemo(() => type && fileWidgets(type.parameters, () => now.current), [type]);
  return html`
    <div class="title">
      <h1>${isNew ? text('source.new') : kept.source.name}
        ${(types.length === 1 || !isNew) && html` <small class="muted">${draft.type}</small>`}</h1>
      <div class="actions">
        <span role="status" class=${dirty ? 'warn' : 'muted'}>${dirty && !isNew ? text('source.unsaved') : ''}</span>
        <button type="button" class="secondary" aria-busy=${tested.busy} disabled=${tested.busy}
          onClick=${() => showInvalid(form.current.querySelector('.schema-form')) || test()}>${text('source.test')}</button>
        <button type="submit" form="source-form" aria-busy=${state.busy}
          disabled=${state.busy || (!isNew && !dirty)}>${text('save')}</button>
      </div>
    </div>
    <div class="source-page">
      <form id="source-form" ref=${form} noValidate onSubmit=${submit}>
        <${Failure} error=${state.error} />
        ${other && html`<${ChangedByOthers} onSave=${() => saveOver(other)} onTake=${() => adopt(other)} />`}
        ${isNew && html`<${NewFields} types=${types} draft=${draft} setDraft=${setDraft} />`}
        ${type
          ? html`<${SchemaForm} key=${draft.type} schema=${type.parameters} values=${draft.parameters} secrets=${kept?.source.secrets}
              onChange=${change} findings=${findings(tested.error)} widgets=${widgets} />`
          : html`<div class="notice bad">${text('source.unknownType', draft.type)}</div>`}
      </form>
      <aside aria-label=${text('source.answer')}><div role="status">
        ${saved && html`<${Saved} />`}
        ${tested.busy && html`<p aria-busy="true">${text('source.testing')}</p>`}
        <${Failure} error=${tested.error} />
        ${tested.value && html`<${Tested} of=${tested.value} titled=${true} />`}
        ${!tested.busy && !tested.error && !tested.value && html`<p class="muted">${text('source.testHint')}</p>`}
      </div></aside>
    </div>`;
}

/** Tries what is in the form, saved or not: [run, {busy, value, error}, forget]. A change makes the answer old: call forget then. */
function useTest(draft) {
  const [state, setState] = useState({});
  const last = useRef(0);
  const forget = () => {
    last.current++;
    setState({});
  };
  const run = async () => {
    const mine = ++last.current;
    const answer = next => mine === last.current && setState(next);
    setState({busy: true});
    const {type, parameters} = draft;
    try {
      answer({value: await post('/source-test', {type, parameters, ...(isNew ? {} : {like: draft.name})})});
    } catch (error) {
      answer({error});
    }
  };
  return [run, state, forget];
}

function useWarning(dirty, leaving) {
  useEffect(() => {
    const warn = e => {
      if (dirty && !leaving.current) {
        e.preventDefault();
      }
    };
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [dirty]);
}

/** What a failed test says about single parameters. */
function findings(error) {
  if (error?.code === 'INVALID_DATA_SOURCE') {
    return [...error.message.matchAll(PROBLEM)].map(([, path, message, remedy]) => (
      {path, message, remedy: remedy.replaceAll('\n  -> ', ' ').trim(), warning: false}));
  }
  return error?.code === 'AUTHENTICATION_FAILED'
    ? [{path: within('', 'password'), message: text('source.wrongPassword'), warning: false}]
    : [];
}

function NewFields({types, draft, setDraft}) {
  const name = e => {
    e.target.setCustomValidity(e.target.value.trim() === NEW ? text('source.nameKept') : '');
    setDraft(before => ({...before, name: e.target.value}));
  };
  return html`
    <div class="field">
      <label for="source-name">${text('source.name')} <span class="required">${text('form.required')}</span></label>
      <input id="source-name" type="text" required autofocus maxlength="100" pattern=".*\\S.*" spellcheck=${false} autocomplete="off"
        aria-describedby="source-name-help" value=${draft.name} onInput=${name} />
      <small id="source-name-help">${text('source.nameHelp')}</small>
    </div>
    ${types.length > 1 && html`<div class="field">
      <label for="source-type">${text('source.type')}</label>
      <select id="source-type" value=${draft.type} onChange=${e => setDraft(before => ({...before, type: e.target.value, parameters: {}}))}>
        ${types.map(one => html`<option value=${one.name}>${one.name}</option>`)}
      </select>
    </div>`}`;
}

const ChangedByOthers = ({onSave, onTake}) => html`<div class="notice warn" role="alert">
  <strong>${text('source.changedByOthers')}</strong>
  <div>${text('source.changedByOthersHelp')}</div>
  <div class="actions">
    <button type="button" class="small" onClick=${onSave}>${text('source.saveMine')}</button>
    <button type="button" class="small secondary outline" onClick=${onTake}>${text('source.takeTheirs')}</button>
  </div>
</div>`;

const Saved = () => html`<div class="notice good"><strong>${text('source.saved')}</strong>
  <div>${text('source.savedHelp')} <a href="/jobs?new">${text('source.toJob')}</a></div></div>`;

show('sources', Page);
