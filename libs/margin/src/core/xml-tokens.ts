import { StrikewireError } from '@strikewire/runtime';

/** What a document is told as. */
export interface XmlEvents {
  open(name: string): void;
  /** `text` is what stood in an element without elements inside; of others it is empty. */
  close(name: string, text: string): void;
}

/** Bounds of a document; one that is over a bound is refused. */
export interface XmlLimits {
  /** Elements inside each other. */
  depthMax: number;
  /** Characters of one tag, comment or text. */
  tokenMax: number;
  /** Different names of elements. */
  namesMax: number;
}

const entities = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);
const namePattern = /^[A-Za-z_][\w.-]{0,63}$/;
const entityPattern = /&(#\d{1,7}|#x[\dA-Fa-f]{1,6}|\w{1,8});|&/g;

/**
 * The little of XML that risk-parameter files are written in: elements, text, the five entities,
 * comments and the declaration; attributes are passed over. Document types are refused, and with
 * them every entity that could grow; so is character data in brackets.
 */
export class XmlTokens {
  private readonly events: XmlEvents;
  private readonly limits: XmlLimits;
  private readonly open: string[] = [];
  private readonly names = new Set<string>();
  private rest = '';
  private text = '';
  private hasRoot = false;

  constructor(events: XmlEvents, limits: XmlLimits) {
    this.events = events;
    this.limits = limits;
  }

  /** Takes the next piece; what it leaves unfinished waits for the one after. */
  push(piece: string): void {
    const source = this.rest + piece;
    let at = 0;
    for (;;) {
      const next = this.take(source, at);
      if (next === null) break;
      at = next;
    }
    this.rest = source.slice(at);
    if (this.rest.length > this.limits.tokenMax) {
      throw malformed(`a tag or text of over ${this.limits.tokenMax} characters`, 'shorter ones');
    }
  }

  /** Says that no piece follows. */
  end(): void {
    const inside = this.open.at(-1);
    if (inside !== undefined || !this.hasRoot || this.rest.trim() !== '') {
      throw malformed(`an end inside ${inside ?? 'the document'}`, 'every element closed');
    }
  }

  /** Takes one text or one piece of markup; answers where the next begins, null: not whole yet. */
  private take(source: string, at: number): number | null {
    const bracket = source.indexOf('<', at);
    if (bracket !== at) {
      if (bracket < 0) return null;
      this.addText(source.slice(at, bracket));
      return bracket;
    }
    // The start of a comment may be cut in two.
    if ('<!--'.startsWith(source.slice(at, at + 4)) && source.length - at < 4) return null;
    if (source.startsWith('<!--', at)) return afterMark(source, '-->', at + 4);
    if (source.startsWith('<?', at)) return afterMark(source, '?>', at + 2);
    const end = tagEnd(source, at + 1);
    if (end < 0) return null;
    this.tag(source.slice(at + 1, end));
    return end + 1;
  }

  private tag(tag: string): void {
    if (tag.startsWith('!')) {
      throw malformed(`<${tag.slice(0, 20)}`, 'elements, text and comments alone');
    }
    if (tag.startsWith('/')) {
      this.closeTag(tag.slice(1).trimEnd());
      return;
    }
    const isEmpty = tag.endsWith('/');
    const name = this.nameOf(isEmpty ? tag.slice(0, -1) : tag);
    if (this.open.length === 0 && this.hasRoot) throw malformed(`a second root ${name}`, 'one');
    this.hasRoot = true;
    if (this.open.length >= this.limits.depthMax) {
      throw malformed(`${name} inside ${this.open.length} others`, 'fewer');
    }
    this.open.push(name);
    this.text = '';
    this.events.open(name);
    if (isEmpty) this.closeTag(name);
  }

  private closeTag(name: string): void {
    const inside = this.open.pop();
    if (inside !== name) throw malformed(`</${name.slice(0, 64)}>`, `</${inside ?? ''}>`);
    const { text } = this;
    this.text = '';
    this.events.close(name, text.includes('&') ? decoded(text) : text);
  }

  private addText(text: string): void {
    if (this.open.length === 0) {
      // A byte order mark may come first.
      if (text.replace('\uFEFF', '').trim() !== '') throw malformed('text outside', 'one element');
      return;
    }
    this.text += text;
    if (this.text.length > this.limits.tokenMax) {
      throw malformed(`a text of over ${this.limits.tokenMax} characters`, 'shorter ones');
    }
  }

  private nameOf(tag: string): string {
    if (this.names.has(tag)) return tag;
    const name = /^\S*/.exec(tag)?.[0] ?? '';
    if (this.names.has(name)) return name;
    if (!namePattern.test(name)) throw malformed(`<${tag.slice(0, 20)}`, 'a name of an element');
    if (this.names.size >= this.limits.namesMax) {
      throw malformed(`over ${this.limits.namesMax} names of elements`, 'fewer');
    }
    this.names.add(name);
    return name;
  }
}

function afterMark(source: string, mark: string, from: number): number | null {
  const at = source.indexOf(mark, from);
  return at < 0 ? null : at + mark.length;
}

/** Where a tag's `>` is, -1 for none; one inside quotes is part of an attribute. */
function tagEnd(source: string, from: number): number {
  let quote = '';
  for (let at = from; at < source.length; at++) {
    const char = source.charAt(at);
    if (quote !== '') {
      if (char === quote) quote = '';
    } else if (char === '>') return at;
    else if (char === '"' || char === "'") quote = char;
  }
  return -1;
}

function decoded(text: string): string {
  return text.replace(entityPattern, (found, name: string | undefined) => {
    const known = name === undefined ? undefined : (entities.get(name) ?? numbered(name));
    if (known === undefined) throw malformed(`entity ${found}`, 'one of the five, or a number');
    return known;
  });
}

function numbered(name: string): string | undefined {
  if (!name.startsWith('#')) return undefined;
  const code = name.startsWith('#x') ? parseInt(name.slice(2), 16) : parseInt(name.slice(1), 10);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

function malformed(found: string, needed: string): StrikewireError {
  return new StrikewireError({
    kind: 'invalid',
    code: 'risk_file_malformed',
    message: `risk-parameter file: found ${found}, needs ${needed}`,
  });
}
