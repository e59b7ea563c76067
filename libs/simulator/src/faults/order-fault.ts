import { count, flag, forMs, isWhole, lasting, oneOf, probability, span, status, text,
  type Fields } from './checks';

/** What a client asks of the order side. `book`: whatever is only read there. */
export type OrderCall = 'place' | 'modify' | 'cancel' | 'book' | 'margin';
/** What comes instead of an answer, or of it. `twice`: the same text two times in one body. */
export type OrderAnswer = 'hang' | 'drop' | 'status' | 'html' | 'empty' | 'torn' | 'twice';
/** How the margin answers of a broker can depart from what most of them say. */
export type MarginShape = 'camel' | 'snake' | 'sentinel' | 'error200';

/** Of one account, or of all; until so many uses, for so long, or until it is cleared. */
interface OfAccount {
  clientId?: string;
  count?: number;
  forMs?: number;
}

/** What can go wrong with orders. */
export type OrderFault =
  | ({
      kind: 'orderAnswer';
      /** Whether what was asked for has happened or not. */
      when: 'before' | 'after';
      answer: OrderAnswer;
      /** Of `status` and `html`: 502 when not given. */
      status?: number;
      /** `place` when not given. */
      on?: OrderCall | 'any';
    } & OfAccount)
  /** It stays on its way to the exchange. */
  | ({ kind: 'slowTransit'; delayMs: number } & OfAccount)
  /** A fill is told that much later; with `showCancelled` a cancellation meanwhile is told. */
  | ({ kind: 'lateFill'; delayMs: number; showCancelled?: boolean } & OfAccount)
  /** Nothing is filled while it lasts. */
  | ({ kind: 'holdFills' } & Omit<OfAccount, 'count'>)
  /** No more than so many lots at a time, the rest with later books. */
  | ({ kind: 'partFills'; lots: number } & OfAccount)
  /** One lot is filled, the rest rejected; an order of one lot is left alone. */
  | ({ kind: 'rejectAfterPartFill' } & OfAccount)
  /** The broker's books do not show an order until then. */
  | ({ kind: 'hideOrder'; hideMs: number } & OfAccount)
  /** A status word that nobody has heard of. */
  | ({ kind: 'strangeStatus'; word?: string; in?: 'book' | 'news' | 'both' } & OfAccount)
  /** Each row of the books is there twice. */
  | ({ kind: 'duplicateRows' } & OfAccount)
  | ({ kind: 'duplicateOrderNews'; probability: number } & OfAccount)
  /** It comes after the one behind it. */
  | ({ kind: 'outOfOrderNews'; probability: number } & OfAccount)
  | ({ kind: 'lostOrderNews'; probability: number } & OfAccount)
  | ({ kind: 'delayOrderNews'; delayMs: number } & OfAccount)
  /** The account's order sockets break at the moment that an order is taken, or filled. */
  | ({ kind: 'breakOrderSocket'; on: 'taken' | 'filled' } & OfAccount)
  | ({ kind: 'marginShape'; shape: MarginShape } & OfAccount)
  /** Of the order news, where a broker spells them in two ways. */
  | ({ kind: 'orderKeys'; keys: 'camel' | 'pascal' } & OfAccount);

const ofAccount: Fields = { ...lasting, clientId: text };
const drawn = { required: { probability }, optional: ofAccount };

export const orderFaultShapes: Readonly<
  Record<OrderFault['kind'], { required: Fields; optional: Fields }>
> = {
  orderAnswer: {
    required: {
      when: oneOf('before', 'after'),
      answer: oneOf('hang', 'drop', 'status', 'html', 'empty', 'torn', 'twice'),
    },
    optional: {
      ...ofAccount, status, on: oneOf('place', 'modify', 'cancel', 'book', 'margin', 'any'),
    },
  },
  slowTransit: { required: { delayMs: span }, optional: ofAccount },
  lateFill: { required: { delayMs: span }, optional: { ...ofAccount, showCancelled: flag } },
  holdFills: { required: {}, optional: { forMs, clientId: text } },
  partFills: {
    required: { lots: ['a number of lots from 1 to 1000', isWhole(1, 1_000)] },
    optional: ofAccount,
  },
  rejectAfterPartFill: { required: {}, optional: ofAccount },
  hideOrder: { required: { hideMs: span }, optional: ofAccount },
  strangeStatus: {
    required: {},
    optional: { ...ofAccount, word: text, in: oneOf('book', 'news', 'both') },
  },
  duplicateRows: { required: {}, optional: ofAccount },
  duplicateOrderNews: drawn,
  outOfOrderNews: drawn,
  lostOrderNews: drawn,
  delayOrderNews: { required: { delayMs: span }, optional: ofAccount },
  breakOrderSocket: {
    required: { on: oneOf('taken', 'filled') },
    optional: { forMs, count, clientId: text },
  },
  marginShape: {
    required: { shape: oneOf('camel', 'snake', 'sentinel', 'error200') },
    optional: ofAccount,
  },
  orderKeys: { required: { keys: oneOf('camel', 'pascal') }, optional: ofAccount },
};
