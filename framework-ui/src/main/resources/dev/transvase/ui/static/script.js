// The script: an editor with marks where a check found something, and completion from the step types' own descriptions.
import {html, text, useEffect, useRef} from './base.js';
import {place} from './json-place.js';

/** The description of the object at a path: which keys it takes. */
function schemaAt(path, {outline, types, settings}) {
  for (const side of ['reader', 'writer']) {
    const step = outline?.[side];
    if (step && (path === step.parameters || path.startsWith(step.parameters + '.'))) {
      const type = types.find(one => one.side === side && (one.name === step.type || one.aliases.includes(step.type)));
      return within(type?.parameters, path.slice(step.parameters.length + 1));
    }
  }
  const setting = outline?.shape === 'datax' ? 'job.setting' : 'setting';
  if (path === setting || path.startsWith(setting + '.')) {
    return within(settings[outline.shape], path.slice(setting.length + 1));
  }
  return undefined;
}

function within(schema, path) {
  return path.split(/[.[]/).filter(Boolean).reduce((found, part) => (part.endsWith(']') ? found?.items : found?.properties?.[part]), schema);
}

function keys(where, context) {
  const schema = schemaAt(where.container, context);
  return Object.entries(schema?.properties ?? {}).map(([name, one]) => ({word: name, help: one.description ?? '', isKey: true}));
}

function values(where, context) {
  const side = ['reader', 'writer'].find(one => context.outline?.[one]?.path === `${where.container}.${where.key}`);
  if (side || where.key === 'stepType') {
    return context.types.filter(one => !side || one.side === side).map(one => ({word: one.name, help: one.summary}));
  } else if (where.key === 'datasource') {
    return context.sources.map(one => ({word: one.name, help: one.type}));
  }
  const schema = schemaAt(where.container, context)?.properties?.[where.key];
  return (schema?.enum ?? []).map(word => ({word, help: ''}));
}

function complete(editor, context) {
  const script = editor.getValue();
  const at = editor.indexFromPos(editor.getCursor());
  const where = place(script, at);
  const typed = script.slice(where.from, at).replace(/^"/, '').toLowerCase();
  const closed = script[at] === '"';
  const found = where.expects === 'key' ? keys(where, context) : values(where, context);
  const list = found.filter(one => one.word.toLowerCase().startsWith(typed)).map(one => ({
    text: `"${one.word}"` + (one.isKey && !closed ? ': ' : ''),
    displayText: one.help ? `${one.word}  –  ${one.help.slice(0, 70)}` : one.word,
  }));
  return {list, from: editor.posFromIndex(where.from), to: editor.posFromIndex(closed ? at + 1 : at)};
}

function annotations(editor, findings) {
  return findings.filter(one => one.to > 0 || one.from > 0).map(one => ({
    from: editor.posFromIndex(one.from),
    to: editor.posFromIndex(Math.max(one.to, one.from + 1)),
    message: one.message + (one.remedy ? '\n' + one.remedy : ''),
    severity: one.warning ? 'warning' : 'error',
  }));
}

/** Replaces only what differs, so that the cursor, the view and the history stay. */
function replace(editor, script) {
  const old = editor.getValue();
  let start = 0;
  while (start < old.length && start < script.length && old[start] === script[start]) {
    start++;
  }
  let end = 0;
  while (end < old.length - start && end < script.length - start && old[old.length - 1 - end] === script[script.length - 1 - end]) {
    end++;
  }
  editor.replaceRange(script.slice(start, script.length - end), editor.posFromIndex(start), editor.posFromIndex(old.length - end), 'form');
}

/**
 * @param value the script
 * @param revision another one whenever somebody else than the editor has changed the script
 * @param onChange given the script when it was typed in
 * @param findings of a check of this script
 * @param context {outline, types, settings, sources}, for completion
 * @param control given {goTo(from, to)} once it is there
 */
export function ScriptEditor({value, revision, onChange, findings, context, control}) {
  const host = useRef();
  const editor = useRef();
  const latest = useRef();
  latest.current = {onChange, findings, context};
  useEffect(() => {
    const made = CodeMirror(host.current, {
      value,
      mode: {name: 'javascript', json: true},
      lineNumbers: true,
      lineWrapping: true,
      matchBrackets: true,
      indentUnit: 2,
      tabSize: 2,
      gutters: ['CodeMirror-lint-markers'],
      lint: {getAnnotations: (script, options, cm) => annotations(cm, latest.current.findings), lintOnChange: false},
      extraKeys: {
        // Tab leaves the editor, as from every other field.
        Tab: false,
        'Shift-Tab': false,
        'Ctrl-Space': () => made.showHint({hint: () => complete(made, latest.current.context), completeSingle: false}),
      },
    });
    made.getInputField().setAttribute('aria-label', text('script.label'));
    made.on('change', (_, change) => change.origin !== 'form' && change.origin !== 'setValue' && latest.current.onChange(made.getValue()));
    made.on('inputRead', (_, change) => {
      if (/^["\w]$/.test(change.text[0]) && !made.state.completionActive) {
        made.showHint({hint: () => complete(made, latest.current.context), completeSingle: false});
      }
    });
    editor.current = made;
    control({
      goTo(from, to) {
        made.setSelection(made.posFromIndex(from), made.posFromIndex(to), {scroll: true});
        made.focus();
      },
    });
  }, []);
  useEffect(() => {
    if (editor.current.getValue() !== value) {
      replace(editor.current, value);
    }
  }, [revision]);
  useEffect(() => editor.current.performLint(), [findings]);
  return html`<div class="script-host" ref=${host}></div><small class="muted">${text('script.keys')}</small>`;
}
