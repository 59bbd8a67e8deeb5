// All data sources, and whether they answer.
import {
  api, at, Confirm, Failure, get, html, NameDialog, post, show, text, useAction, useLoaded, useState,
} from './base.js';
import {lacking, shortAnswer, Tested} from './source-test.js';

async function load(signal) {
  const [list, {types}] = await Promise.all([get('/sources', {signal}), get('/source-types', {signal})]);
  return {...list, types};
}

/** What a parameter is when the data source does not say. */
function fallback(types, source, ...path) {
  const schema = types.find(one => one.name === source.type)?.parameters;
  return path.reduce((at, name) => at?.properties?.[name], schema)?.default;
}

function address(types, source) {
  const {host, port, database, jdbcUrl} = source.parameters;
  if (jdbcUrl) {
    return String(jdbcUrl);
  } else if (host === undefined) {
    return '';
  }
  return `${host}:${port ?? fallback(types, source, 'port') ?? ''}/${database ?? ''}`;
}

const tls = (types, source) => source.parameters.ssl?.mode ?? fallback(types, source, 'ssl', 'mode') ?? '';

function Page() {
  const {value, error, reload} = useLoaded(load);
  const [asked, setAsked] = useState({});
  const close = () => setAsked({});
  const copy = async name => {
    await post(at`/sources/${asked.source}/copy`, {name});
    close();
    reload();
  };
  const [remove, removing] = useAction(async () => {
    await api('DELETE', at`/sources/${asked.source}`);
    close();
    reload();
  });
  const ask = (what, source) => {
    removing.clear();
    setAsked({what, source});
  };
  return html`
    <div class="title">
      <h1>${text('sources.title')}</h1>
      <div class="actions"><a role="button" href="/sources/new">${text('sources.add')}</a></div>
    </div>
    <${Failure} error=${error} />
    ${!value && !error && html`<p aria-busy="true">${text('loading')}</p>`}
    ${value && (value.sources.length ? html`<${Sources} ...${value} onAsk=${ask} />` : html`<${Empty} />`)}
    ${value && html`<p class="muted"><small>${text('sources.file', value.file)}</small></p>`}
    <${NameDialog} open=${asked.what === 'copy'} title=${text('sources.copyTitle', asked.source)} label=${text('sources.copyName')}
      value=${asked.source ? `${asked.source}-2` : ''} action=${text('sources.copy')} onName=${copy} onClose=${close} />
    <${Confirm} open=${asked.what === 'delete'} title=${text('sources.deleteTitle', asked.source)}
      message=${html`<${Users} of=${asked.source} />${text('sources.deleteHelp')}`}
      action=${text('delete')} busy=${removing.busy} error=${removing.error} onConfirm=${remove} onClose=${close} />`;
}

/** The jobs that would lose the data source. */
function Users({of}) {
  const {value} = useLoaded(signal => get('/jobs', {signal}), [of]);
  const names = (value?.jobs ?? [])
    .filter(({outline: {reader, writer}}) => reader?.dataSource === of || writer?.dataSource === of)
    .map(job => job.name);
  return names.length > 0 && html`<strong class="warn">${text('sources.usedBy', names.join(', '))}</strong> `;
}

const Empty = () => html`<div class="empty">
  <p><strong>${text('sources.empty')}</strong></p>
  <p>${text('sources.emptyHelp')}</p>
  <a role="button" href="/sources/new">${text('sources.addFirst')}</a>
</div>`;

const Sources = ({sources, types, onAsk}) => html`<div class="scroll"><table class="list">
  <thead><tr>
    <th scope="col">${text('sources.name')}</th><th scope="col" class="wide-only">${text('sources.type')}</th>
    <th scope="col">${text('sources.address')}</th><th scope="col" class="wide-only">${text('sources.user')}</th>
    <th scope="col" class="wide-only">${text('sources.tls')}</th><th scope="col"><span class="unseen">${text('sources.actions')}</span></th>
  </tr></thead>
  <tbody>${sources.map(source => html`<${Row} key=${source.name} source=${source} types=${types} onAsk=${onAsk} />`)}</tbody>
</table></div>`;

function Row({source, types, onAsk}) {
  const [answer, setAnswer] = useState();
  const [test, state] = useAction(async () => {
    setAnswer(undefined);
    setAnswer(await post(at`/sources/${source.name}/test`));
  });
  const clear = () => {
    setAnswer(undefined);
    state.clear();
  };
  const {name} = source;
  return html`<tr>
      <th scope="row"><a href=${at`/sources/${name}`}>${name}</a></th>
      <td class="wide-only">${source.type}</td>
      <td>${address(types, source)}</td>
      <td class="wide-only">${source.parameters.username ?? ''}</td>
      <td class="wide-only">${tls(types, source)}</td>
      <td class="actions-cell">
        <button type="button" class="small" aria-label=${text('sources.testOne', name)} aria-busy=${state.busy} disabled=${state.busy}
          onClick=${test}>${text('sources.test')}</button>
        <button type="button" class="small secondary outline" aria-label=${text('sources.copyOne', name)}
          onClick=${() => onAsk('copy', name)}>${text('sources.copy')}</button>
        <button type="button" class="small secondary outline" aria-label=${text('sources.deleteOne', name)}
          onClick=${() => onAsk('delete', name)}>${text('delete')}</button>
      </td>
    </tr>
    ${(answer || state.error || state.busy) && html`<tr class="answer"><td colspan="6"><div role="status">
      ${state.busy && html`<span class="muted">${text('source.testing')}</span>`}
      <${Failure} error=${state.error} />
      ${answer && html`<${Answer} of=${answer} name=${name} />`}
      ${!state.busy && html`<button type="button" class="link" onClick=${clear}>${text('close')}</button>`}
    </div></td></tr>`}`;
}

function Answer({of, name}) {
  const lacks = lacking(of).length;
  return html`<details open=${lacks > 0}>
    <summary><span class="good">${text('tested.connected')}</span> <span class="muted">${shortAnswer(of)}</span>
      ${lacks > 0 && html` · <span class="warn">${text('tested.lacks', text('tested.use.real time'), lacks)}</span>`}
      <span class="unseen"> ${name}</span></summary>
    <${Tested} of=${of} />
  </details>`;
}

show('sources', Page);
