import { indiaInstant } from '@strikewire/contracts';
import type { ServedResponse } from '@strikewire/runtime';
import type { Contract } from '../../market/contract';
import { addDays } from '../../market/dates';
import { isinOf } from '../../market/isin';
import { failure, gatewayPage } from '../envelopes';
import { indexName, segmentOf, tradingSymbol } from '../keys';
import { derivativeFields } from './instrument-row';
import type { OpenCall, UpstoxDeps } from './rest-call';

const files: Readonly<Record<string, readonly string[]>> = {
  complete: ['NSE', 'BSE', 'MCX'], NSE: ['NSE'], BSE: ['BSE'], MCX: ['MCX'],
};

/** The files of a day are made once. */
export interface InstrumentFiles {
  route(call: OpenCall): ServedResponse | Promise<ServedResponse>;
}

/** GET /market-quote/instruments/exchange/{file}.json.gz: gzipped JSON arrays. */
export function createInstrumentFiles(): InstrumentFiles {
  let madeFor = '';
  let made = new Map<string, Promise<Uint8Array>>();
  return {
    route({ deps, request, rest }) {
      // Whoever does not say who he is does not get past the gateway.
      if (!request.headers['user-agent']) return gatewayPage(403);
      const name = /^(\w+)\.json\.gz$/.exec(rest)?.[1] ?? '';
      const exchanges = Object.hasOwn(files, name) ? files[name] : undefined;
      if (!exchanges) return failure('UDAPI100060');
      const version = versionOf(deps);
      if (version !== madeFor) [madeFor, made] = [version, new Map()];
      let file = made.get(name);
      if (!file) made.set(name, (file = fileOf(deps, exchanges)));
      const headers = { 'content-type': 'application/gzip' };
      // Time waits for it: it is packed beside everything else that goes on.
      return deps.clock.track(file.then((body) => ({ status: 200, headers, body })));
    },
  };
}

/** What files are made from: the day, the lists of expiries, and lies about them. */
function versionOf({ market, faults }: UpstoxDeps): string {
  const parts = market.underlyings.map((underlying) =>
    `${market.expiries(underlying).join()} ${faults.masterShiftDays(underlying.symbol)}`);
  return [market.today(), ...parts].join('|');
}

/** Texts are joined in parts: a whole day's is long. */
const rowsPerPart = 1_000;

function fileOf(deps: UpstoxDeps, exchanges: readonly string[]): Promise<Uint8Array> {
  const parts: string[] = [];
  let texts: string[] = [];
  let isFirst = true;
  const close = (): void => {
    parts.push(`${isFirst ? '[' : ','}${texts.join(',')}`);
    isFirst = false;
    texts = [];
  };
  for (const row of rows(deps, exchanges)) {
    texts.push(JSON.stringify(row));
    if (texts.length === rowsPerPart) close();
  }
  if (texts.length > 0 || isFirst) close();
  parts.push(']');
  return gzipped(new Blob(parts));
}

async function gzipped(text: Blob): Promise<Uint8Array> {
  const packed = text.stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

function* rows(deps: UpstoxDeps, exchanges: readonly string[]): Generator<object> {
  const { market } = deps;
  const isHere = (exchange: string): boolean => exchanges.includes(exchange);
  for (const underlying of market.underlyings) {
    if (underlying.kind === 'commodity' || !isHere(underlying.exchange)) continue;
    yield cashRow(deps, market.lookSpot(underlying));
  }
  for (const { underlying, place, id, expiry } of market.futures()) {
    const future = market.look(place, id);
    if (isHere(underlying.exchange) && future) yield derivativeRow(deps, future, expiry);
  }
  for (const underlying of market.underlyings) {
    if (!isHere(underlying.exchange)) continue;
    const shift = deps.faults.masterShiftDays(underlying.symbol);
    for (const expiry of market.expiries(underlying)) {
      const chain = market.chain(underlying, expiry);
      if (!chain) continue;
      const shown = addDays(expiry, shift);
      for (let position = 0; position < 2 * chain.strikesPaise.length; position++) {
        yield derivativeRow(deps, market.lookLeg(chain, position), shown);
      }
    }
  }
}

function cashRow(deps: UpstoxDeps, contract: Contract): object {
  const { underlying, kind, id, tickPaise } = contract;
  const shared = {
    segment: segmentOf(contract),
    exchange: underlying.exchange,
    instrument_key: deps.keys.keyOf(contract),
    exchange_token: String(id),
    trading_symbol: underlying.symbol,
  };
  if (kind === 'index') {
    return { ...shared, name: indexName(underlying), instrument_type: 'INDEX' };
  }
  return {
    ...shared, name: underlying.name.toUpperCase(), instrument_type: 'EQ',
    isin: isinOf(underlying.symbol), lot_size: 1, freeze_quantity: 100_000, tick_size: tickPaise,
    short_name: underlying.symbol, security_type: 'NORMAL', cas_eligible: true,
  };
}

/** Here the expiry is the last second of its day in India, epoch ms. */
function derivativeRow(deps: UpstoxDeps, contract: Contract, shown: string): object {
  return {
    ...derivativeFields(deps, contract),
    expiry: indiaInstant(shown, 24 * 60) - 1_000,
    asset_symbol: contract.underlying.symbol,
    ...(shown !== contract.expiry && {
      trading_symbol: tradingSymbol({ ...contract, expiry: shown }),
    }),
  };
}
