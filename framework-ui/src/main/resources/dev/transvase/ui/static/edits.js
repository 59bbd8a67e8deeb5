// Changes of single values of a script, as small as they can be, so that comments beside them stay.
import {within} from './form.js';

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** Replaces element by element, and removes surplus ones from the end. An insertion between two elements writes the whole list again. */
function listEdits(path, before, after) {
  let start = 0;
  while (start < before.length && start < after.length && same(before[start], after[start])) {
    start++;
  }
  let end = 0;
  while (end < before.length - start && end < after.length - start && same(before.at(-1 - end), after.at(-1 - end))) {
    end++;
  }
  if (after.length === 0 || (end > 0 && after.length > before.length)) {
    return [{path, value: after}];
  }
  const edits = [];
  for (let i = start; i < after.length - end; i++) {
    edits.push({path: within(path, i), value: after[i]});
  }
  for (let i = before.length - end - 1; i >= after.length - end; i--) {
    edits.push({path: within(path, i), remove: true});
  }
  return edits;
}

/**
 * The edits that make a value of another one.
 *
 * @param path of the value
 * @param before what the script has there; undefined for nothing
 * @param after undefined removes it
 */
export function editsOf(path, before, after) {
  if (after === undefined) {
    return [{path, remove: true}];
  } else if (Array.isArray(before) && before.length > 0 && Array.isArray(after)) {
    return listEdits(path, before, after);
  }
  return [{path, value: after}];
}
