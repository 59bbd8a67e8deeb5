// The inputs of a form for one value each. All keep what is typed by themselves, so that neither a slow answer nor a parent that
// draws again moves the caret, and so that a bad value stays to be mended.
import {html, text, useEffect, useReducer, useRef, useState} from './base.js';
import {inWords, isVariable, jsonFrom, numberFrom, typedLike} from './form-values.js';

const ENVIRONMENT = /^\$\{env:([^{}]*)\}$/;

/**
 * What somebody types, next to the value that a parent gives: [draft, change]. A value that comes back after it was sent changes nothing;
 * any other value takes the draft's place.
 *
 * @param shown makes a value a draft
 */
export function useDraft(value, onChange, shown) {
  const [, redraw] = useReducer(n => n + 1, 0);
  const own = useRef();
  const now = JSON.stringify(value) ?? '';
  own.current ??= {draft: shown(value), seen: now, sent: []};
  const {seen, sent} = own.current;
  if (now !== seen) {
    own.current.seen = now;
    const echo = sent.lastIndexOf(now);
    own.current.sent = echo < 0 ? [] : sent.slice(echo + 1);
    own.current.draft = echo < 0 ? shown(value) : own.current.draft;
  } else if (sent.at(-1) === now) {
    own.current.sent = [];
  }
  const change = (draft, ...results) => {
    own.current.draft = draft;
    const result = JSON.stringify(results[0]) ?? '';
    if (results.length && result !== (own.current.sent.at(-1) ?? own.current.seen)) {
      own.current.sent.push(result);
      onChange(results[0]);
    }
    redraw();
  };
  return [own.current.draft, change];
}

/** Says to the browser's form what is wrong with an input, so that it is not sent. */
function useValidity(ref, wrong) {
  useEffect(() => ref.current?.setCustomValidity(wrong ?? ''), [wrong]);
}

export const Wrong = ({id, of}) => html`<div class="wrong bad" id=${id} role="status">${of}</div>`;

/** A text area that is as high as its text. */
export function Lines({value, ...others}) {
  return html`<textarea ...${others} rows=${Math.min(12, value.split('\n').length)} value=${value}></textarea>`;
}

const textShown = value => (value === undefined ? '' : String(value));

export function TextInput({value, onChange, id, describedBy, required, long, placeholder}) {
  const before = useRef(value);
  before.current ??= value;
  const [draft, change] = useDraft(value, onChange, textShown);
  const input = e => change(e.target.value, e.target.value === '' ? undefined : typedLike(before.current, e.target.value));
  const all = {id, required, placeholder, 'aria-describedby': describedBy, spellcheck: false, autocomplete: 'off', onInput: input};
  return long ? html`<${Lines} ...${all} class="sql" value=${draft} />` : html`<input type="text" ...${all} value=${draft} />`;
}

export function NumberInput({value, onChange, id, describedBy, required, placeholder, number}) {
  const before = useRef(value);
  before.current ??= value;
  const ref = useRef();
  const [draft, change] = useDraft(value, onChange, textShown);
  const {wrong} = numberFrom(draft, number, before.current);
  useValidity(ref, wrong);
  const input = e => {
    const result = numberFrom(e.target.value, number, before.current);
    change(e.target.value, ...(result.wrong ? [] : [result.value]));
  };
  return html`<input ref=${ref} id=${id} type="text" inputmode="numeric" class="number" required=${required} placeholder=${placeholder}
      autocomplete="off" aria-invalid=${wrong ? true : undefined} aria-describedby=${`${id}-wrong ${describedBy}`}
      value=${draft} onInput=${input} />
    <${Wrong} id=${id + '-wrong'} of=${wrong} />`;
}

export function ChoiceInput({value, onChange, id, describedBy, required, words, fallback}) {
  const unset = fallback === undefined ? text(required ? 'form.choose' : 'form.unset') : text('form.default', inWords(fallback));
  const [chosen, change] = useDraft(value, onChange, word => word ?? '');
  const all = chosen === '' || words.includes(chosen) ? words : [...words, chosen];
  const choose = e => change(e.target.value, e.target.value === '' ? undefined : e.target.value);
  return html`<select id=${id} required=${required} aria-describedby=${describedBy} value=${chosen} onChange=${choose}>
    <option value="">${unset}</option>
    ${all.map(word => html`<option value=${word}>${word}</option>`)}
  </select>`;
}

/** True, false, or what it is without either. A text stays a text. */
export function FlagInput({value, onChange, ...others}) {
  const asText = typeof value === 'string' && !isVariable(value);
  return html`<${ChoiceInput} ...${others} words=${['true', 'false']} value=${value === undefined ? undefined : String(value)}
    onChange=${word => onChange(asText || !['true', 'false'].includes(word) ? word : word === 'true')} />`;
}

/** Any value as JSON text. */
export function JsonInput({value, onChange, id, describedBy}) {
  const ref = useRef();
  const [draft, change] = useDraft(value, onChange, json => (json === undefined ? '' : JSON.stringify(json, null, 2)));
  const {wrong} = jsonFrom(draft);
  useEffect(() => ref.current?.querySelector('textarea').setCustomValidity(wrong ?? ''), [wrong]);
  const input = e => {
    const result = jsonFrom(e.target.value);
    change(e.target.value, ...(result.wrong ? [] : [result.value]));
  };
  return html`<div ref=${ref}>
    <${Lines} id=${id} class="sql" spellcheck=${false} aria-invalid=${wrong ? true : undefined}
      aria-describedby=${`${id}-wrong ${describedBy}`} value=${draft} onInput=${input} />
    <${Wrong} id=${id + '-wrong'} of=${wrong} />
  </div>`;
}

/** A secret: where the stored one is, or a new one. `null` removes the stored one, undefined leaves it. */
export function SecretInput({value, onChange, id, describedBy, required, stored}) {
  const [changing, setChanging] = useState(false);
  const place = useRef();
  useEffect(() => { if (value === undefined) { setChanging(false); } }, [stored]);
  const change = () => {
    setChanging(true);
    setTimeout(() => place.current?.querySelector('input')?.focus());
  };
  const keep = () => {
    setChanging(false);
    onChange(undefined);
  };
  if (value === null) {
    return html`<div class="stored"><span class="warn">${text('form.secretRemoved')}</span>
      <button type="button" id=${id} class="small secondary outline" onClick=${keep}>${text('form.undo')}</button></div>`;
  } else if (stored && !changing && value === undefined) {
    return html`<div class="stored">
      <span>${stored === 'written' ? text('form.storedInFile') : text('form.stored', stored)}</span>
      <button type="button" id=${id} class="small secondary outline" aria-describedby=${describedBy}
        onClick=${change}>${text('form.change')}</button>
      <button type="button" class="small secondary outline" onClick=${() => onChange(null)}>${text('form.remove')}</button></div>`;
  }
  return html`<div class="stored" ref=${place}>
    <${NewSecret} value=${value} onChange=${onChange} id=${id} describedBy=${describedBy} required=${required} />
    ${stored && html`<button type="button" class="small secondary outline" onClick=${keep}>${text('form.keepStored')}</button>`}
  </div>`;
}

function NewSecret({value, onChange, id, describedBy, required}) {
  const [environment, setEnvironment] = useState(ENVIRONMENT.test(value ?? ''));
  const [draft, change] = useDraft(value, onChange, secret => ENVIRONMENT.exec(secret ?? '')?.[1] ?? textShown(secret));
  const send = (typed, asVariable) => change(typed, typed === '' ? undefined : asVariable ? `\${env:${typed}}` : typed);
  const choose = e => {
    setEnvironment(e.target.value === 'env');
    send('', false);
  };
  return html`
    <select class="how" aria-label=${text('form.secretHow')} value=${environment ? 'env' : 'typed'} onChange=${choose}>
      <option value="typed">${text('form.secretTyped')}</option>
      <option value="env">${text('form.secretEnv')}</option>
    </select>
    <input id=${id} type=${environment ? 'text' : 'password'} autocomplete="new-password" spellcheck=${false} required=${required}
      placeholder=${environment ? text('form.secretEnvExample') : ''} aria-describedby=${describedBy} value=${draft}
      onInput=${e => send(e.target.value, environment)} />`;
}
