import type { Memory } from '../../memory';
import { lookOf, lookWords, usualLook, type ChainLook } from './chain-look';

/** A look under a name. */
export interface SavedLayout {
  name: string;
  look: ChainLook;
}

/** What a person keeps of the chain page. */
export interface KeptLooks {
  /** The look used last; null before the first change. */
  last: ChainLook | null;
  /** Name of the layout that the page opens with; null: with what was used last. */
  opensWith: string | null;
  /** In the order in which they were saved; no two have the same name. */
  layouts: readonly SavedLayout[];
}

/** Layouts that one person may keep, and how long their names may be. */
export const layoutLimits = { count: 20, nameLength: 40 } as const;

/** Of what is written; what another version has written is not read. */
const version = 1;
const nothing: KeptLooks = { last: null, opensWith: null, layouts: [] };

/** Where the looks of one person are kept in this browser. */
export function memoryKey(username: string): string {
  return `chain-looks.${username}`;
}

/** Reads what a person keeps; what cannot be read counts as nothing. */
export function readLooks(memory: Memory, username: string): KeptLooks {
  const written = parsed(memory.get(memoryKey(username)));
  if (!isRecord(written) || written['version'] !== version) return nothing;
  const { last, opensWith, layouts } = written;
  const read = (Array.isArray(layouts) ? layouts : []).flatMap((entry: unknown) => {
    const name = isRecord(entry) ? tidyName(entry['name']) : '';
    return isRecord(entry) && name !== '' ? [{ name, look: storedLook(entry) }] : [];
  });
  const kept = read.slice(0, layoutLimits.count);
  return {
    last: isRecord(last) ? storedLook(last) : null,
    opensWith: find(kept, String(opensWith))?.name ?? null,
    layouts: kept,
  };
}

export function writeLooks(memory: Memory, username: string, kept: KeptLooks): void {
  const { last, opensWith, layouts } = kept;
  const text = JSON.stringify({
    version,
    last: last && lookWords(last),
    opensWith,
    layouts: layouts.map(({ name, look }) => ({ name, ...lookWords(look) })),
  });
  memory.set(memoryKey(username), text);
}

/** The layout of this name; capitals do not tell names apart. */
export function find(layouts: readonly SavedLayout[], name: string): SavedLayout | undefined {
  const wanted = name.toLowerCase();
  return layouts.find((layout) => layout.name.toLowerCase() === wanted);
}

/** A name without needless blanks, as long as it may be; empty when there is none. */
export function tidyName(name: unknown): string {
  if (typeof name !== 'string') return '';
  return name.replace(/\s+/g, ' ').trim().slice(0, layoutLimits.nameLength);
}

/** Keeps a look under a name, in place of the one of that name; null when there is no room. */
export function withLayout(kept: KeptLooks, name: string, look: ChainLook): KeptLooks | null {
  const same = find(kept.layouts, name);
  if (same) {
    const layouts = kept.layouts.map((it) => (it === same ? { name: it.name, look } : it));
    return { ...kept, layouts };
  }
  if (kept.layouts.length >= layoutLimits.count) return null;
  return { ...kept, layouts: [...kept.layouts, { name, look }] };
}

/** Gives a layout another name; null when another layout has it. */
export function renamed(kept: KeptLooks, from: string, to: string): KeptLooks | null {
  const renaming = find(kept.layouts, from);
  const holder = find(kept.layouts, to);
  if (!renaming || (holder && holder !== renaming)) return null;
  const layouts = kept.layouts.map((it) => (it === renaming ? { ...it, name: to } : it));
  return { ...kept, layouts, opensWith: kept.opensWith === renaming.name ? to : kept.opensWith };
}

export function withoutLayout(kept: KeptLooks, name: string): KeptLooks {
  return {
    ...kept,
    layouts: kept.layouts.filter((layout) => layout.name !== name),
    opensWith: kept.opensWith === name ? null : kept.opensWith,
  };
}

/** A stored look leaves out what is as usual, as an address does. */
function storedLook(words: Record<string, unknown>): ChainLook {
  return lookOf(words) ?? usualLook;
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
