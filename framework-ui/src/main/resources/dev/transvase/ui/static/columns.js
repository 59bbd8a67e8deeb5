// Which value goes into which column: by name, by position or by hand, with constants and expressions among them.
import {at, count, Failure, get, html, query, text, useEffect, useLoaded, useState} from './base.js';

const isStar = value => value === undefined || (Array.isArray(value) && value.length === 1 && value[0] === '*') || value === '*';
const one = value => (Array.isArray(value) ? (value.length === 1 ? String(value[0]) : undefined) : value === undefined ? undefined : String(value));

/** The columns of a table; none when there is no such table. */
function useColumns(source, table) {
  return useLoaded(async signal => {
    try {
      return source && table ? (await get(at`/sources/${source}/columns` + query({table}), {signal})).columns : [];
    } catch (e) {
      if (e.status === 404) {
        return [];
      }
      throw e;
    }
  }, [source, table]);
}

/** Pairs as the two lists have them; a list that is all columns is written out. */
function pairsOf(reader, writer, from, to) {
  const left = isStar(reader) ? from.map(column => column.written) : [].concat(reader).map(String);
  const right = isStar(writer) ? undefined : [].concat(writer).map(String);
  const targets = right ?? byName(left, from, to);
  return Array.from({length: Math.max(left.length, targets.length)}, (_, i) => ({from: left[i] ?? '', to: targets[i] ?? ''}));
}

function byName(left, from, to) {
  return left.map(written => {
    const name = from.find(column => column.written === written)?.name ?? written;
    return to.find(column => column.name === name && !column.generated)?.written ?? '';
  });
}

/** What a check said of a pair. */
function verdict(plan, i) {
  const column = plan?.tables.length === 1 ? plan.tables[0].columns[i] : undefined;
  return column && {travels: column.travelsAs, into: column.into, type: column.type};
}

function Pair({pair, i, last, from, to, plan, findings, change, remove, move}) {
  const source = from.find(column => column.written === pair.from);
  const target = to.find(column => column.written === pair.to);
  const said = verdict(plan, i);
  return html`<tr class=${findings.length ? 'has-error' : ''}>
    <td class="number">${count(i + 1)}</td>
    <td><input list="source-columns" spellcheck=${false} aria-label=${text('columns.from', i + 1)} value=${pair.from}
        onChange=${e => change(i, {...pair, from: e.target.value})} />
      <small class="muted">${source ? source.type + (source.key ? ` · ${text('columns.key')}` : '') : pair.from && text('columns.expression')}</small></td>
    <td><select aria-label=${text('columns.to', i + 1)} value=${pair.to} onChange=${e => change(i, {...pair, to: e.target.value})}>
        <option value="">${text('columns.none')}</option>
        ${pair.to && !target && html`<option value=${pair.to}>${pair.to}</option>`}
        ${to.map(column => html`<option value=${column.written} disabled=${column.generated}>${column.written}</option>`)}</select>
      <small class="muted">${target && target.type + (target.nullable ? '' : ` · NOT NULL`)}</small></td>
    <td>${said ? said.travels : html`<span class="muted">–</span>`}
      ${findings.map(finding => html`<div class=${finding.warning ? 'warn' : 'bad'}>${finding.message}</div>`)}</td>
    <td class="actions-cell">
      <button type="button" class="small secondary outline" disabled=${i === 0} aria-label=${text('columns.up', i + 1)} onClick=${() => move(i, -1)}>↑</button>
      <button type="button" class="small secondary outline" disabled=${last} aria-label=${text('columns.down', i + 1)} onClick=${() => move(i, 1)}>↓</button>
      <button type="button" class="small secondary outline" aria-label=${text('columns.remove', i + 1)} onClick=${() => remove(i)}>×</button></td>
  </tr>`;
}

/** Columns of the target that nobody fills and that must not stay empty. */
function Unfilled({pairs, to}) {
  const lacking = to.filter(column => !column.nullable && !column.hasDefault && !column.generated && !pairs.some(pair => pair.to === column.written));
  return lacking.length > 0 && html`<div class="notice warn">${text('columns.unfilled', lacking.map(column => column.name).join(', '))}</div>`;
}

function Mapping({reader, writer, from, to, plan, findings, set}) {
  const [pairs, setPairs] = useState([]);
  useEffect(() => setPairs(pairsOf(reader.values.column, writer.values.column, from, to)), [
    JSON.stringify(reader.values.column), JSON.stringify(writer.values.column), from, to]);
  const store = next => {
    setPairs(next);
    // A pair that is half filled in waits for its other half.
    if (next.length && next.every(pair => pair.from && pair.to)) {
      set(next.map(pair => pair.from), next.map(pair => pair.to));
    }
  };
  const change = (i, pair) => store(pairs.map((old, j) => (i === j ? pair : old)));
  const move = (i, by) => {
    const next = [...pairs];
    [next[i], next[i + by]] = [next[i + by], next[i]];
    store(next);
  };
  const names = from.filter(column => byName([column.written], from, to)[0]);
  const positions = Math.min(from.length, to.filter(column => !column.generated).length);
  const isAll = isStar(reader.values.column) && isStar(writer.values.column);
  const halves = pairs.some(pair => !pair.from || !pair.to);
  const ofPair = i => findings.filter(finding => [reader, writer].some(step => finding.path.startsWith(`${step.path}.column[${i}]`)));
  return html`
    <div class="actions">
      <button type="button" class="small secondary outline" onClick=${() => set(['*'], ['*'])} aria-pressed=${isAll}>${text('columns.all')}</button>
      <button type="button" class="small secondary outline" disabled=${!names.length} onClick=${() => store(names.map(column => ({from: column.written, to: byName([column.written], from, to)[0]})))}>${text('columns.byName')}</button>
      <button type="button" class="small secondary outline" disabled=${!positions} onClick=${() => store(to.filter(column => !column.generated).slice(0, positions).map((column, i) => ({from: from[i].written, to: column.written})))}>${text('columns.byPosition')}</button>
      <button type="button" class="small secondary outline" onClick=${() => setPairs([...pairs, {from: '', to: ''}])}>${text('columns.add')}</button>
    </div>
    <p class="muted">${isAll ? text('columns.isAll') : text('columns.help')}</p>
    ${halves && !isAll && html`<div class="notice warn">${text('columns.half')}</div>`}
    <datalist id="source-columns">${from.map(column => html`<option value=${column.written}>${column.type}</option>`)}</datalist>
    <div class="scroll"><table class="mapping">
      <thead><tr><th scope="col"><span class="hidden">${text('columns.number')}</span></th><th scope="col">${text('columns.source')}</th><th scope="col">${text('columns.target')}</th>
        <th scope="col">${text('check.travelsAs')}</th><th scope="col"><span class="hidden">${text('columns.actions')}</span></th></tr></thead>
      <tbody>${pairs.map((pair, i) => html`<${Pair} key=${i} pair=${pair} i=${i} last=${i === pairs.length - 1} from=${from} to=${to} plan=${plan}
        findings=${ofPair(i)} change=${change} remove=${j => store(pairs.filter((_, k) => k !== j))} move=${move} />`)}</tbody>
    </table></div>
    <${Unfilled} pairs=${pairs} to=${to} />`;
}

/**
 * @param reader {values, path, dataSource} of the step that reads; writer likewise
 * @param plan of the last check of this very script, if there is one
 * @param set given the two lists of columns
 */
export function Columns({reader, writer, plan, findings, set}) {
  const table = one(reader.values.table);
  const target = one(writer.values.table) ?? table;
  const from = useColumns(reader.dataSource, table);
  const to = useColumns(writer.dataSource, target);
  if (!table || !target) {
    return html`<div class="empty">${text(reader.values.querySql ? 'columns.query' : 'columns.oneTable')}</div>`;
  }
  if (from.error || to.error) {
    return html`<${Failure} error=${from.error ?? to.error} />`;
  }
  if (!from.value || !to.value) {
    return html`<p aria-busy="true">${text('loading')}</p>`;
  }
  if (!from.value.length || !to.value.length) {
    return html`<div class="empty">${text('columns.noTable', from.value.length ? target : table)}</div>`;
  }
  return html`<h2>${table} → ${target}</h2>
    <${Mapping} reader=${reader} writer=${writer} from=${from.value} to=${to.value} plan=${plan} findings=${findings} set=${set} />`;
}
