// The history of runs: found by job, state and time, and for one job how it has done over time.
import {
  api, at, Confirm, count, duration, Failure, get, html, query, show, State, text, Time, useAction, useEffect, useLoaded, useMemo, useState,
} from './base.js';
import {Chart} from './chart.js';

const PAGE = 50;
const CHARTED = 200;
const WHILE_RUNNING_MILLIS = 3000;
const STATES = ['running', 'succeeded', 'failed', 'stopped', 'killed'];

/** What of the address is a filter. */
function filterOf(search) {
  const values = new URLSearchParams(search);
  const of = name => values.get(name) ?? '';
  return {job: of('job'), state: of('state'), since: of('since'), until: of('until'), from: Number(of('from')) || 0};
}

/** Local days, as the date fields have them, as moments. */
const startOf = day => (day ? new Date(`${day}T00:00:00`).toISOString() : '');
function endOf(day) {
  if (!day) {
    return '';
  }
  const next = new Date(`${day}T00:00:00`);
  next.setDate(next.getDate() + 1);
  return next.toISOString();
}

const asked = ({job, state, since, until}) => ({job, state, since: startOf(since), until: endOf(until)});

function useFilter() {
  const [filter, setFilter] = useState(() => filterOf(location.search));
  const change = values => {
    const next = {...filter, from: 0, ...values};
    setFilter(next);
    history.replaceState(null, '', '/runs' + query({...next, from: next.from || ''}));
  };
  return [filter, change];
}

/** Every few seconds as long as one of them runs. */
function useRuns(filter) {
  const loaded = useLoaded(signal => get('/runs' + query({...asked(filter), from: filter.from || '', limit: PAGE}), {signal}), [JSON.stringify(filter)]);
  const running = loaded.value?.runs.some(run => run.state === 'running');
  useEffect(() => {
    if (!running || loaded.loading) {
      return undefined;
    }
    const timer = setTimeout(loaded.reload, WHILE_RUNNING_MILLIS);
    return () => clearTimeout(timer);
  }, [running, loaded.loading]);
  return loaded;
}

function RunsPage() {
  const [filter, change] = useFilter();
  const {value, error, loading, reload} = useRuns(filter);
  const [deleting, setDeleting] = useState();
  const [remove, removeState] = useAction(async () => {
    await api('DELETE', at`/runs/${deleting.id}`);
    setDeleting(undefined);
    reload();
  });
  const filtered = filter.job || filter.state || filter.since || filter.until;
  return html`
    <div class="title"><h1>${text('runs.title')}</h1>
      ${value && html`<small class="muted">${text('runs.keep', count(value.keep))}</small>`}</div>
    <${Filters} filter=${filter} onChange=${change} />
    <${Failure} error=${error} />
    ${filter.job && html`<${JobCharts} job=${filter.job} latest=${value?.runs[0]?.id} />`}
    ${!value && loading && html`<p aria-busy="true">${text('loading')}</p>`}
    ${value?.runs.length === 0 && html`<div class="empty"><p>${text(filtered ? 'runs.noneFound' : 'runs.none')}</p>
      ${filtered ? html`<button type="button" class="secondary outline" onClick=${() => change({job: '', state: '', since: '', until: ''})}>${text('runs.all')}</button>`
        : html`<a role="button" href="/jobs">${text('runs.toJobs')}</a>`}</div>`}
    ${value?.runs.length > 0 && html`<${RunTable} runs=${value.runs} onJob=${job => change({job})} onDelete=${setDeleting} />
      <${Paging} from=${filter.from} shown=${value.runs.length} total=${value.total} onMove=${from => change({from})} />`}
    <${Confirm} open=${deleting !== undefined} title=${text('runs.deleteTitle')} message=${text('runs.deleteHelp', deleting?.job)} action=${text('delete')}
      onConfirm=${remove} onClose=${() => { setDeleting(undefined); removeState.clear(); }} busy=${removeState.busy} error=${removeState.error} />`;
}

function Filters({filter, onChange}) {
  const jobs = useLoaded(signal => get('/jobs', {signal})).value?.jobs.map(job => job.name) ?? [];
  const all = filter.job && !jobs.includes(filter.job) ? [filter.job, ...jobs] : jobs; // one that is gone has runs still
  const on = name => event => onChange({[name]: event.target.value});
  return html`<form class="runs-filters" onSubmit=${event => event.preventDefault()}>
    <label>${text('runs.job')}<select value=${filter.job} onChange=${on('job')}>
      <option value="">${text('runs.allJobs')}</option>${all.map(name => html`<option value=${name}>${name}</option>`)}</select></label>
    <label>${text('runs.state')}<select value=${filter.state} onChange=${on('state')}>
      <option value="">${text('runs.allStates')}</option>${STATES.map(state => html`<option value=${state}>${text('state.' + state)}</option>`)}
      <option value="failed,killed">${text('runs.failedOrKilled')}</option></select></label>
    <label>${text('runs.since')}<input type="date" value=${filter.since} max=${filter.until || undefined} onChange=${on('since')} /></label>
    <label>${text('runs.until')}<input type="date" value=${filter.until} min=${filter.since || undefined} onChange=${on('until')} /></label>
  </form>`;
}

const RunTable = ({runs, onJob, onDelete}) => html`<div class="scroll"><table class="runs">
  <thead><tr><th scope="col">${text('runs.start')}</th><th scope="col">${text('runs.job')}</th><th scope="col">${text('runs.state')}</th>
    <th scope="col" class="number">${text('runs.duration')}</th><th scope="col" class="number">${text('runs.rows')}</th>
    <th scope="col" class="number">${text('runs.dirty')}</th><th scope="col">${text('runs.error')}</th>
    <th scope="col"><span class="unseen">${text('runs.actions')}</span></th></tr></thead>
  <tbody>${runs.map(run => html`<tr key=${run.id}>
    <th scope="row"><a href=${`/runs/${run.id}`}><${Time} at=${run.startedAt} /></a></th>
    <td><button type="button" class="link" title=${text('runs.onlyJob', run.job)} onClick=${() => onJob(run.job)}>${run.job}</button></td>
    <td><${State} of=${run.state} /></td>
    <td class="number">${run.state === 'running' ? html`<span class="muted">${duration(roughly(Date.now() - Date.parse(run.startedAt)))}</span>` : duration(run.elapsedMillis)}</td>
    <td class="number">${count(run.written)}</td>
    <td class="number">${run.dirty > 0 ? html`<a class="bad" href=${`/runs/${run.id}#bad`}>${count(run.dirty)}</a>` : count(run.dirty)}</td>
    <td class="error-cell">${run.error && html`<span title=${run.error}>${run.error}</span>`}</td>
    <td class="actions-cell">${run.state !== 'running' && html`<button type="button" class="small secondary outline"
      aria-label=${text('runs.deleteOf', run.job, run.id)} onClick=${() => onDelete(run)}>${text('delete')}</button>`}</td>
  </tr>`)}</tbody></table></div>`;

const roughly = millis => Math.max(0, Math.round(millis / 1000) * 1000);

const Paging = ({from, shown, total, onMove}) => (from > 0 || total > shown) && html`<nav class="actions" aria-label=${text('paging')}>
  <button type="button" class="small secondary outline" disabled=${from === 0} onClick=${() => onMove(Math.max(0, from - PAGE))}>${text('paging.back')}</button>
  <span>${text('paging.rangeOf', count(from + 1), count(from + shown), count(total))}</span>
  <button type="button" class="small secondary outline" disabled=${from + shown >= total} onClick=${() => onMove(from + PAGE)}>${text('paging.next')}</button>
</nav>`;

/** How a job has done: each of its runs that came to an end of its own. */
function JobCharts({job, latest}) {
  const {value} = useLoaded(signal => get('/runs' + query({job, state: 'succeeded', limit: CHARTED}), {signal}), [job, latest]);
  const charts = useMemo(() => {
    const runs = (value?.runs ?? []).filter(run => run.elapsedMillis > 0).reverse();
    const times = runs.map(run => Date.parse(run.startedAt) / 1000);
    return {
      size: runs.length,
      durations: [times, runs.map(run => run.elapsedMillis)],
      rates: [times, runs.map(run => ((run.written ?? 0) * 1000) / run.elapsedMillis)],
    };
  }, [value]);
  const durationLines = useMemo(() => [{label: text('runs.duration'), points: true}], []);
  const rateLines = useMemo(() => [{label: text('runs.rate'), points: true, colour: '--good'}], []);
  if (charts.size < 2) {
    return value && html`<p class="muted">${text('runs.noCharts')}</p>`;
  }
  return html`<div class="run-charts">
    <figure><figcaption>${text('runs.durations', job)}</figcaption>
      <${Chart} data=${charts.durations} lines=${durationLines} format=${duration} label=${text('run.chart.label', text('runs.durations', job))} /></figure>
    <figure><figcaption>${text('runs.rates', job)}</figcaption>
      <${Chart} data=${charts.rates} lines=${rateLines} format=${value => count(Math.round(value))} label=${text('run.chart.label', text('runs.rates', job))} /></figure>
  </div>`;
}

show('runs', RunsPage);
