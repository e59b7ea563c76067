import type { ChainView } from '@strikewire/client';
import { tagOf } from '@strikewire/market-data';
import { shallowRef, type ShallowRef } from 'vue';
import { strikeLabel } from '../../format/numbers';
import { readLegBook, type LegBook } from './table/leg-book';
import { createRowSubject, type SubjectWhy } from './table/row-subject';

/** The books of both legs of one strike. */
export interface RowBook {
  strike: string;
  /** The strike in rupees. */
  rupees: number;
  tag: string;
  /** Why this strike and no other; empty while it is pointed at. */
  why: string;
  call: LegBook;
  put: LegBook;
}

/** The one row that is told of in full below the table; -1 stands for no row. */
export interface RowBookChoice {
  /** Null before the first figures. */
  book: ShallowRef<RowBook | null>;
  point(index: number): void;
  choose(index: number): void;
  /** Legs were painted: takes over what is new of the row. */
  renew(legs: readonly number[]): void;
}

const whys: Record<SubjectWhy, string> = { pointed: '', chosen: 'chosen', money: 'at the money' };

export function useRowBook(view: ChainView): RowBookChoice {
  const { strikes, lotSize } = view.layout;
  const subject = createRowSubject();
  const book = shallowRef<RowBook | null>(null);
  let shown = -1;

  const show = (): void => {
    const { index, why } = subject.now;
    const strike = strikes[index];
    shown = index;
    book.value =
      strike === undefined
        ? null
        : {
            strike: strikeLabel(strike),
            rupees: strike,
            tag: tagOf(index, view.head?.anchorIndex ?? -1, 'CE') ?? '',
            why: whys[why],
            call: readLegBook(view.store, 2 * index, lotSize),
            put: readLegBook(view.store, 2 * index + 1, lotSize),
          };
  };
  return {
    book,
    point(index) {
      subject.point(index);
      show();
    },
    choose(index) {
      subject.choose(index);
      show();
    },
    renew(legs) {
      subject.centre(view.head?.anchorIndex ?? -1);
      const { index } = subject.now;
      if (index !== shown || legs.some((leg) => leg >> 1 === index)) show();
    },
  };
}
