import { bookAt, bookInts, field } from '@strikewire/market-data';
import { limits } from './limits.mjs';

/** A frame: kind 7, then id, LTP, volume, OI, bid, its quantity, ask, its quantity; 33 bytes. */
const frameKind = 7;
const frameBytes = 33;
const wireSegment = 1;
/** A frame does not tell when the last trade was. */
const noTradeTime = 0;

export function createFeed({ credentials, endpoints }) {
  const messages = (word, items) => {
    const size = limits.feed.instrumentsPerMessageMax;
    return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => {
      const batch = items.slice(index * size, (index + 1) * size);
      return `${word} ${batch.map(({ token }) => token.id).join()}`;
    });
  };
  return {
    address: () => ({ url: endpoints.feed, headers: { 'x-token': credentials.accessToken } }),
    subscribe: (items) => messages('on', items),
    unsubscribe: (items) => messages('off', items),
    wireId: ({ id }) => ({ segment: wireSegment, id: Number(id) }),
    createDecoder,
    classifyEnd({ httpStatus }) {
      if (httpStatus === 429) return 'throttled';
      if (httpStatus === 403) return 'suspended';
      return httpStatus === 401 ? 'auth' : 'other';
    },
  };
}

function createDecoder() {
  const counters = { packets: 0, unknownInstrument: 0, malformed: 0 };
  let lookup;
  let sink;
  return {
    counters,
    bind(nextLookup, nextSink) {
      lookup = nextLookup;
      sink = nextSink;
    },
    decode(bytes, isBinary) {
      if (!isBinary || bytes.length !== frameBytes || bytes[0] !== frameKind) {
        counters.malformed++;
        return undefined;
      }
      counters.packets++;
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const slot = lookup?.get(wireSegment, view.getUint32(1)) ?? -1;
      if (slot < 0) counters.unknownInstrument++;
      if (slot >= 0 && sink.admit(slot, noTradeTime, view.getUint32(9))) merge(sink, slot, view);
      return undefined;
    },
  };
}

function merge(sink, slot, view) {
  const { store } = sink;
  const best = slot * bookInts;
  store.ltpPaise[slot] = view.getUint32(5);
  store.volume[slot] = view.getUint32(9);
  store.oi[slot] = view.getUint32(13);
  store.book[best + bookAt.bidPaise] = view.getUint32(17);
  store.book[best + bookAt.bidQty] = view.getUint32(21);
  store.book[best + bookAt.askPaise] = view.getUint32(25);
  store.book[best + bookAt.askQty] = view.getUint32(29);
  sink.commit(slot, field.ltp | field.volume | field.oi | field.top);
}
