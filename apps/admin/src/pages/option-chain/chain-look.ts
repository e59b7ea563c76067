import { columnsText, defaultColumns, parseColumns } from './column-choice';
import type { ColumnId } from './table/columns';
import { isMoveRule, usualMoveRule, type MoveRule } from './table/move-watch';

/** How a person looks at chains, whichever chain it is. */
export interface ChainLook {
  /** From the strike outwards. */
  columns: readonly ColumnId[];
  isHeatOn: boolean;
  /** Null: large moves are not marked. */
  moves: MoveRule | null;
}

/** The look of somebody who has changed nothing. */
export const usualLook: ChainLook = {
  columns: defaultColumns,
  isHeatOn: false,
  moves: usualMoveRule,
};

/** A look as an address names it; what is as usual is left out. */
export type LookWords = Record<(typeof lookNames)[number], string | undefined>;

/** Names of the words in an address. */
export const lookNames = ['columns', 'heat', 'moves'] as const;

/** `{columns: 'oi,ltp', heat: 'on', moves: '5-60'}`: moves are percent and seconds, or `off`. */
export function lookWords({ columns, isHeatOn, moves }: ChainLook): LookWords {
  const unusual = (text: string, usual: string): string | undefined =>
    text === usual ? undefined : text;
  return {
    columns: unusual(columnsText(columns), columnsText(defaultColumns)),
    heat: unusual(isHeatOn ? 'on' : 'off', 'off'),
    moves: unusual(movesText(moves), movesText(usualMoveRule)),
  };
}

/** Reads such words; what is not named, or cannot be read, is as usual. Null: none is named. */
export function lookOf(words: Partial<Record<string, unknown>>): ChainLook | null {
  if (lookNames.every((name) => typeof words[name] !== 'string')) return null;
  return {
    columns: parseColumns(words['columns']) ?? defaultColumns,
    isHeatOn: words['heat'] === 'on',
    moves: parseMoves(words['moves']),
  };
}

export function isSameLook(a: ChainLook, b: ChainLook): boolean {
  return JSON.stringify(lookWords(a)) === JSON.stringify(lookWords(b));
}

function movesText(moves: MoveRule | null): string {
  return moves ? `${moves.percent}-${moves.seconds}` : 'off';
}

function parseMoves(text: unknown): MoveRule | null {
  if (text === 'off') return null;
  const [, percent, seconds] = /^(\d+)-(\d+)$/.exec(String(text)) ?? [];
  const rule = { percent: Number(percent), seconds: Number(seconds) };
  return isMoveRule(rule) ? rule : usualMoveRule;
}
