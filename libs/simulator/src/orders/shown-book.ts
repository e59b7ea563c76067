import { depthFields, depthLevels, type Contract } from '../market/contract';
import type { Side } from './order';

/** A fill at one level of a book. */
export interface Take {
  quantity: number;
  pricePaise: number;
}

interface Taken {
  /** The book that the quantities were taken from; another one is whole again. */
  book: string;
  /** By level; of asks the first five, then of bids. */
  quantities: number[];
}

/** Of more contracts than this the oldest are forgotten. */
const contractsMost = 1_000;

/** What the market shows, less what orders have taken of it already. */
export interface ShownBook {
  /** Best price first, up to `most` units; a limit of 0 means any price. */
  take(contract: Contract, side: Side, limitPaise: number, most: number): Take[];
}

export function createShownBook(): ShownBook {
  const takenOf = new Map<Contract, Taken>();
  const current = (contract: Contract): Taken => {
    const book = contract.depth.join();
    const known = takenOf.get(contract);
    if (known?.book === book) return known;
    const fresh = { book, quantities: new Array<number>(2 * depthLevels).fill(0) };
    takenOf.delete(contract);
    takenOf.set(contract, fresh);
    for (const oldest of takenOf.keys()) {
      if (takenOf.size <= contractsMost) break;
      takenOf.delete(oldest);
    }
    return fresh;
  };
  return {
    take(contract, side, limitPaise, most) {
      const { quantities } = current(contract);
      const isBuy = side === 'BUY';
      const takes: Take[] = [];
      let rest = most;
      for (let level = 0; level < depthLevels && rest > 0; level++) {
        const at = level * depthFields;
        const pricePaise = contract.depth[at + (isBuy ? 5 : 4)] ?? 0;
        if (pricePaise === 0) break;
        const isBeyond = isBuy ? pricePaise > limitPaise : pricePaise < limitPaise;
        if (limitPaise > 0 && isBeyond) break;
        const place = level + (isBuy ? 0 : depthLevels);
        const shown = (contract.depth[at + (isBuy ? 1 : 0)] ?? 0) - (quantities[place] ?? 0);
        const quantity = Math.min(rest, shown);
        if (quantity <= 0) continue;
        quantities[place] = (quantities[place] ?? 0) + quantity;
        rest -= quantity;
        takes.push({ quantity, pricePaise });
      }
      return takes;
    },
  };
}
