import type { FileProblem } from './file-problems';
import { countUpTo } from './search';

/** JSON with the line of each of its values. */
export interface JsonText {
  value: unknown;
  /** Of a value, or of what it would be in. */
  lineOf(path: readonly PropertyKey[]): number;
  /** Empty when it is JSON, and no object names a property twice. */
  problems: FileProblem[];
}

const space = /[ \t\r\n]*/y;
const stringToken = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const otherToken = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const depthMax = 24;

class NoJson extends Error {}

/** Reads JSON so that it can be told where in the file something is wrong. */
export function readJsonText(text: string): JsonText {
  const reader = new Reader(text.replace(/^\uFEFF/, ' '));
  const lineOf = (path: readonly PropertyKey[]): number => {
    for (let length = path.length; length > 0; length--) {
      const at = reader.places.get(placeKey(path.slice(0, length)));
      if (at !== undefined) return reader.lineAt(at);
    }
    return 1;
  };
  try {
    const value = reader.whole();
    return { value, lineOf, problems: reader.problems };
  } catch (thrown) {
    if (!(thrown instanceof NoJson)) throw thrown;
    return { value: undefined, lineOf, problems: [reader.problem(thrown.message)] };
  }
}

function placeKey(path: readonly PropertyKey[]): string {
  return JSON.stringify(path.map(String));
}

/** Places at which lines begin. */
function lineStartsOf(text: string): Float64Array {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return Float64Array.from(starts);
}

class Reader {
  readonly places = new Map<string, number>();
  readonly problems: FileProblem[] = [];
  private readonly text: string;
  private readonly path: (string | number)[] = [];
  private at = 0;
  private starts: Float64Array | undefined;

  constructor(text: string) {
    this.text = text;
  }

  whole(): unknown {
    const value = this.value();
    this.match(space);
    if (this.at < this.text.length) throw new NoJson('needs nothing after the end of the value');
    return value;
  }

  problem(needed: string): FileProblem {
    return { line: this.lineAt(this.at), field: this.path.join('.') || 'file', needed };
  }

  lineAt(place: number): number {
    this.starts ??= lineStartsOf(this.text);
    return countUpTo(this.starts, place);
  }

  private value(): unknown {
    if (this.path.length > depthMax) throw new NoJson(`needs at most ${depthMax} levels`);
    this.match(space);
    this.places.set(placeKey(this.path), this.at);
    if (this.take('{')) return this.object();
    if (this.take('[')) return this.array();
    const token = this.match(stringToken) || this.match(otherToken);
    if (token === '') throw new NoJson(`needs a JSON value${this.found()}`);
    return JSON.parse(token);
  }

  private object(): Record<string, unknown> {
    const entries = new Map<string, unknown>();
    if (this.take('}')) return {};
    do {
      this.match(space);
      const token = this.match(stringToken);
      if (token === '') throw new NoJson(`needs a name in double quotes${this.found()}`);
      const name = JSON.parse(token) as string;
      this.path.push(name);
      if (entries.has(name)) this.problems.push(this.problem('needs to be named once only'));
      if (!this.take(':')) throw new NoJson(`needs a colon after the name${this.found()}`);
      entries.set(name, this.value());
      this.path.pop();
    } while (this.take(','));
    if (!this.take('}')) throw new NoJson(`needs a comma or }${this.found()}`);
    return Object.fromEntries(entries);
  }

  private array(): unknown[] {
    const values: unknown[] = [];
    if (this.take(']')) return values;
    do {
      this.path.push(values.length);
      values.push(this.value());
      this.path.pop();
    } while (this.take(','));
    if (!this.take(']')) throw new NoJson(`needs a comma or ]${this.found()}`);
    return values;
  }

  private take(sign: string): boolean {
    this.match(space);
    if (this.text[this.at] !== sign) return false;
    this.at++;
    return true;
  }

  private match(token: RegExp): string {
    token.lastIndex = this.at;
    const found = token.exec(this.text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  private found(): string {
    const sign = this.text[this.at];
    return sign === undefined ? ', the file ends' : `, found ${JSON.stringify(sign)}`;
  }
}
