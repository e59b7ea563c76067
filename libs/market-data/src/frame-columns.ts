import { padTo8 } from './frame-format';

/** Views over the columns that every frame carries, in wire order; `end` is the offset after. */
export interface QuickColumns {
  volume: Float64Array;
  oi: Float64Array;
  ltpPaise: Int32Array;
  bidPaise: Int32Array;
  askPaise: Int32Array;
  bidQty: Uint32Array;
  askQty: Uint32Array;
  ageMs: Uint32Array;
  known: Uint16Array;
  end: number;
}

/** Lays views over columns 0 to 8; `start` must be a multiple of 8 in `buffer`. */
export function quickColumns(buffer: ArrayBuffer, start: number, count: number): QuickColumns {
  const wide = padTo8(count * 8);
  const narrow = padTo8(count * 4);
  const first = start + 2 * wide;
  return {
    volume: new Float64Array(buffer, start, count),
    oi: new Float64Array(buffer, start + wide, count),
    ltpPaise: new Int32Array(buffer, first, count),
    bidPaise: new Int32Array(buffer, first + narrow, count),
    askPaise: new Int32Array(buffer, first + 2 * narrow, count),
    bidQty: new Uint32Array(buffer, first + 3 * narrow, count),
    askQty: new Uint32Array(buffer, first + 4 * narrow, count),
    ageMs: new Uint32Array(buffer, first + 5 * narrow, count),
    known: new Uint16Array(buffer, first + 6 * narrow, count),
    end: first + 6 * narrow + padTo8(count * 2),
  };
}

/** Views over columns 9 to 12, which only frames with a slow change carry. */
export interface SlowColumns {
  previousOi: Float64Array;
  closePaise: Int32Array;
  /** Six per row. */
  greeks: Float64Array;
  greeksAtMs: Float64Array;
  end: number;
}

/** Lays views over the slow columns, which follow the quick ones. */
export function slowColumns(buffer: ArrayBuffer, start: number, count: number): SlowColumns {
  const greeksAt = start + count * 8 + padTo8(count * 4);
  return {
    previousOi: new Float64Array(buffer, start, count),
    closePaise: new Int32Array(buffer, start + count * 8, count),
    greeks: new Float64Array(buffer, greeksAt, count * 6),
    greeksAtMs: new Float64Array(buffer, greeksAt + count * 48, count),
    end: greeksAt + count * 56,
  };
}

/** Views over columns 13 and 14: volatility and Greeks as the platform computes them. */
export interface DerivedColumns {
  /** Six per row: iv, delta, gamma, theta, vega, rho. */
  greeks: Float32Array;
  ivStatus: Uint8Array;
}

/** Lays views over the derived columns, which come last. */
export function derivedColumns(buffer: ArrayBuffer, start: number, count: number): DerivedColumns {
  return {
    greeks: new Float32Array(buffer, start, count * 6),
    ivStatus: new Uint8Array(buffer, start + padTo8(count * 24), count),
  };
}
