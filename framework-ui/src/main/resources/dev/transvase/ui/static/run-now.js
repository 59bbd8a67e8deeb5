// How far a run is, at this moment.
import {bytes, count, duration, Facts, html, percent, text, Time, useEffect, useState} from './base.js';

const MOST_NAMES = 20;

/** Milliseconds since the page was opened, updated every second. */
function useTick(running) {
  const [now, setNow] = useState(performance.now());
  useEffect(() => {
    if (!running) {
      return undefined;
    }
    const timer = setInterval(() => setNow(performance.now()), 1000);
    return () => clearInterval(timer);
  }, [running]);
  return now;
}

/** How long the process of a run may take to begin its job. */
const LONGEST_BEGIN_MILLIS = 60_000;

/** By the clock of this machine, unless what the run tells itself shows that it differs from the server's. */
function elapsed(run, point, seenAt, now, lost) {
  const byClock = Math.max(0, Date.now() - Date.parse(run.startedAt));
  if (!point) {
    return byClock;
  }
  const printed = point.elapsedMillis + (lost || seenAt === undefined ? 0 : Math.max(0, now - seenAt));
  return byClock >= printed && byClock < printed + LONGEST_BEGIN_MILLIS ? byClock : printed;
}

/** @param onDirty goes to the bad rows */
export function RunNow({run, point, seenAt, lost, onDirty}) {
  const now = useTick(!lost);
  const millis = elapsed(run, point, seenAt, now, lost);
  const follows = point?.lag !== undefined && point.share === undefined;
  return html`<section aria-label=${text('run.progress')}>
    ${!point && html`<p role="status" aria-busy="true">${text('run.beginning')}</p>`}
    ${point?.share !== undefined && html`<${Share} point=${point} passed=${lost || seenAt === undefined ? 0 : now - seenAt} />`}
    ${point?.lag && html`<${Lag} lag=${point.lag} reconnects=${point.reconnects} />`}
    <${Facts} of=${[
      [text('run.startedAt'), html`<${Time} at=${run.startedAt} />`],
      [text('run.elapsed'), duration(millis)],
      ...(point ? figures(point, follows, onDirty) : []),
    ]} />
    ${point && html`<${Reading} names=${point.reading} />`}
    ${point && html`<${Waiting} point=${point} />`}
  </section>`;
}

function figures(point, follows, onDirty) {
  return [
    [text('run.read'), `${count(point.read.records)} (${bytes(point.read.bytes)})`],
    [text('run.written'), count(point.written.records)],
    [text('run.dirty'), point.dirty.records > 0
      ? html`<button type="button" class="link bad" onClick=${onDirty}>${count(point.dirty.records)}</button>` : '0'],
    [text('run.rate'), text('run.rateValue', count(point.recordsPerSecond), bytes(point.bytesPerSecond))],
    [text('run.tables'), point.tables ? text('run.doneOf', count(point.tablesDone), count(point.tables)) : undefined],
    [text('run.splits'), follows ? undefined : text('run.doneOf', count(point.splitsDone), count(point.splits))],
    ...(point.changes ? [[text('run.changes'), changes(point.changes)]] : []),
  ];
}

const changes = of => ['inserts', 'updates', 'deletes', 'truncates']
  .filter(kind => kind !== 'truncates' || of.truncates > 0)
  .map(kind => `${text('run.changes.' + kind)} ${count(of[kind])}`).join(', ');

function Share({point, passed}) {
  const expected = point.expected?.records;
  const left = Math.max(0, (point.leftMillis ?? 0) - Math.max(0, passed));
  const rest = point.read.records - point.written.records - point.dirty.records;
  const writing = point.share >= 1 && rest > 0;
  const what = writing ? text('run.writingRest', count(rest))
    : point.leftMillis === undefined || point.share >= 1 ? '' : text('run.left', duration(left < 1000 ? 1000 : Math.round(left / 1000) * 1000));
  return html`<div class="share">
    <progress max="1" value=${point.share} aria-label=${text('run.share')}></progress>
    <div><strong>${percent(point.share)}</strong> ${expected !== undefined && text('run.ofAbout', count(point.read.records), count(expected))}
      ${what && html`<span class="muted"> · ${what}</span>`}</div>
  </div>`;
}

function Lag({lag, reconnects}) {
  if (lag.lostMillis > 0) {
    return html`<div class="notice warn"><strong>${text('run.lost', duration(Math.round(lag.lostMillis / 1000) * 1000))}</strong>
      <div role="status">${text('run.lostHelp')}</div></div>`;
  }
  const behind = lag.bytes > 0;
  return html`<div class=${'notice ' + (behind ? '' : 'good')}>
    <strong>${behind ? text('run.behind', bytes(lag.bytes), duration(lag.delayMillis)) : text('run.current')}</strong>
    ${reconnects > 0 && html`<div>${text('run.reconnects', count(reconnects))}</div>`}
  </div>`;
}

const Reading = ({names}) => names.length > 0 && html`<p><span class="muted">${text('run.reading')}</span>
  ${' '}${names.slice(0, MOST_NAMES).join(', ')}${names.length > MOST_NAMES ? ` ${text('run.more', count(names.length - MOST_NAMES))}` : ''}</p>`;

function Waiting({point}) {
  const waits = point.waitingFor ?? [];
  // A stream that has nothing to read is not kept from anything.
  const idle = point.waiting === 'source' && point.lag?.bytes === 0;
  return html`<div>
    ${waits.map(wait => html`<div class="notice warn" key=${wait.what}><span role="status">${text('run.waitingFor', wait.what)}</span>
      ${' '}<small>${text('run.waitingSince', duration(Math.round(wait.millis / 1000) * 1000))}</small></div>`)}
    ${waits.length === 0 && point.waiting && !idle && html`<p class="muted">${text('run.waiting.' + point.waiting)}</p>`}
  </div>`;
}
