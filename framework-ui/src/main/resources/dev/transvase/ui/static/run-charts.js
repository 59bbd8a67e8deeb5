// What a run moves over time, as charts.
import {bytes, count, duration, html, text, useMemo} from './base.js';
import {Chart} from './chart.js';

const rate = value => count(Math.round(value));
const byteRate = value => `${bytes(value)}/s`;

/** How much a count grew a second, between each point and the one before. */
function perSecond(points, value) {
  return points.map((point, i) => {
    const before = points[i - 1];
    const from = before ? value(before) : 0;
    const millis = point.elapsedMillis - (before ? before.elapsedMillis : 0);
    const grown = value(point) - from;
    return millis > 0 && grown >= 0 && Number.isFinite(grown) ? (grown * 1000) / millis : null;
  });
}

/** The moments of the points, in seconds since 1970. */
const moments = (begun, points) => points.map(point => (begun + point.elapsedMillis) / 1000);

function batchCharts(points) {
  return [
    {
      title: 'run.chart.records',
      format: rate,
      lines: [{label: text('run.chart.read'), fill: true}, {label: text('run.chart.written'), colour: '--good'}],
      data: [perSecond(points, p => p.read.records), perSecond(points, p => p.written.records)],
    },
    {
      title: 'run.chart.bytes',
      format: byteRate,
      lines: [{label: text('run.chart.read'), fill: true}],
      data: [perSecond(points, p => p.read.bytes)],
    },
  ];
}

const KINDS = [['inserts', '--accent'], ['updates', '--warn'], ['deletes', '--bad'], ['truncates', '--muted']];

function streamCharts(points) {
  const kinds = KINDS.filter(([kind]) => kind !== 'truncates' || points.some(p => p.changes?.truncates > 0));
  const connected = (p, value) => (p.lag && p.lag.lostMillis === 0 ? value(p.lag) : null);
  return [
    points.some(p => p.changes) && {
      title: 'run.chart.changes',
      format: rate,
      lines: kinds.map(([kind, colour]) => ({label: text('run.changes.' + kind), colour})),
      data: kinds.map(([kind]) => perSecond(points, p => p.changes?.[kind] ?? 0)),
    },
    {
      title: 'run.chart.delay',
      format: duration,
      lines: [{label: text('run.chart.delayLine'), fill: true}],
      data: [points.map(p => connected(p, lag => lag.delayMillis))],
    },
    {
      title: 'run.chart.lag',
      format: bytes,
      lines: [{label: text('run.chart.lagLine'), fill: true}],
      data: [points.map(p => connected(p, lag => lag.bytes))],
    },
  ].filter(Boolean);
}

/**
 * Charts of a run's points; those of a stream when it is one.
 *
 * @param begun when the job began, in milliseconds since 1970
 */
export function RunCharts({begun, points}) {
  const charts = useMemo(() => {
    const times = moments(begun, points);
    const [records, size] = batchCharts(points);
    const follows = points.some(point => point.lag);
    const snapshot = !follows || points.some(point => point.share !== undefined);
    const all = [...(follows ? streamCharts(points) : []), ...(snapshot ? [records] : []), size];
    return all.map(chart => ({...chart, data: [times, ...chart.data]}));
  }, [begun, points]);
  if (points.length < 2) {
    return html`<p class="muted charts-to-come">${text('run.chart.none')}</p>`;
  }
  return html`<div class="run-charts">${charts.map(chart => html`<figure key=${chart.title}>
    <figcaption>${text(chart.title)}</figcaption>
    <${Chart} data=${chart.data} lines=${chart.lines} format=${chart.format} label=${text('run.chart.label', text(chart.title))} />
  </figure>`)}</div>`;
}
