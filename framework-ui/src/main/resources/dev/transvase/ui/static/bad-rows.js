// The records that a run's target did not take: each with its reason, filtered by kind, page by page.
import {at, count, Failure, get, hasText, html, query, text, useEffect, useLoaded, useMemo, useState} from './base.js';

const PAGE = 50;
const LONGEST_VALUE = 300;
const FILTERS = [['table', 'tables'], ['sqlState', 'sqlStates'], ['constraint', 'constraints'], ['column', 'columns']];

/** What a SQLSTATE means: its own words, else those of its class. */
function meaning(sqlState) {
  const own = `sqlstate.${sqlState}`;
  const ofClass = `sqlstate.${sqlState?.slice(0, 2)}`;
  return hasText(own) ? text(own) : hasText(ofClass) ? text(ofClass) : '';
}

/**
 * @param id of the run
 * @param table the one to begin with
 * @param running whether more may come
 */
export function BadRows({id, table = '', running}) {
  const [filter, setFilter] = useState({table});
  const [places, setPlaces] = useState([0]);
  const place = places[places.length - 1];
  const kinds = useLoaded(signal => get(at`/runs/${id}/dirty/summary`, {signal}), [id]);
  const matching = useLoaded(signal => get(at`/runs/${id}/dirty/summary` + query(filter), {signal}), [id, filter]);
  const page = useLoaded(signal => get(at`/runs/${id}/dirty` + query({...filter, from: place, limit: PAGE}), {signal}), [id, filter, place]);
  const choose = (name, value) => {
    setFilter({...filter, [name]: value});
    setPlaces([0]);
  };
  useEffect(() => choose('table', table), [table]);
  const reload = () => {
    kinds.reload();
    matching.reload();
    page.reload();
  };
  const total = kinds.value?.total;
  return html`<section aria-labelledby="bad-title">
    <div class="title"><h2 id="bad-title">${text('bad.title')}</h2>
      <div class="actions">
        ${running && html`<button type="button" class="small secondary outline" onClick=${reload}>${text('bad.reload')}</button>`}
        <a role="button" class="small secondary outline" href=${`/api/v1/runs/${id}/dirty.jsonl`} download=${`${id}-dirty.jsonl`}>${text('run.download')}</a>
      </div></div>
    <${Failure} error=${kinds.error ?? page.error} />
    ${total === 0 && html`<p class="empty">${text(running ? 'bad.noneYet' : 'bad.none')}</p>`}
    ${total > 0 && html`
      <${Filters} kinds=${kinds.value} filter=${filter} onChoose=${choose} />
      <p role="status">${matching.value ? text('bad.matching', count(matching.value.total), count(total)) : text('loading')}</p>
      <div aria-busy=${page.loading}>${page.value && html`<${Groups} records=${page.value.records} />`}</div>
      <${Paging} number=${places.length} next=${page.value?.next} matching=${matching.value?.total}
        onBack=${() => setPlaces(places.slice(0, -1))} onNext=${() => setPlaces([...places, page.value.next])} />`}
  </section>`;
}

const Filters = ({kinds, filter, onChoose}) => html`<div class="bad-filters">
  ${FILTERS.map(([name, counts]) => [name, Object.entries(kinds[counts])]).filter(([, options]) => options.length > 0)
    .map(([name, options]) => html`<label>${text('bad.' + name)}
      <select value=${filter[name] ?? ''} onChange=${e => onChoose(name, e.target.value)}>
        <option value="">${text('bad.all')}</option>
        ${options.sort((a, b) => b[1] - a[1]).map(([value, n]) => html`<option value=${value}>
          ${name === 'sqlState' ? `${value} ${meaning(value)}` : value} (${count(n)})</option>`)}
      </select></label>`)}
</div>`;

function Paging({number, next, matching, onBack, onNext}) {
  if (number === 1 && next === undefined) {
    return '';
  }
  const first = (number - 1) * PAGE + 1;
  const last = matching === undefined ? first + PAGE - 1 : Math.min(matching, first + PAGE - 1);
  return html`<nav class="actions" aria-label=${text('paging')}>
    <button type="button" class="small secondary outline" disabled=${number === 1} onClick=${onBack}>${text('paging.back')}</button>
    <span>${text('paging.range', count(first), count(last))}</span>
    <button type="button" class="small secondary outline" disabled=${next === undefined} onClick=${onNext}>${text('paging.next')}</button>
  </nav>`;
}

/** Records of one table, one after the other, share a table here. */
function Groups({records}) {
  const groups = useMemo(() => {
    const made = [];
    records.forEach(record => {
      const columns = Object.keys(record.values);
      const key = JSON.stringify([record.source, record.table, columns]);
      const last = made[made.length - 1];
      if (last?.key === key) {
        last.records.push(record);
      } else {
        made.push({key, columns, source: record.source, table: record.table, records: [record]});
      }
    });
    return made;
  }, [records]);
  return groups.map(group => html`<${Group} ...${group} />`);
}

const Group = ({source, table, columns, records}) => html`<div class="scroll"><table class="bad-rows">
  <caption>${text('bad.way', source, table)}</caption>
  <thead><tr><th scope="col">${text('bad.reason')}</th>
    ${columns.map(column => html`<th scope="col"><${Shown} value=${column} /></th>`)}</tr></thead>
  <tbody>${records.map(record => html`<tr>
    <td class="reason"><${Reason} record=${record} /></td>
    ${columns.map(column => html`<td class=${'value' + (record.column === column ? ' culprit' : '')}><${Shown} value=${record.values[column]} /></td>`)}
  </tr>`)}</tbody>
</table></div>`;

function Reason({record}) {
  const {sqlState, constraint, column, message, position} = record;
  return html`<div>${message}</div>
    <small class="muted">${[
      sqlState && `SQLSTATE ${sqlState}${meaning(sqlState) ? `: ${meaning(sqlState)}` : ''}`,
      constraint && text('bad.ofConstraint', constraint),
      column && text('bad.ofColumn', column),
      position && text('bad.ofPosition', position),
    ].filter(Boolean).join(' · ')}</small>`;
}

/** What cannot be seen, as a name in a box. */
const HIDDEN = /([\u0000-\u001f\u007f-\u00a0\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff]|^ +| +$)/;
const NAMES = {'\n': '\\n', '\r': '\\r', '\t': '\\t'};

function nameOf(hidden) {
  return hidden.startsWith(' ') ? '␣'.repeat(hidden.length)
    : NAMES[hidden] ?? `U+${hidden.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** A value as it is: NULL apart from the empty text, and nothing in it unseen. */
export function Shown({value}) {
  const [whole, setWhole] = useState(false);
  if (value === null || value === undefined) {
    return html`<span class="null">NULL</span>`;
  }
  const string = String(value);
  if (string === '') {
    return html`<span class="null">${text('bad.emptyText')}</span>`;
  }
  const part = whole ? string : string.slice(0, LONGEST_VALUE);
  return html`${part.split(HIDDEN).map((piece, i) => (i % 2 ? html`<span class="hidden-character">${nameOf(piece)}</span>` : piece))}
    ${part.length < string.length && html` <button type="button" class="link" onClick=${() => setWhole(true)}>
      ${text('bad.whole', count(string.length))}</button>`}`;
}
