// A run: how it goes on, how it ended, and what it left.
import {
  at, Confirm, count, Failure, get, html, pageName, percent, post, show, State, text, useAction, useEffect, useLoaded, useState,
} from './base.js';
import {BadRows} from './bad-rows.js';
import {JobFile, jobOf, Printed} from './run-files.js';
import {RunCharts} from './run-charts.js';
import {useRun} from './run-live.js';
import {RunLog} from './run-log.js';
import {RunNow} from './run-now.js';
import {RunResult, TableResults} from './run-result.js';
import {StartDialog} from './start.js';
import {followsChanges, StreamPanel} from './stream.js';

const PRINTED_EVERY_MILLIS = 5000;

/** The job file as it was, and what it is about. */
const fileOf = async (id, signal) => {
  const script = await jobOf(id, signal);
  return {script, outline: (await post('/scripts/read', script, {signal})).outline};
};

/** The report, once there is one, and how much was printed; asked again while the run goes on. */
function useReport(id, run, lost) {
  const loaded = useLoaded(signal => get(at`/runs/${id}/report`, {signal}), [id, run?.state]);
  useEffect(() => {
    if (run?.state !== 'running' || loaded.loading || lost) {
      return undefined;
    }
    const timer = setTimeout(loaded.reload, PRINTED_EVERY_MILLIS);
    return () => clearTimeout(timer);
  }, [run?.state, loaded.loading, lost]);
  return loaded.value ?? {printedBytes: 0};
}

/** The part of the page that is shown, which its address keeps. */
function usePart() {
  const [part, setPart] = useState(location.hash.slice(1) || 'overview');
  useEffect(() => {
    const changed = () => setPart(location.hash.slice(1) || 'overview');
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  const go = name => {
    history.replaceState(null, '', name === 'overview' ? location.pathname : `#${name}`);
    setPart(name);
  };
  return [part, go];
}

function RunPage() {
  const id = pageName;
  const live = useRun(id);
  const {run, points} = live;
  const file = useLoaded(signal => fileOf(id, signal), [id]).value;
  const {report, printedBytes} = useReport(id, run, live.lost);
  const [part, go] = usePart();
  const [badTable, setBadTable] = useState('');
  const point = points[points.length - 1];
  const begun = report ? Date.parse(report.startedAt) : live.begunAt ?? Date.parse(run?.startedAt);
  const stream = followsChanges(file?.outline) || point?.lag !== undefined;
  const dirty = run?.dirty ?? point?.dirty.records ?? 0;
  useTabTitle(run, point);
  if (!run) {
    return live.error ? html`<${Failure} error=${live.error} /><p><a href="/runs">${text('run.toRuns')}</a></p>`
      : html`<p aria-busy="true">${text('loading')}</p>`;
  }
  const running = run.state === 'running';
  const showDirty = table => {
    setBadTable(typeof table === 'string' ? table : '');
    go('bad');
  };
  const parts = [
    ['overview', text('run.overview')],
    ['bad', dirty > 0 ? text('run.badRowsOf', count(dirty)) : text('bad.title')],
    ...(printedBytes > 0 ? [['printed', text('run.printed')]] : []),
    ['job', text('run.jobFile')],
  ];
  const shown = parts.some(([name]) => name === part) ? part : 'overview';
  return html`
    <${Head} run=${run} stream=${stream} />
    ${live.lost && running && html`<${Lost} unknown=${live.unknown} />`}
    <${Failure} error=${live.error} />
    <${Tabs} parts=${parts} shown=${shown} onShow=${go} />
    <div role="tabpanel" id="part" aria-labelledby=${`tab-${shown}`}>
      ${shown === 'overview' && html`
        ${running ? html`<${RunNow} run=${run} point=${point} seenAt=${live.seenAt} lost=${live.lost} onDirty=${showDirty} />`
          : html`<${RunResult} run=${run} report=${report} stream=${stream} onDirty=${showDirty} />`}
        ${(running || points.length > 1) && html`<${RunCharts} begun=${begun} points=${points} />`}
        ${!running && report?.tables?.length > 0 && html`<${TableResults} tables=${report.tables} onDirty=${showDirty} />`}
        ${running && stream && html`<${StreamPanel} job=${run.job} running=${true} paused=${live.lost} />`}
        <${RunLog} id=${id} lines=${live.lines} before=${live.linesBefore} onWhole=${live.wholeLog} running=${running} />`}
      ${shown === 'bad' && html`<${BadRows} id=${id} table=${badTable} running=${running} />`}
      ${shown === 'printed' && html`<${Printed} id=${id} size=${printedBytes} />`}
      ${shown === 'job' && html`<${JobFile} run=${run} script=${file?.script} hasReport=${report !== undefined} />`}
    </div>`;
}

const Lost = ({unknown}) => html`<div class="notice warn" role="alert">
  <strong>${text(unknown ? 'run.newServer' : 'api.noServer')}</strong>
  <div>${text(unknown ? 'run.newServerHelp' : 'run.noServer')} ${unknown && html`<a href="/" target="_blank">${text('run.firstPage')}</a>`}</div>
</div>`;

/** So that a tab that is not looked at says how far the run is. */
function useTabTitle(run, point) {
  const share = run?.state === 'running' && point?.share !== undefined ? percent(point.share) : undefined;
  useEffect(() => {
    if (run) {
      document.title = `${share ?? text('state.' + run.state)} · ${run.job} · Transvase`;
    }
  }, [run?.state, run?.job, share]);
}

function Head({run, stream}) {
  const [asking, setAsking] = useState();
  const [stopping, setStopping] = useState(false);
  const close = () => setAsking(undefined);
  const [stop, stopState] = useAction(async () => {
    await post(at`/runs/${run.id}/stop`);
    setStopping(true);
    close();
  });
  return html`<div class="title">
    <div><h1><a href=${`/jobs/${encodeURIComponent(run.job)}`}>${run.job}</a> <span role="status"><${State} of=${run.state} /></span></h1>
      <small class="muted">${text('run.id', run.id)}${run.untilCurrent && ` · ${text('start.untilCurrent')}`}</small></div>
    <div class="actions">
      <a href=${`/runs?job=${encodeURIComponent(run.job)}`}>${text('run.others')}</a>
      ${run.stoppable ? html`<button type="button" class="danger" disabled=${stopping} aria-busy=${stopping || stopState.busy}
          onClick=${() => (stream ? stop() : setAsking('stop'))}>${text(stopping ? 'run.stopping' : 'run.stop')}</button>`
        : html`<button type="button" onClick=${() => setAsking('start')}>${text('run.again')}</button>`}
    </div></div>
    ${stream && html`<${Failure} error=${stopState.error} />`}
    <${Confirm} open=${asking === 'stop'} title=${text('run.stopTitle', run.job)} message=${text('run.stopBatch')} action=${text('run.stop')}
      onConfirm=${stop} onClose=${close} busy=${stopState.busy} error=${stopState.error} />
    <${StartDialog} job=${run.job} open=${asking === 'start'} onClose=${close} streams=${stream} values=${run.variables} />`;
}

function Tabs({parts, shown, onShow}) {
  const move = (event, i) => {
    const step = {ArrowRight: 1, ArrowLeft: -1}[event.key];
    if (step) {
      const [name] = parts[(i + step + parts.length) % parts.length];
      onShow(name);
      document.getElementById(`tab-${name}`).focus();
    }
  };
  return html`<div class="tabs" role="tablist">${parts.map(([name, label], i) => html`<button type="button" role="tab" id=${`tab-${name}`}
    aria-selected=${shown === name} aria-controls="part" tabindex=${shown === name ? 0 : -1}
    onClick=${() => onShow(name)} onKeyDown=${event => move(event, i)}>${label}</button>`)}</div>`;
}

show('runs', RunPage);
