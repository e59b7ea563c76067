/** Why a strike is the one that is told of in full. */
export type SubjectWhy = 'pointed' | 'chosen' | 'money';

export interface Subject {
  index: number;
  why: SubjectWhy;
}

/** Which row the strip below the table tells of; -1 stands for none. */
export interface RowSubject {
  readonly now: Subject;
  /** The pointer is over a row, or left it. */
  point(index: number): void;
  /** A row is chosen by press, key or address. */
  choose(index: number): void;
  /** The strike at the money moved. */
  centre(index: number): void;
}

/** The row under the pointer, else the chosen one, else the one at the money. */
export function createRowSubject(): RowSubject {
  let pointed = -1;
  let chosen = -1;
  let money = -1;
  return {
    get now(): Subject {
      if (pointed >= 0) return { index: pointed, why: 'pointed' };
      if (chosen >= 0) return { index: chosen, why: 'chosen' };
      return { index: money, why: 'money' };
    },
    point: (index) => (pointed = index),
    choose: (index) => (chosen = index),
    centre: (index) => (money = index),
  };
}
