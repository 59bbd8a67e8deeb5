// What a run left as files: the job as it was, what it printed.
import {at, bytes, Copy, Failure, html, text, useLoaded} from './base.js';
import {isSecret} from './start.js';

const FIRST_BYTES = 256 * 1024;

async function ofRun(id, file, signal) {
  const response = await fetch('/api/v1' + at`/runs/${id}/${file}`, {signal});
  if (!response.ok) {
    throw new Error(text('api.failed', response.status));
  }
  return response;
}

/** The job file of a run, as it was. */
export const jobOf = async (id, signal) => (await ofRun(id, 'job.json', signal)).text();

/** The first part of a file that may be large: {text, whole}. */
async function firstPart(id, file, signal) {
  const reader = (await ofRun(id, file, signal)).body.getReader();
  const decoder = new TextDecoder();
  let read = '';
  let size = 0;
  while (size < FIRST_BYTES) {
    const {done, value} = await reader.read();
    if (done) {
      return {text: read + decoder.decode(), whole: true};
    }
    size += value.length;
    read += decoder.decode(value, {stream: true});
  }
  reader.cancel();
  return {text: read, whole: false};
}

const Download = ({id, file, label = text('run.download')}) =>
  html`<a role="button" class="small secondary outline" href=${`/api/v1/runs/${id}/${file}`} download=${`${id}-${file}`}>${label}</a>`;

export function JobFile({run, script, hasReport}) {
  const variables = Object.entries(run.variables);
  return html`<section>
    ${variables.length > 0 && html`<h2>${text('run.variables')}</h2>
      <div class="scroll"><table><thead><tr><th scope="col">${text('run.variable')}</th><th scope="col">${text('run.value')}</th></tr></thead>
        <tbody>${variables.map(([name, value]) => html`<tr><th scope="row">${name}</th><td class="value">${isSecret(name) ? '•••' : value}</td></tr>`)}</tbody></table></div>`}
    <div class="title"><h2>${text('run.jobAsItWas')}</h2>
      <div class="actions"><${Copy} value=${script ?? ''} /><${Download} id=${run.id} file="job.json" />
        ${hasReport && html`<${Download} id=${run.id} file="report.json" label=${text('run.report')} />`}</div></div>
    <pre class="log tall" tabindex="0">${script ?? text('loading')}</pre>
  </section>`;
}

/** What a `stream` writer printed. */
export function Printed({id, size}) {
  const {value, error} = useLoaded(signal => firstPart(id, 'printed.txt', signal), [id, size > 0 && Math.min(size, FIRST_BYTES)]);
  return html`<section>
    <div class="title"><h2>${text('run.printed')} <small class="muted">${bytes(size)}</small></h2>
      <div class="actions"><${Download} id=${id} file="printed.txt" /></div></div>
    <${Failure} error=${error} />
    <pre class="log tall" tabindex="0">${value ? value.text : text('loading')}</pre>
    ${value && !value.whole && html`<p class="muted">${text('run.printedPart', bytes(FIRST_BYTES))}</p>`}
  </section>`;
}
