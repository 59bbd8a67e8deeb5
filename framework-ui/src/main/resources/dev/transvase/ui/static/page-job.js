// A job: form and script side by side, both true; checked, previewed, saved, run.
import {
  api, ApiError, at, Confirm, count, Failure, get, html, NameDialog, pageName, post, show, State, text, useAction, useEffect, useLoaded, useRef,
  useSettled, useState,
} from './base.js';
import {CheckResult} from './check.js';
import {Columns} from './columns.js';
import {editsOf} from './edits.js';
import {JobForm} from './job-form.js';
import {PreviewDialog} from './preview.js';
import {ScriptEditor} from './script.js';
import {StartDialog} from './start.js';
import {StreamPanel} from './stream.js';

const CHECK_MILLIS = 500;
const READ_MILLIS = 150;
const NOTHING = [];

/** The script, what it says, and changes of single values by the form. */
function useScript(initial) {
  const [script, setScript] = useState(initial.script);
  const [reading, setReading] = useState({outline: initial.outline});
  const [error, setError] = useState();
  const [revision, setRevision] = useState(0);
  const latest = useRef(script);
  const edits = useRef({waiting: [], busy: false});
  const take = text => {
    latest.current = text;
    setScript(text);
  };
  const settled = useSettled(script, READ_MILLIS);
  useEffect(() => {
    if (reading.script !== settled) {
      api('POST', '/scripts/read', settled).then(read => latest.current === read.script && setReading(read)).catch(setError);
    }
  }, [settled]);
  const edit = async (...changes) => {
    const queue = edits.current;
    queue.waiting.push(...changes);
    if (queue.busy) {
      return;
    }
    queue.busy = true;
    setError(undefined);
    try {
      while (queue.waiting.length) {
        const now = queue.waiting.splice(0);
        const before = latest.current;
        const read = await post('/scripts/edit', {script: before, edits: now});
        if (latest.current === before) {
          take(read.script);
          setReading(read);
          setRevision(n => n + 1);
        } else {
          queue.waiting.unshift(...now); // typed in meanwhile: once more, on what is there now
        }
      }
    } catch (e) {
      queue.waiting = [];
      setError(e);
    } finally {
      queue.busy = false;
    }
  };
  return {script, revision, take, reading, edit, error};
}

/** What a check of the script by itself finds, as one types. */
function useFindings(script) {
  const settled = useSettled(script, CHECK_MILLIS);
  const {value} = useLoaded(async signal => ({of: settled, ...await post('/scripts/check', {script: settled, name: pageName, variables: {}}, {signal})}), [settled]);
  return value;
}

function Tabs({names, current, onChoose, badges}) {
  const move = (e, i) => {
    const by = {ArrowRight: 1, ArrowLeft: -1}[e.key];
    if (by) {
      const next = names[(i + by + names.length) % names.length];
      onChoose(next);
      document.getElementById('tab-' + next).focus();
    }
  };
  return html`<div class="tabs" role="tablist">${names.map((name, i) => html`
    <button type="button" role="tab" id=${'tab-' + name} aria-selected=${current === name} aria-controls="form" tabindex=${current === name ? 0 : -1}
      onClick=${() => onChoose(name)} onKeyDown=${e => move(e, i)}>${text('job.tab.' + name)}${badges[name] ? html` <span class="badge">${badges[name]}</span>` : ''}</button>`)}</div>`;
}

function Menu({name, unsaved}) {
  const [dialog, setDialog] = useState('');
  const [remove, removing] = useAction(async () => {
    await api('DELETE', at`/jobs/${name}`);
    location.assign('/jobs');
  });
  const goTo = made => location.assign(at`/jobs/${made.name}`);
  const close = () => setDialog('');
  return html`
    <button type="button" class="secondary outline" onClick=${() => setDialog('copy')}>${text('job.copy')}</button>
    <button type="button" class="secondary outline" disabled=${unsaved} onClick=${() => setDialog('rename')}>${text('job.rename')}</button>
    <button type="button" class="secondary outline" onClick=${() => setDialog('delete')}>${text('delete')}</button>
    <${NameDialog} open=${dialog === 'copy'} title=${text('job.copy')} label=${text('job.newName')} value=${name + '-copy'} action=${text('job.copy')}
      onClose=${close} onName=${async to => goTo(await post(at`/jobs/${name}/copy`, {name: to}))} />
    <${NameDialog} open=${dialog === 'rename'} title=${text('job.rename')} label=${text('job.newName')} value=${name} action=${text('job.rename')}
      onClose=${close} onName=${async to => goTo(await post(at`/jobs/${name}/rename`, {name: to}))} />
    <${Confirm} open=${dialog === 'delete'} title=${text('job.delete')} message=${text('job.deleteMessage', name)} action=${text('delete')}
      busy=${removing.busy} error=${removing.error} onConfirm=${remove} onClose=${close} />`;
}

/** Saves with the version that was changed, so that nobody's work is lost. */
function useSaving(name, job) {
  const [saved, setSaved] = useState({text: job.script, version: job.version});
  const [run, state] = useAction(async (script, version) => {
    const answer = await api('PUT', at`/jobs/${name}/script`, script, {
      headers: {'Content-Type': 'application/json', 'If-Match': `"${version ?? saved.version}"`}});
    setSaved({text: script, version: answer.version});
    return true;
  });
  const overwrite = async script => run(script, (await get(at`/jobs/${name}`)).version);
  return {saved, save: run, overwrite, state};
}

function Conflict({error, overwrite}) {
  return error instanceof ApiError && error.status === 412
    ? html`<div class="notice bad" role="alert"><strong>${text('job.changedMeanwhile')}</strong>
        <div class="actions"><button type="button" class="small" onClick=${overwrite}>${text('job.overwrite')}</button>
        <a href=${location.pathname} target="_blank" rel="noopener">${text('job.seeOther')}</a></div></div>`
    : html`<${Failure} error=${error} />`;
}

function Editor({job, types, settings, sources}) {
  const {script, revision, take, reading, edit, error} = useScript(job);
  const saving = useSaving(pageName, job);
  const alone = useFindings(script);
  const [checked, setChecked] = useState();
  const [tab, setTab] = useState('reader');
  const [dialog, setDialog] = useState('');
  const control = useRef();
  const [check, checking] = useAction(async () => {
    setTab('check');
    setChecked({of: script, ...await post('/scripts/plan', {script, name: pageName, variables: {}})});
  });
  const unsaved = script !== saving.saved.text;
  const save = () => saving.save(script);
  const run = async () => (!unsaved || await save()) && setDialog('start');
  useKeys({s: save, Enter: check});
  useEffect(() => {
    const warn = e => unsaved && e.preventDefault();
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [unsaved]);

  const fresh = checked?.of === script ? checked : alone?.of === script ? alone : undefined;
  const findings = fresh?.findings ?? NOTHING;
  const steps = Object.fromEntries(['reader', 'writer'].map(side => [side, step(side, reading, types)]));
  const streams = steps.reader?.type?.name.endsWith('-cdc') ?? false;
  const names = ['reader', 'writer', 'columns', 'settings', 'check', ...(streams ? ['stream'] : [])];
  const goTo = finding => control.current.goTo(finding.from, finding.to);
  const toField = finding => setTab(tabOf(finding.path, reading));
  const errors = findings.filter(one => !one.warning).length;
  return html`
    <div class="title"><h1>${pageName}</h1>
      <div class="actions">
        <span class="muted" role="status">${unsaved ? text('job.unsaved') : text('job.saved')}</span>
        <button type="button" class="secondary" disabled=${!unsaved} aria-busy=${saving.state.busy} onClick=${save}>${text('save')}</button>
        <button type="button" class="secondary" aria-busy=${checking.busy} onClick=${check}>${text('job.check')}</button>
        <button type="button" onClick=${run}>${text('job.run')}</button>
        <${Menu} name=${pageName} unsaved=${unsaved} />
      </div></div>
    <${Conflict} error=${saving.state.error} overwrite=${() => saving.overwrite(script)} />
    <${Failure} error=${error} />
    <div class="editor">
      <div>
        <${Tabs} names=${names} current=${tab} onChoose=${setTab} badges=${{check: errors ? count(errors) : ''}} />
        <div id="form" role="tabpanel" aria-labelledby=${'tab-' + tab}>
          ${!reading.values && tab !== 'check' && tab !== 'stream' ? html`<div class="notice warn">${text('job.noJson')}</div>`
            : tab === 'columns' ? html`<${ColumnsTab} steps=${steps} plan=${checked?.of === script ? checked.plan : undefined} findings=${findings} edit=${edit} check=${check} checking=${checking} />`
            : tab === 'check' ? html`<${CheckTab} checked=${checked ?? alone} script=${script} checking=${checking} check=${check} onShow=${goTo} onField=${toField} />`
            : tab === 'stream' ? html`<${StreamPanel} job=${pageName} />`
            : html`<${JobForm} part=${tab} reading=${reading} steps=${steps} settings=${settings} sources=${sources} types=${types} findings=${findings} edit=${edit}
                onPreview=${() => setDialog('preview')} />`}
        </div>
      </div>
      <div class="script"><${ScriptEditor} value=${script} revision=${revision} onChange=${take} findings=${findings}
        context=${{outline: reading.outline, types, settings, sources: sources.sources}} control=${made => { control.current = made; }} /></div>
    </div>
    <${PreviewDialog} open=${dialog === 'preview'} question=${{script, name: pageName, variables: {}}} onClose=${() => setDialog('')} />
    <${StartDialog} open=${dialog === 'start'} job=${pageName} script=${script} streams=${streams} onClose=${() => setDialog('')} />`;
}

function useKeys(keys) {
  const latest = useRef();
  latest.current = keys;
  useEffect(() => {
    const pressed = e => {
      const action = (e.ctrlKey || e.metaKey) && !e.altKey && latest.current[e.key];
      if (action) {
        e.preventDefault();
        action();
      }
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, []);
}

/** A step as its script has it: {type, path, values, dataSource}. */
function step(side, reading, types) {
  const outline = reading.outline?.[side];
  if (!outline) {
    return undefined;
  }
  return {
    ...outline,
    written: outline.type,
    type: types.find(one => one.side === side && (one.name === outline.type || one.aliases.includes(outline.type))),
    typePath: outline.path,
    path: outline.parameters,
    values: valueAt(reading.values, outline.parameters) ?? {},
  };
}

/** The value of a path such as steps[0].parameter. */
export const valueAt = (values, path) => path.split(/[.[\]]+/).filter(Boolean).reduce((value, part) => value?.[part], values);

function tabOf(path, reading) {
  const side = ['reader', 'writer'].find(one => reading.outline?.[one] && path.startsWith(reading.outline[one].path.replace(/\.[^.]*$/, '')));
  return side ? (/\.column\b/.test(path) ? 'columns' : side) : 'settings';
}

function CheckTab({checked, script, checking, check, onShow, onField}) {
  return html`
    <div class="actions"><button type="button" aria-busy=${checking.busy} onClick=${check}>${text('job.check')}</button></div>
    <p class="muted">${text('job.checkHelp')}</p>
    <${Failure} error=${checking.error} />
    ${checked && !checking.busy && html`<${CheckResult} checked=${checked} stale=${checked.of !== script} onShow=${onShow} onField=${onField} />`}`;
}

function ColumnsTab({steps, plan, findings, edit, check, checking}) {
  if (!steps.reader?.type?.listsTables || !steps.writer?.type?.listsTables) {
    return html`<div class="empty">${text('columns.noCatalog')}</div>`;
  }
  return html`
    <${Columns} reader=${steps.reader} writer=${steps.writer} plan=${plan} findings=${findings} set=${(from, to) => edit(
      ...editsOf(steps.reader.path + '.column', steps.reader.values.column, from),
      ...editsOf(steps.writer.path + '.column', steps.writer.values.column, to))} />
    <p><button type="button" class="small secondary outline" aria-busy=${checking.busy} onClick=${check}>${text('columns.check')}</button></p>`;
}

function Job() {
  const {value, error} = useLoaded(signal => Promise.all([
    get(at`/jobs/${pageName}`, {signal}), get('/step-types', {signal}), get('/sources', {signal})]));
  useEffect(() => { document.title = `${pageName} · Transvase`; }, []);
  if (error) {
    return html`<${Failure} error=${error} /><p><a href="/jobs">${text('job.all')}</a></p>`;
  }
  if (!value) {
    return html`<p aria-busy="true">${text('loading')}</p>`;
  }
  const [job, {types, settings}, sources] = value;
  return html`<${Editor} job=${job} types=${types} settings=${settings} sources=${sources} />`;
}

show('jobs', Job);
