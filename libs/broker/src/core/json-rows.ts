const rowBytesMax = 16_384;
/** Ten times what the longest list had in 2026. */
const rowsMax = 2_000_000;
/** What stands around the rows: brackets, perhaps a status and a message. */
const frameCharsMax = 4_096;

const quote = 0x22;
const backslash = 0x5c;
const open = 0x7b;
const close = 0x7d;
/** Between rows, of which there may be many; spaces and line ends are below. */
const comma = 0x2c;
const space = 0x20;

/** Where in a text its rows are. */
export interface JsonRowsPlace {
  /** How many objects a row lies in: 0 for `[{…}, …]`, 1 for `{"data": [{…}, …]}`. */
  depth: number;
  /**
   * Whether what stands around the rows is as it should be when it ends, without spaces and commas:
   * `[]`, or `{"data":[]"status":"success"}`, with its fields in any order.
   */
  isWhole(frame: string): boolean;
}

/**
 * Reads the rows of a long JSON answer as they arrive, one object at a time, never whole.
 * @throws Error that says what is wrong with the text, when it is no such answer or has no end.
 */
export async function* readJsonRows(
  chunks: AsyncIterable<Uint8Array>,
  place: JsonRowsPlace,
): AsyncIterable<unknown> {
  const cutter = new RowCutter(place);
  for await (const chunk of chunks) yield* cutter.push(chunk);
  cutter.end();
}

/** Finds where each row ends, by its braces. */
class RowCutter {
  private readonly place: JsonRowsPlace;
  private readonly decoder = new TextDecoder();
  private rest = new Uint8Array();
  private depth = 0;
  private isText = false;
  private isEscaped = false;
  private frame = '';
  private rows = 0;

  constructor(place: JsonRowsPlace) {
    this.place = place;
  }

  *push(chunk: Uint8Array): Iterable<unknown> {
    const outside = this.place.depth;
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] as number;
      const before = this.depth;
      if (this.isText) this.text(byte);
      else if (byte === quote) this.isText = true;
      else if (byte === open) {
        if (++this.depth === outside + 1) start = at;
      } else if (byte === close && --this.depth === outside) {
        yield this.row(chunk.subarray(start, at + 1));
      } else if (this.depth < 0) throw new Error('an object ends that has not begun');
      if (before <= outside && this.depth <= outside) this.around(byte);
    }
    if (this.depth > outside) this.keep(chunk.subarray(start));
  }

  end(): void {
    if (this.depth !== 0 || this.isText) throw new Error(`it ends after ${this.rows} rows`);
    if (!this.place.isWhole(this.frame)) {
      throw new Error(`it is no such list, or ends after ${this.rows} rows, within the list`);
    }
  }

  private text(byte: number): void {
    if (this.isEscaped) this.isEscaped = false;
    else if (byte === backslash) this.isEscaped = true;
    else if (byte === quote) this.isText = false;
  }

  private around(byte: number): void {
    if (byte <= space || byte === comma) return;
    if (this.frame.length === frameCharsMax) throw new Error('it is no such list');
    this.frame += String.fromCharCode(byte);
  }

  private row(tail: Uint8Array): unknown {
    const { depth } = this.place;
    if (depth === 0 && !this.frame.startsWith('[')) throw new Error('it is no list');
    if (++this.rows > rowsMax) throw new Error(`it has more than ${rowsMax} rows`);
    this.keep(tail);
    const bytes = this.rest;
    this.rest = new Uint8Array();
    return JSON.parse(this.decoder.decode(bytes));
  }

  private keep(part: Uint8Array): void {
    if (this.rest.length + part.length > rowBytesMax) {
      throw new Error(`a row has over ${rowBytesMax} bytes`);
    }
    const joined = new Uint8Array(this.rest.length + part.length);
    joined.set(this.rest);
    joined.set(part, this.rest.length);
    this.rest = joined;
  }
}
