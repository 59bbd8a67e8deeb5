// The inputs of a form for values that hold others: lists of texts, lists of objects, and texts by name.
import {html, text, useRef} from './base.js';
import {isLong, typedLike} from './form-values.js';
import {Lines, useDraft, Wrong} from './form-inputs.js';

let rows = 0;

/** A line of a list or a map while it is edited; `was` is the value that the file has there. */
const row = (was, name = '') => ({key: ++rows, text: was === undefined ? '' : String(was), was, name});

/** Puts the caret into an input that appears with the next drawing. */
const focusLater = (host, selector) => setTimeout(() => [...host.current.querySelectorAll(selector)].at(-1)?.focus());

/** Moves an element by one place. */
function moved(list, from, by) {
  const result = [...list];
  const [one] = result.splice(from, 1);
  result.splice(from + by, 0, one);
  return result;
}

const RowButtons = ({i, of, label, onMove, onRemove}) => html`<span class="row-buttons">
  <button type="button" class="icon" aria-label=${text('form.up', label)} title=${text('form.up', label)} disabled=${i === 0}
    onClick=${() => onMove(-1)}>↑</button>
  <button type="button" class="icon" aria-label=${text('form.down', label)} title=${text('form.down', label)} disabled=${i === of - 1}
    onClick=${() => onMove(1)}>↓</button>
  <button type="button" class="icon" aria-label=${text('form.removeOne', label)} title=${text('form.removeOne', label)}
    onClick=${onRemove}>×</button>
</span>`;

/** A list of texts, or one alone. Several lines that are pasted become several texts, unless they are SQL. */
export function ListInput({name, value, onChange, id, describedBy, single, words}) {
  const host = useRef();
  const alone = useRef(false);
  alone.current = single && (value === undefined ? alone.current : !Array.isArray(value));
  const shown = list => (list === undefined ? [] : Array.isArray(list) ? list : [list]).map(one => row(one));
  const [list, change] = useDraft(value, onChange, shown);
  const send = next => {
    const values = next.filter(one => one.text !== '' || one.was === '').map(one => typedLike(one.was, one.text));
    change(next, values.length === 0 ? undefined : alone.current && values.length === 1 ? values[0] : values);
  };
  const add = (after = list.length - 1, texts = ['']) => {
    send([...list.slice(0, after + 1), ...texts.map(one => ({...row(), text: one})), ...list.slice(after + 1)]);
    setTimeout(() => host.current.querySelectorAll('textarea, .one')[after + texts.length]?.focus());
  };
  const long = isLong(name, undefined);
  const key = (e, i) => {
    if (e.key === 'Enter' && !long && !e.isComposing) {
      e.preventDefault();
      add(i);
    } else if (e.key === 'Backspace' && list[i].text === '' && list.length > 1) {
      e.preventDefault();
      send(list.filter((_, at) => at !== i));
      setTimeout(() => host.current.querySelectorAll('textarea, .one')[Math.max(0, i - 1)]?.focus());
    }
  };
  const paste = (e, i) => {
    const lines = e.clipboardData.getData('text').split(/\r?\n/).map(line => line.trim()).filter(Boolean);
    if (!long && lines.length > 1 && list[i].text === '') {
      e.preventDefault();
      const next = [...list.slice(0, i), ...lines.map(one => ({...row(), text: one})), ...list.slice(i + 1)];
      send(next);
    }
  };
  const input = (i, typed) => send(list.map((one, at) => (at === i ? {...one, text: typed} : one)));
  return html`<fieldset class="rows" ref=${host} aria-labelledby=${id + '-label'} aria-describedby=${describedBy}>
    ${list.map((one, i) => html`<div class="row" key=${one.key}>
      ${words
        ? html`<select class="one" aria-label=${`${name} ${i + 1}`} value=${one.text} onChange=${e => input(i, e.target.value)}>
            <option value=""></option>${words.map(word => html`<option>${word}</option>`)}</select>`
        : html`<${Lines} class=${long ? 'sql' : ''} aria-label=${`${name} ${i + 1}`} spellcheck=${false} value=${one.text}
            onInput=${e => input(i, e.target.value)} onKeyDown=${e => key(e, i)} onPaste=${e => paste(e, i)} />`}
      <${RowButtons} i=${i} of=${list.length} label=${`${name} ${i + 1}`} onMove=${by => send(moved(list, i, by))}
        onRemove=${() => send(list.filter((_, at) => at !== i))} />
    </div>`)}
    <button type="button" id=${id} class="small secondary outline" onClick=${() => add()}>${text('form.add')}</button>
  </fieldset>`;
}

/** Texts by name. */
export function MapInput({name, value, onChange, id, describedBy}) {
  const host = useRef();
  const shown = map => Object.entries(map ?? {}).map(([key, one]) => row(one, key));
  const [list, change] = useDraft(value, onChange, shown);
  const names = list.map(one => one.name);
  const twice = names.find((one, i) => one !== '' && names.indexOf(one) !== i);
  const send = next => {
    const named = next.filter(one => one.name !== '');
    const unique = new Set(named.map(one => one.name)).size === named.length;
    const map = Object.fromEntries(named.map(one => [one.name, typedLike(one.was, one.text)]));
    change(next, ...(unique ? [named.length ? map : undefined] : []));
  };
  const input = (i, part) => send(list.map((one, at) => (at === i ? {...one, ...part} : one)));
  const add = () => {
    send([...list, row()]);
    focusLater(host, '.name');
  };
  return html`<fieldset class="rows" ref=${host} aria-labelledby=${id + '-label'} aria-describedby=${describedBy}>
    ${list.map((one, i) => html`<div class="row" key=${one.key}>
      <input type="text" class="name" aria-label=${text('form.mapName', name, i + 1)} placeholder=${text('form.name')} spellcheck=${false}
        autocomplete="off" aria-invalid=${one.name !== '' && one.name === twice ? true : undefined} value=${one.name}
        onInput=${e => input(i, {name: e.target.value})} />
      <input type="text" aria-label=${text('form.mapValue', name, i + 1)} placeholder=${text('form.value')} spellcheck=${false}
        autocomplete="off" value=${one.text} onInput=${e => input(i, {text: e.target.value})} />
      <button type="button" class="icon" aria-label=${text('form.removeOne', `${name} ${i + 1}`)}
        title=${text('form.removeOne', `${name} ${i + 1}`)} onClick=${() => send(list.filter((_, at) => at !== i))}>×</button>
    </div>`)}
    <${Wrong} of=${twice === undefined ? '' : text('form.twice', twice)} />
    <button type="button" id=${id} class="small secondary outline" onClick=${add}>${text('form.add')}</button>
  </fieldset>`;
}

/** A list of objects, each a form of its own that `item` draws: item(value, i, onChange(path, value)). */
export function ObjectsInput({name, value = [], onChange, id, describedBy, item, change}) {
  const keys = useRef([]);
  while (keys.current.length < value.length) {
    keys.current.push(++rows);
  }
  keys.current.length = value.length;
  const send = next => onChange(next.length ? next : undefined);
  const move = (i, by) => {
    keys.current = moved(keys.current, i, by);
    send(moved(value, i, by));
  };
  const remove = i => {
    keys.current.splice(i, 1);
    send(value.filter((_, at) => at !== i));
  };
  return html`<fieldset class="rows" aria-labelledby=${id + '-label'} aria-describedby=${describedBy}>
    ${value.map((one, i) => html`<fieldset class="group" key=${keys.current[i]}>
      <legend>${name} ${i + 1} <${RowButtons} i=${i} of=${value.length} label=${`${name} ${i + 1}`} onMove=${by => move(i, by)}
        onRemove=${() => remove(i)} /></legend>
      ${item(one, i, (path, part) => send(value.map((other, at) => (at === i ? change(other, path, part) : other))))}
    </fieldset>`)}
    <button type="button" id=${id} class="small secondary outline" onClick=${() => send([...value, {}])}>${text('form.add')}</button>
  </fieldset>`;
}
