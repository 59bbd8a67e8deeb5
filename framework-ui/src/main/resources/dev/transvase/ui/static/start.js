// Starts a job: asks for the values of its variables first.
import {api, at, Dialog, Failure, get, html, post, query, text, useAction, useEffect, useLoaded, useState} from './base.js';

/** Whether the values of a variable are neither shown nor remembered. */
export const isSecret = name => /passw|secret|token|credential/i.test(name);

const place = job => `variables:${job}`;

function remembered(job) {
  try {
    return JSON.parse(localStorage.getItem(place(job))) ?? {};
  } catch {
    return {};
  }
}

function remember(job, values) {
  const kept = Object.entries(values).filter(([name]) => !isSecret(name));
  try {
    localStorage.setItem(place(job), JSON.stringify(Object.fromEntries(kept)));
  } catch {
    // Private windows may keep nothing: the values are typed again then.
  }
}

async function variablesOf(job, script, signal) {
  const source = script ?? (await get(at`/jobs/${job}`, {signal})).script;
  return (await api('POST', '/scripts/variables', {name: job, script: source}, {signal})).variables;
}

/** The run that is in the way of another one. */
async function runInTheWay(job) {
  const {runs} = await get('/runs' + query({job, state: 'running', limit: 1}));
  return runs[0];
}

/**
 * Asks how to start a job, starts it and goes to the run.
 *
 * @param job the job's name
 * @param script its script; without it, the job's saved one
 * @param streams whether the job follows changes
 * @param values of variables to begin with, in place of those that were given last
 */
export function StartDialog({job, script, open, onClose, streams, values: given}) {
  return html`<${Dialog} open=${open} title=${text('start.title', job)} onClose=${onClose} footer=${html`
    <button type="button" class="secondary outline" onClick=${onClose}>${text('cancel')}</button>
    <button type="submit" form="start-form">${text('start.start')}</button>`}>
    ${open && html`<${StartForm} job=${job} script=${script} streams=${streams} given=${given} />`}
  <//>`;
}

function StartForm({job, script, streams, given}) {
  const {value: variables, error, loading} = useLoaded(signal => variablesOf(job, script, signal), [job, script]);
  const [values, setValues] = useState(() => ({...remembered(job), ...given}));
  const [untilCurrent, setUntilCurrent] = useState(false);
  const [other, setOther] = useState();
  const [start, state] = useAction(async beside => {
    setOther(undefined);
    const used = Object.fromEntries((variables ?? []).map(name => [name, values[name] ?? '']));
    remember(job, {...remembered(job), ...used});
    try {
      const run = await post('/runs', {job, variables: used, untilCurrent: streams === true && untilCurrent, beside});
      location.assign(`/runs/${run.id}`);
    } catch (refused) {
      if (refused.code !== 'JOB_RUNNING') {
        throw refused;
      }
      setOther(await runInTheWay(job));
    }
  });
  const submit = event => {
    event.preventDefault();
    if (!state.busy && variables) {
      start(false);
    }
  };
  return html`<form id="start-form" onSubmit=${submit}>
    <${Failure} error=${error} />
    ${loading && !variables && html`<p aria-busy="true">${text('loading')}</p>`}
    ${variables && html`<${VariableFields} names=${variables} values=${values} setValues=${setValues} />`}
    ${streams && html`<${EndChoice} value=${untilCurrent} onChange=${setUntilCurrent} />`}
    <${Failure} error=${state.error} />
    ${other && html`<${AlreadyRunning} run=${other} streams=${streams} busy=${state.busy} onBeside=${() => start(true)} />`}
    <p role="status" class="muted">${state.busy ? text('start.starting') : ''}</p>
  </form>`;
}

function VariableFields({names, values, setValues}) {
  if (names.length === 0) {
    return html`<p>${text('start.noVariables')}</p>`;
  }
  const set = (name, value) => setValues(before => ({...before, [name]: value}));
  return html`<p>${text('start.variables')}</p>
    ${names.map((name, i) => html`<div class="field" key=${name}>
      <label>${name}<input type=${isSecret(name) ? 'password' : 'text'} autofocus=${i === 0} autocomplete="off" spellcheck=${false}
        value=${values[name] ?? ''} onInput=${e => set(name, e.target.value)} /></label>
    </div>`)}`;
}

const EndChoice = ({value, onChange}) => html`<fieldset class="start-end">
  <legend>${text('start.end')}</legend>
  ${[['untilStopped', false], ['untilCurrent', true]].map(([name, choice]) => html`<div class="field">
    <label><input type="radio" name="end" aria-describedby=${`end-${name}`} checked=${value === choice} onChange=${() => onChange(choice)} />
      ${text(`start.${name}`)}</label>
    <small id=${`end-${name}`}>${text(`start.${name}Help`)}</small>
  </div>`)}
</fieldset>`;

/** One of several runs of a job may be what was meant; of a stream, two cannot hold its slot. */
const AlreadyRunning = ({run, streams, busy, onBeside}) => html`<div class="notice warn" role="alert">
  <strong>${text('start.running')}</strong>
  <div><a href=${`/runs/${run.id}`}>${text('start.toRun')}</a></div>
  ${streams ? html`<div>${text('start.oneStream')}</div>` : html`<div>${text('start.besideHelp')}</div>
    <button type="button" class="small secondary" aria-busy=${busy} onClick=${onBeside}>${text('start.beside')}</button>`}
</div>`;
