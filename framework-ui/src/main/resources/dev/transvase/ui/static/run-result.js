// How a run has ended: what it moved, what went wrong, and what to do next.
import {at, bytes, count, duration, Facts, get, html, text, Time, useLoaded, useState} from './base.js';

const MOST_TABLES = 20;

export function RunResult({run, report, stream, onDirty}) {
  const seconds = (report?.elapsedMillis ?? 0) / 1000;
  const rate = seconds > 0 && report.read.records > 0 ? Math.round(report.read.records / seconds) : undefined;
  return html`<section aria-label=${text('run.result')}>
    <${Outcome} run=${run} report=${report} stream=${stream} onDirty=${onDirty} />
    <${Facts} of=${[
      [text('run.startedAt'), html`<${Time} at=${run.startedAt} />`],
      [text('run.endedAt'), run.endedAt && html`<${Time} at=${run.endedAt} />`],
      [text('run.duration'), duration(run.elapsedMillis)],
      [text('run.exitCode'), run.exitCode],
      ...(report ? [
        [text('run.read'), `${count(report.read.records)} (${bytes(report.read.bytes)})`],
        [text('run.written'), `${count(report.written.records)} (${bytes(report.written.bytes)})`],
        [text('run.dirty'), report.dirty.records > 0
          ? html`<button type="button" class="link bad" onClick=${onDirty}>${count(report.dirty.records)}</button>` : '0'],
        [text('run.skipped'), report.skippedByTarget.records > 0 ? count(report.skippedByTarget.records) : undefined],
        [text('run.rate'), rate && text('run.rateValue', count(rate), bytes(report.read.bytes / seconds))],
        [text('run.channels'), count(report.channels)],
        [text('run.splits'), count(report.splits)],
        [text('run.position'), report.position && Object.values(report.position).join(' ')],
      ] : [])]} />
    ${report && html`<${Warnings} counts=${report.warningCounts ?? []} /><${LeftOut} of=${report.leftOut ?? []} />`}
  </section>`;
}

function Outcome({run, report, stream, onDirty}) {
  const dirty = report?.dirty.records ?? 0;
  const rows = dirty > 0 && html`<button type="button" class="small secondary" onClick=${onDirty}>${text('run.seeDirty')}</button>`;
  if (run.state === 'failed') {
    return html`<div class="notice bad" role="alert">
      <strong class="message">${run.error}</strong> ${run.errorCode && html`<small class="code">${run.errorCode}</small>`}
      <${Explained} code=${run.errorCode} />
      ${report?.next && html`<p><strong>${text('run.next')}</strong> ${report.next}</p>`}
      ${rows}
    </div>`;
  }
  if (run.state === 'killed') {
    return html`<div class="notice bad" role="alert">
      <strong>${text('run.killed')}</strong>
      <div>${text('run.killedWhy')}</div>
      <div><strong>${text('run.next')}</strong> ${text(stream ? 'run.killedStream' : 'run.killedBatch')}</div>
    </div>`;
  }
  if (run.state === 'stopped') {
    return html`<div class="notice warn"><strong>${text('run.stopped')}</strong>
      <div>${text(stream ? 'run.stoppedStream' : 'run.stoppedBatch')}</div>
      ${report?.next && html`<div><strong>${text('run.next')}</strong> ${report.next}</div>`}</div>`;
  }
  return html`<div class=${'notice ' + (dirty > 0 ? 'warn' : 'good')}>
    <strong>${dirty > 0 ? text('run.succeededBut', count(dirty)) : text('run.succeeded')}</strong>
    ${report?.next && html`<p>${report.next}</p>`}${rows}</div>`;
}

/** What the documentation says of a code; nothing of those of foreign plugins. */
function Explained({code}) {
  const {value} = useLoaded(signal => (code ? get(at`/error-codes/${code}`, {signal}) : Promise.resolve(undefined)), [code]);
  if (!value) {
    return '';
  }
  return html`<details class="more explained" open><summary>${text('run.codeMeans', code)}</summary><${Paragraphs} of=${value.text} /></details>`;
}

/** Of Markdown what error-codes.md uses: paragraphs, code blocks, code, emphasis, links. */
const Paragraphs = ({of}) => of.split(/^```\w*\n([\s\S]*?)^```$/m).map((part, i) => (i % 2
  ? html`<pre tabindex="0"><code>${part}</code></pre>`
  : part.split(/\n\n+|\n(?=→)/).filter(p => p.trim()).map(p => html`<p><${Inline} of=${p} /></p>`)));

const Inline = ({of}) => of.replace(/\[([^\]]+)\]\([^)]*\)/g, '$1').split(/(`[^`]+`|\*\*[^*]+\*\*|\*[^*\s][^*]*\*)/).map(part => {
  if (part.startsWith('`')) {
    return html`<code>${part.slice(1, -1)}</code>`;
  }
  return /^\*.+\*$/.test(part) ? html`<em>${part.replace(/^\*+|\*+$/g, '')}</em>` : part;
});

const whole = table => (table.read === table.written ? 1 : 0);

const Warnings = ({counts}) => counts.length > 0 && html`<div class="notice warn">
  <strong>${text('run.warnings')}</strong>
  <ul>${counts.map(({count: times, first, others}) => html`<li>${first}
    ${times > 1 && html`<small class="muted"> ${text('run.warningTimes', count(times), (others ?? []).join(', '))}</small>`}</li>`)}</ul>
</div>`;

function LeftOut({of}) {
  if (of.length === 0) {
    return '';
  }
  const reasons = new Map();
  of.forEach(({table, why}) => reasons.set(why, [...(reasons.get(why) ?? []), table]));
  return html`<details class="more"><summary>${text('run.leftOut', count(of.length))}</summary>
    <ul>${[...reasons].map(([why, tables]) => html`<li>${tables.join(', ')}: ${why}</li>`)}</ul></details>`;
}

/** What became of each table; those come first where not everything was written. */
export function TableResults({tables, onDirty}) {
  const [search, setSearch] = useState('');
  const [all, setAll] = useState(false);
  const found = [...tables].sort((a, b) => whole(a) - whole(b)).filter(t => `${t.source} ${t.target}`.toLowerCase().includes(search.toLowerCase()));
  const shown = all ? found : found.slice(0, MOST_TABLES);
  const skips = tables.some(t => t.skippedByTarget > 0);
  return html`<section aria-labelledby="tables-title">
    <div class="title"><h2 id="tables-title">${text('run.tables')}</h2>
      ${tables.length > 10 && html`<input type="search" class="search" aria-label=${text('run.searchTables')} placeholder=${text('run.searchTables')}
        value=${search} onInput=${e => setSearch(e.target.value)} />`}</div>
    <div class="scroll"><table>
      <thead><tr><th scope="col">${text('run.source')}</th><th scope="col">${text('run.target')}</th>
        <th scope="col" class="number">${text('run.read')}</th><th scope="col" class="number">${text('run.written')}</th>
        <th scope="col" class="number">${text('run.dirty')}</th>${skips && html`<th scope="col" class="number">${text('run.skipped')}</th>`}
        <th scope="col" class="number">${text('run.bytes')}</th></tr></thead>
      <tbody>${shown.map(t => html`<tr key=${t.source + t.target}>
        <th scope="row">${t.source}</th><td>${t.target}</td>
        <td class="number">${count(t.read)}</td><td class="number">${count(t.written)}</td>
        <td class="number">${t.dirty > 0 ? html`<button type="button" class="link bad" onClick=${() => onDirty(t.target)}>${count(t.dirty)}</button>` : '0'}</td>
        ${skips && html`<td class="number">${count(t.skippedByTarget)}</td>`}
        <td class="number">${bytes(t.writtenBytes)}</td></tr>`)}</tbody>
    </table></div>
    ${shown.length < found.length && html`<button type="button" class="small secondary outline" onClick=${() => setAll(true)}>
      ${text('run.allTables', count(found.length))}</button>`}
  </section>`;
}
