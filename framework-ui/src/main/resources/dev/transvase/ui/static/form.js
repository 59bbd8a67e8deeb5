// Forms that are made from the JSON Schema of a step type's, a data source type's or a job's parameters.
import {hasText, html, Statements, text, useMemo, useRef, useState} from './base.js';
import {ChoiceInput, FlagInput, JsonInput, NumberInput, SecretInput, TextInput} from './form-inputs.js';
import {ListInput, MapInput, ObjectsInput} from './form-lists.js';
import {changed, fieldOf, fits, inWords, isAt, isLong, isObject, meaning, range, within} from './form-values.js';

export {changed, within} from './form-values.js';

const GROUPS = ['list', 'map', 'objects'];

/** What most people set, although nobody must. */
const COMMON = ['host', 'port', 'database', 'username', 'password', 'ssl', 'table', 'column', 'splitPk', 'where', 'writeMode',
  'sliceRecordCount', 'errorLimit', 'speed'];

/**
 * A form for an object. It keeps what is typed by itself: values may come back late, or not at all.
 *
 * @param schema JSON Schema of the object
 * @param values the object as the file has it
 * @param onChange (path, value) with the path as names, such as ['ssl', 'mode']; undefined removes the key
 * @param findings of a check; each is shown at the field that it is about
 * @param path of the object, as findings have it
 * @param secrets where stored secrets are, by their path, such as ssl.privateKeyPassword
 * @param widgets components that take an input's place, by the parameter's path, such as table or ssl.truststore:
 *   Component({name, schema, value, onChange, id, describedBy})
 * @param only parameters that are shown; without it all
 * @param omit parameters that are not shown
 * @param first parameters that are shown first also when they are neither set nor required
 */
export function SchemaForm({
  schema, values = {}, onChange, findings = [], path = '', secrets = {}, widgets = {}, only, omit = [], first = COMMON,
}) {
  const names = Object.keys(schema.properties ?? {}).filter(name => (only?.includes(name) ?? true) && !omit.includes(name));
  const isFirst = name => name in values || name in secrets || first.includes(name) || schema.required?.includes(name);
  // What is set later stays where it is: fields do not jump while somebody types.
  const front = useMemo(() => names.filter(isFirst), [schema]);
  const more = names.filter(name => !front.includes(name));
  const unknown = only ? [] : Object.keys(values).filter(name => !(name in (schema.properties ?? {})) && !omit.includes(name));
  const all = {of: schema, values, onChange, findings, path, secrets, widgets, prefix: ''};
  return html`<div class="schema-form">
    <div class="fields"><${Fields} ...${all} names=${names.filter(name => front.includes(name))} /></div>
    ${unknown.map(name => html`<${Unknown} key=${name} name=${name} value=${values[name]} path=${within(path, name)} findings=${findings}
      onChange=${value => onChange([name], value)} />`)}
    ${more.length > 0 && html`<${More} all=${all} names=${more} alone=${front.length === 0} />`}
  </div>`;
}

function More({all, names, alone}) {
  const about = all.findings.some(finding => names.some(name => isAt(finding, within(all.path, name))));
  const [open, setOpen] = useState(alone);
  const set = names.filter(name => name in all.values).length;
  return html`<details class="more" open=${open || about} onToggle=${e => setOpen(e.target.open)}>
    <summary>${set ? text('form.moreSet', names.length, set) : text('form.more', names.length)}</summary>
    ${(open || about) && html`<div class="fields"><${Fields} ...${all} names=${names} /></div>`}
  </details>`;
}

/** The fields of some parameters. `prefix` is the way to the object from the form's, such as `ssl.`. */
function Fields({of, names, values, onChange, path, prefix, ...shared}) {
  return names.map(name => html`<${Field} key=${name} ...${shared} name=${name} schema=${of.properties[name]} value=${values[name]}
    required=${of.required?.includes(name) ?? false} path=${within(path, name)} prefix=${prefix} onChange=${onChange} />`);
}

const idOf = path => 'field-' + path.replace(/[^A-Za-z0-9_]+/g, '-');

function Field({name, schema, value, required, path, prefix, onChange, ...shared}) {
  const field = useMemo(() => fieldOf(schema), [schema]);
  const odd = useRef(false);
  odd.current ||= !fits(field, value);
  const change = next => {
    odd.current &&= next !== undefined;
    onChange([name], next);
  };
  const id = idOf(path);
  const own = shared.findings.filter(finding => isAt(finding, path));
  const inner = {field, name, schema, value, required, path, prefix, id, onChange, change, own, shared};
  if (field.kind === 'object' && !odd.current && !shared.widgets[prefix + name]) {
    return html`<${Group} ...${inner} />`;
  }
  const described = `${id}-help ${id}-findings`;
  const wrong = own.some(finding => !finding.warning);
  return html`<div class=${'field' + (wrong ? ' has-error' : '')} data-path=${path}>
    <${Label} of=${inner} group=${GROUPS.includes(field.kind) && !odd.current} />
    <${Input} ...${inner} odd=${odd.current} described=${described} />
    <small id=${id + '-help'}>${help(field, schema)}</small>
    <${Findings} id=${id + '-findings'} of=${own} />
  </div>`;
}

function Label({of: {id, name, prefix, required}, group}) {
  const key = `param.${prefix}${name}`;
  const words = html`${hasText(key) ? html`${text(key)} <code>${name}</code>` : name}
    ${required && html` <span class="required">${text('form.required')}</span>`}`;
  return group ? html`<div class="label" id=${id + '-label'}>${words}</div>` : html`<label id=${id + '-label'} for=${id}>${words}</label>`;
}

function help(field, schema) {
  const parts = [meaning(schema)];
  if (field.kind === 'number' && range(field.schema)) {
    parts.push(text('form.allowed', range(field.schema)));
  }
  if (schema.default !== undefined && field.kind !== 'choice' && field.kind !== 'flag') {
    parts.push(text('form.default', inWords(schema.default)));
  }
  return parts.filter(Boolean).join(' ');
}

function Input({field, name, schema, value, required, path, prefix, id, onChange, change, shared, odd, described}) {
  const Widget = shared.widgets[prefix + name];
  const stored = shared.secrets[prefix + name];
  const all = {name, schema, value, onChange: change, id, describedBy: described, required: required && !stored};
  if (Widget) {
    return html`<${Widget} ...${all} />`;
  } else if (odd || field.kind === 'json') {
    return html`<${JsonInput} ...${all} />
      <small>${text('form.asJson')}${' '}
        <button type="button" class="link" onClick=${() => change(undefined)}>${text('form.clear')}</button></small>`;
  }
  const placeholder = schema.default === undefined || schema.default === '' ? undefined : inWords(schema.default);
  switch (field.kind) {
    case 'choice': return html`<${ChoiceInput} ...${all} words=${field.words} fallback=${schema.default} />`;
    case 'flag': return html`<${FlagInput} ...${all} fallback=${schema.default} />`;
    case 'number': return html`<${NumberInput} ...${all} number=${field.schema} placeholder=${placeholder} />`;
    case 'secret': return html`<${SecretInput} ...${all} stored=${stored} />`;
    case 'list': return html`<${ListInput} ...${all} single=${field.single} words=${field.words} />`;
    case 'map': return html`<${MapInput} ...${all} />`;
    case 'objects': return html`<${ObjectsInput} ...${all} change=${changed} item=${(one, i, onPart) => html`<div class="fields">
      <${Fields} ...${shared} of=${field.schema} names=${Object.keys(field.schema.properties)} values=${one} onChange=${onPart}
        path=${within(path, i)} prefix=${`${prefix}${name}.`} /></div>`} />`;
    default: return html`<${TextInput} ...${all} long=${isLong(name, value)} placeholder=${placeholder} />`;
  }
}

/** An object within the object. */
function Group({field, name, schema, value, path, prefix, id, onChange, own, shared}) {
  const names = Object.keys(field.schema.properties);
  const unknown = isObject(value) ? Object.keys(value).filter(one => !names.includes(one)) : [];
  const change = (inner, next) => onChange([name, ...inner], next);
  const key = `param.${prefix}${name}`;
  return html`<fieldset class="group" data-path=${path} aria-describedby=${id + '-help'}>
    <legend>${hasText(key) ? html`${text(key)} <code>${name}</code>` : name}</legend>
    <small id=${id + '-help'} class="muted">${meaning(schema)}</small>
    <${Findings} id=${id + '-findings'} of=${own.filter(finding => finding.path === path)} />
    <div class="fields"><${Fields} ...${shared} of=${field.schema} names=${names} values=${value ?? {}} onChange=${change} path=${path}
      prefix=${`${prefix}${name}.`} /></div>
    ${unknown.map(one => html`<${Unknown} key=${one} name=${one} value=${value[one]} path=${within(path, one)} findings=${shared.findings}
      onChange=${next => change([one], next)} />`)}
  </fieldset>`;
}

/** A parameter that the schema does not have, so that nobody wonders where it is. */
function Unknown({name, value, path, findings, onChange}) {
  const id = idOf(path);
  const own = findings.filter(finding => isAt(finding, path));
  return html`<div class=${'field' + (own.every(finding => finding.warning) && own.length ? '' : ' has-error')} data-path=${path}>
    <label for=${id}>${name}</label>
    <${JsonInput} value=${value} onChange=${onChange} id=${id} describedBy=${id + '-help'} />
    <small id=${id + '-help'}>${text('form.unknown')}
      ${' '}<button type="button" class="link" onClick=${() => onChange(undefined)}>${text('form.remove')}</button></small>
    <${Findings} id=${id + '-findings'} of=${own} />
  </div>`;
}

/** What a check found, each with its remedy and the statements that mend it. */
export const Findings = ({of, id}) => html`<div id=${id} class="findings">
  ${of.map(finding => html`<div class=${'finding notice ' + (finding.warning ? 'warn' : 'bad')}>
    <div><strong>${text(finding.warning ? 'form.warning' : 'form.error')}</strong> ${finding.message}</div>
    ${finding.remedy && html`<div>${finding.remedy}</div>`}
    ${finding.statements?.length > 0 && html`<${Statements} of=${finding.statements} where=${finding.place} />`}
    ${finding.code && html`<small class="code">${finding.code}</small>`}
  </div>`)}
</div>`;

/** Goes to the first field of a form element that cannot be sent as it is; answers whether there is one. */
export function showInvalid(form) {
  const invalid = form.querySelector('input:invalid, select:invalid, textarea:invalid');
  for (let around = invalid?.closest('details'); around; around = around.parentElement.closest('details')) {
    around.open = true;
  }
  invalid?.focus();
  invalid?.reportValidity();
  return Boolean(invalid);
}
