import { tokenKey } from '@strikewire/broker';
import { futureKey, optionKey, paiseOf } from '@strikewire/contracts';
import { StrikewireError } from '@strikewire/runtime';

const pricesMax = 20;
const kinds = {
  400: 'invalid', 401: 'unauthenticated', 403: 'fatal', 404: 'not_found', 429: 'throttled',
};
const segment = 'X';

export class ExampleRest {
  constructor({ credentials, endpoints }, { gate, http, clock }) {
    Object.assign(this, { credentials, endpoints, gate, http, clock });
  }

  /** Within the budget; with the time at which the request left. */
  get(path, priority = 0) {
    const headers = { 'x-token': this.credentials.accessToken };
    return this.gate.run({ class: 'data', priority }, async () => {
      const sentMonoMs = this.clock.monoMs();
      return { body: await this.answer(path, headers), sentMonoMs };
    });
  }

  /** For what anybody may load. */
  async list(path) {
    return { body: await this.answer(path, {}) };
  }

  async answer(path, headers) {
    const { status, body } = await this.http.send({
      method: 'GET', url: `${this.endpoints.rest}${path}`, headers,
      timeoutMs: 10_000, bytesMax: 4_000_000,
    });
    const parsed = parse(body);
    if (status === 200 && parsed !== undefined) return parsed;
    const [operation] = path.split('?');
    throw new StrikewireError({
      kind: kinds[status] ?? 'retryable',
      code: `http_${status}`,
      message: `[broker-example] GET ${operation}: HTTP ${status}, needs 200 with JSON`,
    });
  }
}

function parse(bytes) {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

const tokenOf = (id) => ({ segment, id: String(id) });

export function createMarketData(rest, { clock }) {
  let kept;
  const master = () => {
    kept ??= rest.list('/instruments').catch((error) => {
      kept = undefined;
      throw error;
    });
    return kept.then(({ body }) => body);
  };
  return {
    async underlyings() {
      const { underlyings } = await master();
      return underlyings.map(({ exchange, symbol, kind, spotId }) =>
        ({ exchange, symbol, kind, spot: tokenOf(spotId), chain: tokenOf(symbol) }));
    },
    async expiries({ symbol }) {
      const { body } = await rest.get(`/expiries?symbol=${encodeURIComponent(symbol)}`);
      return [...body.expiries].sort();
    },
    async chain({ symbol }, expiry, priority = 0) {
      const path = `/chain?symbol=${encodeURIComponent(symbol)}&expiry=${expiry}`;
      const { body, sentMonoMs } = await rest.get(path, priority);
      return readChain(body, { sentMonoMs, receivedMs: clock.wallMs() });
    },
    async lastPrices(tokens) {
      const prices = new Map();
      for (let start = 0; start < tokens.length; start += pricesMax) {
        const batch = tokens.slice(start, start + pricesMax);
        const { body } = await rest.get(`/prices?ids=${batch.map(({ id }) => id).join()}`);
        for (const [id, rupees] of Object.entries(body.prices)) {
          prices.set(tokenKey(tokenOf(id)), paiseOf(rupees));
        }
      }
      return prices;
    },
    async instruments(wanted) {
      const { contracts } = await master();
      const names = new Set(wanted.map(({ symbol }) => symbol));
      const rows = contracts.filter(({ symbol }) => names.has(symbol));
      const table = new Map(rows.map((row) => [tokenKey(tokenOf(row.id)), infoOf(row)]));
      return { size: table.size, get: (token) => table.get(tokenKey(token)) };
    },
    async resolve(keys) {
      const { contracts } = await master();
      const wanted = new Set(keys);
      const found = contracts.map((row) => [keyOf(row), tokenOf(row.id)]);
      return new Map(found.filter(([key]) => wanted.has(key)));
    },
  };
}

function keyOf({ exchange, symbol, expiry, strike, type }) {
  if (type === 'FUT') return futureKey({ exchange, symbol, expiry });
  return optionKey({ exchange, symbol, expiry, strikePaise: paiseOf(strike), type });
}

const infoOf = ({ id, name, lot, tick }) => ({
  token: tokenOf(id), symbol: name, lotSize: lot, tickPaise: paiseOf(tick), freezeQuantity: null,
});

function readChain({ spot, rows }, times) {
  const strikes = rows.map(({ strike, CE, PE }) =>
    ({ strikePaise: paiseOf(strike), CE: legOf(CE), PE: legOf(PE) }));
  return { spotPaise: paiseOf(spot), strikes, ...times };
}

function legOf({ id, ltp, bid, ask, bidQty, askQty, volume, oi }) {
  return {
    token: tokenOf(id), ltpPaise: paiseOf(ltp), bidPaise: paiseOf(bid), askPaise: paiseOf(ask),
    bidQty, askQty, volume, oi, previousOi: null, closePaise: null, greeks: null,
  };
}
