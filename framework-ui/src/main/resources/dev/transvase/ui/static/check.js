// What a check found, and what the job is going to do.
import {count, html, Statements, text} from './base.js';

/** A finding. `onShow` leads to its place in the script, `onField` to its field. */
export const Finding = ({finding, onShow, onField}) => html`<div class=${'notice finding ' + (finding.warning ? 'warn' : 'bad')}>
  <div><span class=${finding.warning ? 'warn' : 'bad'}>${text(finding.warning ? 'check.warning' : 'check.error')}:</span> ${finding.message}</div>
  ${finding.remedy && html`<div>${finding.remedy}</div>`}
  <${Statements} of=${finding.statements ?? []} where=${finding.place} />
  <div class="actions">
    <small class="code">${finding.code}${finding.path && ` · ${finding.path}`}</small>
    ${onField && finding.path && html`<button type="button" class="link" onClick=${() => onField(finding)}>${text('check.field')}</button>`}
    ${onShow && finding.to > 0 && html`<button type="button" class="link" onClick=${() => onShow(finding)}>${text('check.inScript')}</button>`}
  </div>
</div>`;

const PlannedTable = ({table}) => html`<details>
  <summary><strong>${table.source}</strong> → <strong>${table.target}</strong>
    <span class="muted"> ${text('check.splits', count(table.splits))}, ${text('check.columns', count(table.columns.length))}</span></summary>
  <div class="scroll"><table>
    <thead><tr><th scope="col">${text('check.from')}</th><th scope="col">${text('check.to')}</th><th scope="col">${text('check.travelsAs')}</th></tr></thead>
    <tbody>${table.columns.map(column => html`<tr>
      <td>${column.name} <span class="muted">${column.type}</span></td><td>${column.into}</td><td>${column.travelsAs}</td></tr>`)}</tbody>
  </table></div>
  ${table.writes && html`<pre tabindex="0"><code>${table.writes}</code></pre>`}
</details>`;

const LeftOut = ({leftOut}) => leftOut.length > 0 && html`<h3>${text('check.leftOut')}</h3>
  <ul>${leftOut.map(one => html`<li><strong>${one.table}</strong>: ${one.why}</li>`)}</ul>`;

const Plan = ({plan}) => html`
  <p>${text(plan.unbounded ? 'check.planStream' : 'check.plan', count(plan.tables.length), count(plan.channels), count(plan.splits))}</p>
  ${plan.tables.map(table => html`<${PlannedTable} table=${table} />`)}
  <${LeftOut} leftOut=${plan.leftOut} />
  ${plan.notes.length > 0 && html`<h3>${text('check.notes')}</h3><ul>${plan.notes.map(note => html`<li>${note}</li>`)}</ul>`}`;

/** The result of a check. `stale` when the script was changed since. */
export function CheckResult({checked, stale, onShow, onField}) {
  const errors = checked.findings.filter(one => !one.warning).length;
  return html`<div role="status">
    ${stale && html`<div class="notice warn">${text('check.stale')}</div>`}
    ${checked.ok && html`<div class="notice good">${text(checked.connected ? 'check.good' : 'check.goodAlone')}</div>`}
    ${!checked.ok && html`<p>${text('check.bad', count(errors))}</p>`}
    ${checked.findings.map(finding => html`<${Finding} finding=${finding} onShow=${stale ? undefined : onShow} onField=${onField} />`)}
    ${checked.plan && html`<${Plan} plan=${checked.plan} />`}
  </div>`;
}
