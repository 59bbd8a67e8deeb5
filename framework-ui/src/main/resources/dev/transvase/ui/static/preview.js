// The first records of what a job reads.
import {count, Dialog, Failure, html, post, text, useLoaded} from './base.js';

const Value = ({of}) => (of === null
  ? html`<span class="null">NULL</span>`
  : of === '' ? html`<span class="null">${text('preview.empty')}</span>` : of);

const Records = ({preview}) => html`
  <p class="muted">${preview.table && html`<strong>${preview.table}</strong>, `}${text(
    preview.complete ? 'preview.all' : 'preview.first', count(preview.records.length))}</p>
  <div class="scroll preview" role="region" aria-label=${text('preview.title')} tabindex="0"><table>
    <thead><tr>${preview.columns.map(column => html`<th scope="col">${column.name}<br /><small class="muted">${column.type}</small></th>`)}</tr></thead>
    <tbody>${preview.records.map(record => html`<tr>${record.map(value => html`<td class="value" title=${value ?? 'NULL'}><${Value} of=${value} /></td>`)}</tr>`)}</tbody>
  </table></div>`;

function Loaded({question}) {
  const {value, error, loading} = useLoaded(signal => post('/scripts/preview', question, {signal}));
  return html`<div aria-live="polite">
    ${loading && html`<p aria-busy="true">${text('loading')}</p>`}
    <${Failure} error=${error} />
    ${value && html`<${Records} preview=${value} />`}
  </div>`;
}

/** @param question {script, name, variables} */
export const PreviewDialog = ({open, question, onClose}) => html`
  <${Dialog} open=${open} title=${text('preview.title')} onClose=${onClose} wide>${open && html`<${Loaded} question=${question} />`}<//>`;
