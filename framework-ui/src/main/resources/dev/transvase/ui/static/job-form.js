// The form of a job's step or of its settings, made from the descriptions that the plugins give.
import {html, text} from './base.js';
import {editsOf} from './edits.js';
import {SchemaForm, within} from './form.js';
import {TableField} from './picker.js';

/** A change of a parameter as edits of the script. */
const changes = (base, values, path, value) => editsOf(
  path.reduce(within, base), path.reduce((found, name) => found?.[name], values), value);

const SourceField = (sources, type) => ({value, onChange, id, describedBy}) => {
  const fitting = sources.filter(one => one.type === type);
  const known = fitting.some(one => one.name === value);
  return html`<select id=${id} aria-describedby=${describedBy} value=${value ?? ''} onChange=${e => onChange(e.target.value || undefined)}>
      <option value="">${text('job.chooseSource')}</option>
      ${value !== undefined && !known && html`<option value=${value}>${text('job.unknownSource', String(value))}</option>`}
      ${fitting.map(one => html`<option value=${one.name}>${one.name}</option>`)}
    </select>
    <small><a href="/sources/new">${text('job.addSource')}</a></small>`;
};

function widgets(step, sources) {
  const source = typeof step.values.datasource === 'string' && sources.some(one => one.name === step.values.datasource) ? step.values.datasource : undefined;
  const found = {};
  if (step.type?.dataSourceType) {
    found.datasource = SourceField(sources, step.type.dataSourceType);
  }
  if (step.type?.listsTables) {
    const field = exclude => props => html`<${TableField} ...${props} source=${source} exclude=${exclude} />`;
    found.table = field(step.values.excludeTable);
    found.excludeTable = field(undefined);
  }
  return found;
}

function Step({side, step, sources, types, findings, edit, onPreview}) {
  const fitting = types.filter(one => one.side === side);
  return html`
    <div class="field"><label>${text('job.stepType.' + side)}
      <select value=${step.type?.name ?? step.written} onChange=${e => edit({path: step.typePath, value: e.target.value})}>
        ${!step.type && html`<option value=${step.written}>${text('job.unknownType', step.written)}</option>`}
        ${fitting.map(one => html`<option value=${one.name}>${one.name}</option>`)}
      </select></label>
      <small>${step.type?.summary}</small></div>
    ${step.values.connection !== undefined && html`<div class="notice">${text('job.connectionInScript')}</div>`}
    ${step.type && html`<${SchemaForm} key=${step.type.name} schema=${step.type.parameters} values=${step.values} path=${step.path} findings=${findings}
      widgets=${cached(step, sources)} onChange=${(path, value) => edit(...changes(step.path, step.values, path, value))} />`}
    ${side === 'reader' && html`<p><button type="button" class="secondary outline" onClick=${onPreview}>${text('job.preview')}</button></p>`}`;
}

/** The same components as long as what they need is the same: others would lose the focus. */
const cache = new Map();

function cached(step, sources) {
  const key = JSON.stringify([step.path, step.type?.name, step.values.datasource, step.values.excludeTable, sources.map(one => one.name)]);
  if (!cache.has(key)) {
    cache.clear();
    cache.set(key, widgets(step, sources));
  }
  return cache.get(key);
}

/** @param part 'reader', 'writer' or 'settings' */
export function JobForm({part, reading, steps, settings, sources, types, findings, edit, onPreview}) {
  if (part === 'settings') {
    const base = reading.outline.shape === 'datax' ? 'job.setting' : 'setting';
    const values = base.split('.').reduce((value, name) => value?.[name], reading.values) ?? {};
    const schema = settings[reading.outline.shape];
    return schema
      ? html`<${SchemaForm} schema=${schema} values=${values} path=${base} findings=${findings} onChange=${(path, value) => edit(...changes(base, values, path, value))} />`
      : html`<div class="notice warn">${text('job.unknownShape')}</div>`;
  }
  return steps[part]
    ? html`<${Step} key=${part} side=${part} step=${steps[part]} sources=${sources.sources} types=${types} findings=${findings} edit=${edit} onPreview=${onPreview} />`
    : html`<div class="notice warn">${text('job.unknownShape')}</div>`;
}
