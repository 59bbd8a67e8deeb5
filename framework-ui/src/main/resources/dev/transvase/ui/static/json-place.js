// Where in a JSON text a place is: which object it is in, and whether a key or a value comes there. Takes texts that are not finished.

const SPACE = /\s/;

/** Reads the text up to an offset; what is behind it does not count. */
class Scanner {
  constructor(text) {
    this.text = text;
    this.at = 0;
    this.stack = []; // of {kind: 'object' | 'array', key, index, expects: 'key' | 'value'}
    this.open = undefined; // where a text begins that does not end before the offset
  }

  get top() {
    return this.stack[this.stack.length - 1];
  }

  skipComment() {
    const end = this.text[this.at + 1] === '/' ? this.text.indexOf('\n', this.at) : this.text.indexOf('*/', this.at + 2);
    this.at = end < 0 ? this.text.length : end + (this.text[end] === '*' ? 2 : 1);
  }

  string() {
    const from = this.at;
    for (this.at++; this.at < this.text.length; this.at++) {
      if (this.text[this.at] === '\\') {
        this.at++;
      } else if (this.text[this.at] === '"') {
        this.at++;
        return this.text.slice(from + 1, this.at - 1);
      } else if (this.text[this.at] === '\n') {
        return this.text.slice(from + 1, this.at); // not closed: goes no further than its line
      }
    }
    this.open = from;
    return this.text.slice(from + 1);
  }

  token() {
    const c = this.text[this.at];
    if (c === '"') {
      const value = this.string();
      if (this.open === undefined && this.top?.kind === 'object' && this.top.expects === 'key') {
        this.top.key = value;
      }
      return;
    }
    this.at++;
    if (c === '{' || c === '[') {
      this.stack.push({kind: c === '{' ? 'object' : 'array', index: 0, expects: c === '{' ? 'key' : 'value'});
    } else if (c === '}' || c === ']') {
      this.stack.pop();
    } else if (c === ':' && this.top) {
      this.top.expects = 'value';
    } else if (c === ',' && this.top) {
      this.top.index++;
      this.top.expects = this.top.kind === 'object' ? 'key' : 'value';
    }
  }

  run() {
    while (this.at < this.text.length && this.open === undefined) {
      const c = this.text[this.at];
      if (SPACE.test(c)) {
        this.at++;
      } else if (c === '/' && '/*'.includes(this.text[this.at + 1] ?? ' ')) {
        this.skipComment();
      } else {
        this.token();
      }
    }
    return this;
  }

  path(stack) {
    return stack.reduce((path, one) => {
      if (one.kind === 'array') {
        return `${path}[${one.index}]`;
      }
      return path ? `${path}.${one.key}` : one.key;
    }, '');
  }
}

/**
 * @returns {container, key, expects, from}: the path of the object or array around it; within an object the key whose value comes there;
 *     'key', 'value' or 'nothing'; and where the text begins that is being typed, quotes included
 */
export function place(text, offset) {
  const scanner = new Scanner(text.slice(0, offset)).run();
  const top = scanner.top;
  let from = scanner.open;
  if (from === undefined) {
    const word = /[\w${}.-]*$/.exec(scanner.text);
    from = offset - word[0].length;
  }
  return {
    container: scanner.path(scanner.stack.slice(0, -1).concat(top && top.kind === 'object' ? [] : top ? [top] : [])),
    key: top?.kind === 'object' && top.expects === 'value' ? top.key : undefined,
    expects: top ? top.expects : 'nothing',
    from,
  };
}
