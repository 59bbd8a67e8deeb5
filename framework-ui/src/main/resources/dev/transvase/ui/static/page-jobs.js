// All jobs: what they move, how they ran last, and what can be done with them.
import {
  api, at, Confirm, Failure, get, html, NameDialog, post, show, text, Time, useAction, useEffect, useLoaded, useMemo, useState,
} from './base.js';
import {isRealTime, kindOf, lasting, reason, Rows, RunLink, Way} from './jobs-parts.js';
import {StartDialog} from './start.js';

const AGAIN = 3000;
const asked = new URLSearchParams(location.search);

function Page() {
  const {value, error, reload} = useLoaded(signal => get('/jobs', {signal}));
  const [search, setSearch] = useState(asked.get('search') ?? '');
  const [state, setState] = useState(asked.get('state') ?? '');
  const [dialog, setDialog] = useState({what: asked.has('new') ? 'new' : ''});
  useReloading(value, reload);
  useAddress(search, state);
  const jobs = useMemo(() => (value ? found(value.jobs, search, state) : []), [value, search, state]);
  return html`
    <div class="title">
      <h1>${text('jobs.title')}</h1>
      <div class="actions">
        ${value?.jobs.length > 0 && html`<${Filters} ...${{search, setSearch, state, setState}} />`}
        <button type="button" onClick=${() => setDialog({what: 'new'})}>${text('jobs.new')}</button>
      </div>
    </div>
    <${Failure} error=${error} />
    ${!value && !error && html`<p aria-busy="true">${text('loading')}</p>`}
    ${value?.jobs.length === 0 && html`<${Empty} onNew=${() => setDialog({what: 'new'})} />`}
    ${value?.jobs.length > 0 && html`
      <p class="unseen" role="status">${text('jobs.found', jobs.length)}</p>
      ${jobs.length ? html`<${Jobs} of=${jobs} onDialog=${setDialog} />` : html`<p class="empty">${text('jobs.nothingFound')}</p>`}`}
    <${Dialogs} dialog=${dialog} onClose=${() => setDialog({})} onDone=${() => { setDialog({}); reload(); }} />`;
}

/** While something runs, looks again. */
function useReloading(value, reload) {
  const running = value?.jobs.some(job => job.latestRun?.state === 'running');
  useEffect(() => {
    const timer = running && setTimeout(reload, AGAIN);
    return () => clearTimeout(timer);
  }, [value]);
}

/** Keeps the search in the address, so that going back finds it again. */
function useAddress(search, state) {
  useEffect(() => {
    const there = Object.entries({search, state}).filter(([, one]) => one);
    history.replaceState(null, '', '/jobs' + (there.length ? '?' + new URLSearchParams(there) : ''));
  }, [search, state]);
}

function found(jobs, search, state) {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return jobs.filter(job => {
    const {reader, writer} = job.outline;
    const all = [job.name, kindOf(job), reader?.type, reader?.dataSource, writer?.type, writer?.dataSource].join(' ').toLowerCase();
    return words.every(word => all.includes(word)) && (!state || (job.latestRun?.state ?? 'never') === state);
  });
}

const Filters = ({search, setSearch, state, setState}) => html`
  <input type="search" class="search" aria-label=${text('jobs.search')} placeholder=${text('jobs.search')} value=${search}
    onInput=${e => setSearch(e.target.value)} />
  <select aria-label=${text('jobs.stateFilter')} value=${state} onChange=${e => setState(e.target.value)}>
    <option value="">${text('jobs.anyState')}</option>
    ${['running', 'succeeded', 'failed', 'stopped', 'killed'].map(one => html`<option value=${one}>${text('state.' + one)}</option>`)}
    <option value="never">${text('jobs.never')}</option>
  </select>`;

const Empty = ({onNew}) => html`<div class="empty">
  <p><strong>${text('jobs.empty')}</strong></p>
  <p>${text('jobs.emptyHelp')}</p>
  <button type="button" onClick=${onNew}>${text('jobs.newFirst')}</button>
</div>`;

const Jobs = ({of, onDialog}) => html`<div class="scroll"><table class="list">
  <thead><tr>
    <th scope="col">${text('jobs.name')}</th><th scope="col" class="wide-only">${text('jobs.kind')}</th>
    <th scope="col" class="wide-only">${text('jobs.way')}</th><th scope="col">${text('jobs.lastRun')}</th>
    <th scope="col" class="wide-only">${text('jobs.ended')}</th><th scope="col" class="number wide-only">${text('jobs.duration')}</th>
    <th scope="col" class="number wide-only">${text('jobs.rows')}</th>
    <th scope="col"><span class="unseen">${text('sources.actions')}</span></th>
  </tr></thead>
  <tbody>${of.map(job => html`<${Row} key=${job.name} job=${job} onDialog=${onDialog} />`)}</tbody>
</table></div>`;

function Row({job, onDialog}) {
  const {name, latestRun: run} = job;
  const button = (what, looks) => html`<button type="button" class=${'small ' + looks} aria-label=${text(`jobs.${what}One`, name)}
    onClick=${() => onDialog({what, job})}>${text('jobs.' + what)}</button>`;
  return html`<tr>
    <th scope="row"><a href=${at`/jobs/${name}`}>${name}</a></th>
    <td class="kind wide-only">${kindOf(job)}</td>
    <td class="wide-only"><${Way} of=${job} /></td>
    <td>${run ? html`<${RunLink} of=${run} />` : html`<span class="muted">${text('jobs.never')}</span>`}
      ${run && reason(run) && html`<div class="reason" title=${run.error}>${reason(run)}</div>`}</td>
    <td class="wide-only">${run && html`<${Time} at=${run.endedAt} />`}</td>
    <td class="number wide-only">${run && lasting(run)}</td>
    <td class="number wide-only">${run && html`<${Rows} of=${run} />`}</td>
    <td class="actions-cell">${button('run', '')}${button('copy', 'secondary outline')}${button('rename', 'secondary outline')}
      ${button('delete', 'secondary outline')}</td>
  </tr>`;
}

function Dialogs({dialog: {what, job}, onClose, onDone}) {
  const name = job?.name ?? '';
  const make = async to => {
    const made = await post('/jobs', {name: to});
    location.assign(at`/jobs/${made.name}`);
  };
  const send = action => async to => {
    await post(at`/jobs/${name}/` + action, {name: to});
    onDone();
  };
  const [remove, removing] = useAction(async () => {
    await api('DELETE', at`/jobs/${name}`);
    onDone();
  });
  useEffect(() => removing.clear(), [what, name]);
  return html`
    <${NameDialog} open=${what === 'new'} title=${text('jobs.newTitle')} label=${text('jobs.nameLabel')} value=""
      action=${text('jobs.newAction')}
      onName=${make} onClose=${onClose} />
    <${NameDialog} open=${what === 'copy'} title=${text('jobs.copyTitle', name)} label=${text('jobs.nameLabel')} value=${name && `${name}-2`}
      action=${text('jobs.copy')} onName=${send('copy')} onClose=${onClose} />
    <${NameDialog} open=${what === 'rename'} title=${text('jobs.renameTitle', name)} label=${text('jobs.nameLabel')} value=${name}
      action=${text('jobs.rename')} onName=${send('rename')} onClose=${onClose} />
    <${Confirm} open=${what === 'delete'} title=${text('jobs.deleteTitle', name)} message=${text('jobs.deleteHelp')} action=${text('delete')}
      busy=${removing.busy} error=${removing.error} onConfirm=${remove} onClose=${onClose} />
    ${what === 'run' && html`<${Start} job=${job} onClose=${onClose} />`}`;
}

/** The dialog needs the script for its variables. */
function Start({job, onClose}) {
  const {value, error} = useLoaded(signal => get(at`/jobs/${job.name}`, {signal}), [job.name]);
  return html`<${Failure} error=${error} />
    ${value && html`<${StartDialog} job=${job.name} script=${value.script} streams=${isRealTime(job)} open=${true} onClose=${onClose} />`}`;
}

show('jobs', Page);
