// What a form's fields are, from a JSON Schema, and how texts that are typed become values. Nothing here draws.
import {text} from './base.js';

const WHOLE = /^[+-]?\d+$/;
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const VARIABLE = /\$\{[^{}]*\}/;
const CONTROL = /[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f]/;
const CONDITIONS = /^(where|session)$|sql$/i;

export const isObject = value => typeof value === 'object' && value !== null && !Array.isArray(value);
export const isVariable = value => typeof value === 'string' && VARIABLE.test(value);

/** What kind of field a schema asks for: {kind, ...what that kind needs}. */
export function fieldOf(schema) {
  if (schema.enum) {
    return {kind: 'choice', words: schema.enum};
  } else if (schema.anyOf) {
    return eitherOf(schema.anyOf);
  }
  const type = Array.isArray(schema.type) ? 'text' : schema.type;
  if (type === 'array') {
    return listOf(schema, false);
  } else if (type === 'object') {
    return objectOf(schema);
  } else if (type === 'integer' || type === 'number') {
    return {kind: 'number', schema};
  } else if (type === 'boolean') {
    return {kind: 'flag'};
  }
  return type === 'text' || type === 'string' ? textOf(schema) : {kind: 'json'};
}

function textOf(schema) {
  return {kind: schema.writeOnly ? 'secret' : schema.format === 'path' ? 'path' : 'text'};
}

function eitherOf(schemas) {
  const list = schemas.find(one => one.type === 'array');
  if (list) {
    return listOf(list, true);
  }
  const number = schemas.find(one => one.type === 'integer' || one.type === 'number');
  if (number) {
    return {kind: 'number', schema: number};
  }
  return schemas.some(one => one.type === 'boolean') ? {kind: 'flag'} : {kind: 'json'};
}

function listOf(schema, single) {
  const item = fieldOf(schema.items ?? {});
  if (item.kind === 'object') {
    return {kind: 'objects', schema: schema.items};
  }
  return item.kind === 'text' || item.kind === 'choice' || item.kind === 'path'
    ? {kind: 'list', single, words: item.words}
    : {kind: 'json'};
}

function objectOf(schema) {
  if (schema.properties) {
    return {kind: 'object', schema};
  }
  const {kind} = fieldOf(schema.additionalProperties || {});
  return kind === 'text' || kind === 'path' ? {kind: 'map'} : {kind: 'json'};
}

/** Whether a field of this kind can show the value as it is; JSON text can show any. */
export function fits(field, value) {
  if (value === undefined) {
    return true;
  }
  switch (field.kind) {
    case 'text': case 'path': return isScalar(value);
    case 'secret': return isScalar(value) || value === null;
    case 'choice': return typeof value === 'string';
    case 'flag': return typeof value === 'boolean' || typeof value === 'string';
    case 'number': return typeof value === 'number' || (typeof value === 'string' && value !== '');
    case 'list': return Array.isArray(value) ? value.every(isScalar) : field.single && isScalar(value);
    case 'map': return isObject(value) && Object.values(value).every(isScalar);
    case 'object': return isObject(value);
    case 'objects': return Array.isArray(value) && value.every(isObject);
    default: return false;
  }
}

function isScalar(value) {
  return typeof value === 'number' || typeof value === 'boolean' || (typeof value === 'string' && !CONTROL.test(value));
}

/** Whether texts of this parameter tend to have several lines. */
export const isLong = (name, value) => CONDITIONS.test(name) || (typeof value === 'string' && value.includes('\n'));

/** A text as a value of the type that it had: a number stays one where it can. */
export function typedLike(before, typed) {
  if (typeof before === 'number' && typed.trim() !== '' && String(Number(typed)) === typed.trim()) {
    return Number(typed);
  }
  return typeof before === 'boolean' && (typed === 'true' || typed === 'false') ? typed === 'true' : typed;
}

/** A number as it was typed: {value} or {wrong: why it cannot be one}. */
export function numberFrom(typed, schema, before) {
  const digits = typed.trim();
  if (digits === '' || isVariable(digits)) {
    return {value: digits === '' ? undefined : digits};
  }
  const whole = schema.type === 'integer';
  if (!(whole ? WHOLE : DECIMAL).test(digits)) {
    return {wrong: text(whole ? 'form.notWhole' : 'form.notNumber')};
  }
  const number = Number(digits);
  if (number < (schema.minimum ?? -Infinity) || number > (schema.maximum ?? Infinity)) {
    return {wrong: text('form.outOfRange', range(schema))};
  }
  const exact = !whole || Number.isSafeInteger(number);
  return {value: typeof before === 'string' && !isVariable(before) || !exact ? digits : number};
}

/** Which numbers are allowed, for people; empty when all are. */
export function range({minimum, maximum}) {
  if (minimum !== undefined && maximum !== undefined) {
    return text('form.range', minimum, maximum);
  } else if (minimum !== undefined) {
    return text('form.atLeast', minimum);
  }
  return maximum === undefined ? '' : text('form.atMost', maximum);
}

/** JSON as it was typed: {value} or {wrong}. */
export function jsonFrom(typed) {
  if (typed.trim() === '') {
    return {value: undefined};
  }
  try {
    return {value: JSON.parse(typed)};
  } catch (e) {
    return {wrong: text('form.notJson', e.message)};
  }
}

/** A value in words, as a default is shown. */
export const inWords = value =>
  typeof value === 'string' && value !== '' && !CONTROL.test(value) ? value : JSON.stringify(value);

/** A parameter's meaning without what only concerns the command line's --restricted. */
export const meaning = schema =>
  (schema.description ?? '').replace(/\s*(Not with|With) --restricted\b[^.]*\.(?=\s|$)/g, '');

/** Whether a finding's path is this one or within it. */
export function isAt(finding, path) {
  return finding.path.startsWith(path) && ['', '.', '['].includes(finding.path.slice(path.length, path.length + 1));
}

/** A path with one more name, as findings write it. */
export function within(path, name) {
  if (typeof name === 'number') {
    return `${path}[${name}]`;
  } else if (!/^[^.[\]"]+$/.test(name)) {
    return `${path}[${JSON.stringify(name)}]`;
  }
  return path ? `${path}.${name}` : name;
}

/** An object with the value at a path changed; undefined removes it, and what it leaves empty. */
export function changed(values, [name, ...rest], value) {
  const now = rest.length ? changed(isObject(values?.[name]) ? values[name] : {}, rest, value) : value;
  const result = {...values};
  if (now === undefined || (rest.length && value === undefined && Object.keys(now).length === 0)) {
    delete result[name];
  } else {
    result[name] = now;
  }
  return result;
}
