// Choosing tables: searched as one types, many at once, and patterns with what they mean now.
import {at, bytes, count, Dialog, Failure, get, html, post, query, text, useLoaded, useSettled, useState} from './base.js';

const SHOWN = 200;
const TYPING_MILLIS = 120;

const listOf = value => (value === undefined ? [] : Array.isArray(value) ? value.map(String) : [String(value)]);
const isPattern = name => /[*?]/.test(name);

function Found({source, chosen, toggle, search}) {
  const settled = useSettled(search, TYPING_MILLIS);
  const {value, error, loading} = useLoaded(
    signal => get(at`/sources/${source}/tables` + query({search: settled, limit: SHOWN}), {signal}), [source, settled]);
  if (error) {
    return html`<${Failure} error=${error} />`;
  }
  if (!value) {
    return html`<p aria-busy="true">${text('loading')}</p>`;
  }
  return html`
    <p class="muted" role="status" aria-busy=${loading}>${value.tables.length < value.total
      ? text('picker.some', count(value.tables.length), count(value.total))
      : text('picker.found', count(value.total), count(value.all))}</p>
    <div class="scroll picker-found"><table>
      <thead><tr><th scope="col"><span class="hidden">${text('picker.choose')}</span></th><th scope="col">${text('picker.table')}</th>
        <th scope="col">${text('picker.kind')}</th><th scope="col" class="number">${text('picker.rows')}</th>
        <th scope="col" class="number">${text('picker.size')}</th><th scope="col">${text('picker.key')}</th></tr></thead>
      <tbody>${value.tables.map(table => html`<tr key=${table.name} class=${chosen.includes(table.name) ? 'chosen' : ''}>
        <td><input type="checkbox" aria-label=${table.name} checked=${chosen.includes(table.name)} onChange=${() => toggle(table.name)} /></td>
        <td>${table.name}${table.apart && html`<br /><small class="muted">${table.apart}</small>`}</td>
        <td>${table.kind}</td><td class="number">${table.records !== undefined && `≈ ${count(table.records)}`}</td>
        <td class="number">${bytes(table.bytes)}</td>
        <td>${table.key.length ? table.key.join(', ') : html`<span class="muted">${text('picker.noKey')}</span>`}</td></tr>`)}</tbody>
    </table></div>`;
}

/** What the patterns among the chosen mean now. */
function Meant({source, patterns, exclude}) {
  const settled = useSettled(patterns.join('\n'), TYPING_MILLIS);
  const {value, error} = useLoaded(async signal => settled
    && post(at`/sources/${source}/tables/meant`, {table: settled.split('\n'), excludeTable: exclude, limit: 50}, {signal}), [source, settled]);
  if (error) {
    return html`<${Failure} error=${error} />`;
  }
  return value ? html`<details><summary>${text('picker.means', count(value.total))}</summary>
    <ul>${value.tables.map(table => html`<li>${table.name}</li>`)}</ul>
    ${value.total > value.tables.length && html`<small>${text('picker.more', count(value.total - value.tables.length))}</small>`}</details>` : '';
}

function Chosen({source, chosen, remove, add, exclude, withPatterns}) {
  const [pattern, setPattern] = useState('');
  const submit = e => {
    e.preventDefault();
    if (pattern.trim()) {
      add(pattern.trim());
      setPattern('');
    }
  };
  return html`<h3>${text('picker.chosen', count(chosen.length))}</h3>
    <ul class="chosen-names">${chosen.map(name => html`<li key=${name}><span>${name}</span>
      <button type="button" class="link" aria-label=${text('picker.remove', name)} onClick=${() => remove(name)}>×</button></li>`)}</ul>
    ${withPatterns && html`<form onSubmit=${submit}><label>${text('picker.pattern')}
      <input value=${pattern} placeholder="public.*" spellcheck=${false} onInput=${e => setPattern(e.target.value)} /></label>
      <button type="submit" class="small secondary outline" disabled=${!pattern.trim()}>${text('picker.addPattern')}</button></form>
      <${Meant} source=${source} patterns=${chosen.filter(isPattern)} exclude=${exclude} />`}`;
}

/** @param single whether only one table may be chosen */
export function PickerDialog({open, source, value, exclude = [], single, onDone, onClose, title}) {
  const [chosen, setChosen] = useState([]);
  const [search, setSearch] = useState('');
  const [wasOpen, setWasOpen] = useState(false);
  if (open !== wasOpen) {
    setWasOpen(open);
    setChosen(listOf(value));
    setSearch('');
  }
  const toggle = name => setChosen(chosen.includes(name) ? chosen.filter(one => one !== name) : single ? [name] : [...chosen, name]);
  const add = name => setChosen(chosen.includes(name) ? chosen : [...chosen, name]);
  return html`<${Dialog} open=${open} title=${title} onClose=${onClose} wide footer=${html`
      <button type="button" class="secondary outline" onClick=${onClose}>${text('cancel')}</button>
      <button type="button" onClick=${() => onDone(chosen)}>${text('picker.take', count(chosen.length))}</button>`}>
    <div class="picker">
      <div><label>${text('picker.search')}
        <input type="search" autofocus spellcheck=${false} value=${search} onInput=${e => setSearch(e.target.value)} /></label>
        <${Found} source=${source} chosen=${chosen} toggle=${toggle} search=${search} /></div>
      <div><${Chosen} source=${source} chosen=${chosen} remove=${toggle} add=${add} exclude=${exclude} withPatterns=${!single} /></div>
    </div>
  <//>`;
}

/** The field of a table parameter: what is chosen, typed or picked. Keeps one name a text, as most jobs write it. */
export function TableField({source, value, exclude, onChange, id, describedBy}) {
  const [open, setOpen] = useState(false);
  const names = listOf(value);
  const change = list => onChange(list.length === 0 ? undefined : list.length === 1 && !Array.isArray(value) ? list[0] : list);
  return html`<div class="picked">
    <input id=${id} aria-labelledby=${id && id + "-label"} aria-describedby=${describedBy} spellcheck=${false} value=${names.join(', ')} readonly=${names.length > 1}
      placeholder=${text('picker.typeOrChoose')} onChange=${e => change(e.target.value.trim() ? [e.target.value.trim()] : [])} />
    <button type="button" class="small secondary outline" disabled=${!source} onClick=${() => setOpen(true)}>${text('picker.open')}</button>
    <${PickerDialog} open=${open} source=${source} value=${value} exclude=${listOf(exclude)} title=${text('picker.title', source)}
      onClose=${() => setOpen(false)} onDone=${list => { setOpen(false); change(list); }} />
  </div>`;
}
