// What the list of jobs and the first page show of a job and its runs.
import {at, count, duration, html, State, text, Time} from './base.js';

/** Whether a step type follows changes without an end. */
export const followsChanges = type => /cdc/i.test(type ?? '');
export const isRealTime = job => followsChanges(job.outline.reader?.type);

export const kindOf = job => text(isRealTime(job) ? 'jobs.realTime' : 'jobs.batch');

/** A step with the data source that it names. */
export const Step = ({of}) => (of
  ? html`<span class="step">${of.type || '?'}
      ${of.dataSource && html` <a class="muted" href=${at`/sources/${of.dataSource}`}>${of.dataSource}</a>`}</span>`
  : html`<span class="muted">?</span>`);

/** Reader and writer with an arrow between. */
export const Way = ({of}) => (of.outline.reader || of.outline.writer
  ? html`<span class="way"><${Step} of=${of.outline.reader} /> <span aria-hidden="true">→</span>
      <span class="unseen">${text('jobs.to')}</span>${' '}
      <${Step} of=${of.outline.writer} /></span>`
  : html`<span class="warn">${text('jobs.unreadable')}</span>`);

/** How long a run took, or has been going on. */
export function lasting(run) {
  if (run.state !== 'running' && !run.endedAt && run.elapsedMillis === undefined) {
    return '';
  }
  const end = run.endedAt ? new Date(run.endedAt) : Date.now();
  return duration(Math.max(0, run.elapsedMillis ?? end - new Date(run.startedAt)));
}

/** Why a run failed, in one line; the page of the run has all of it. */
export const reason = run => (run.error ?? '').split('\n')[0];

export const RunLink = ({of}) => html`<a href=${at`/runs/${of.id}`}><${State} of=${of.state} /></a>`;

/** Runs in a table. */
export const Runs = ({of, label, ended = true}) => html`<div class="scroll"><table class="list" aria-label=${label}>
  <thead><tr>
    <th scope="col">${text('jobs.name')}</th><th scope="col">${text('jobs.state')}</th>
    <th scope="col" class="wide-only">${text(ended ? 'jobs.ended' : 'jobs.started')}</th>
    <th scope="col" class="number wide-only">${text('jobs.duration')}</th>
    <th scope="col" class="number">${text('jobs.rows')}</th>
  </tr></thead>
  <tbody>${of.map(run => html`<tr key=${run.id}>
    <th scope="row"><a href=${at`/jobs/${run.job}`}>${run.job}</a></th>
    <td><${RunLink} of=${run} />${reason(run) && html`<div class="reason">${reason(run)}</div>`}</td>
    <td class="wide-only"><${Time} at=${ended ? run.endedAt ?? run.startedAt : run.startedAt} /></td>
    <td class="number wide-only">${lasting(run)}</td>
    <td class="number"><${Rows} of=${run} /></td>
  </tr>`)}</tbody>
</table></div>`;

/** Written records, and those that the target did not take. */
export const Rows = ({of}) => html`${count(of.written)}
  ${of.dirty > 0 && html`<div class="warn">${text('jobs.dirty', count(of.dirty))}</div>`}`;
