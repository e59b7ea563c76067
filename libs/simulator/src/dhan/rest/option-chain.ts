import { isIsoDate } from '@strikewire/contracts';
import type { ServedResponse } from '@strikewire/runtime';
import { depthFields, type Contract } from '../../market/contract';
import type { Chain } from '../../market/listing';
import type { Market } from '../../market/market';
import { boardOf } from '../../market/places';
import type { Underlying } from '../../market/underlying';
import { dataAnswer, dataError } from '../envelopes';
import { numberText, objectText, parseBody } from '../../json-text';
import { shownGreeks } from './greeks';
import type { DataCall } from './rest-call';

/** POST /v2/optionchain/expirylist */
export function expiryListRoute({ deps, clientId, body }: DataCall): ServedResponse {
  const asked = askedUnderlying(deps.market, body);
  if ('status' in asked) return asked;
  const { underlying, key } = asked;
  if (!deps.limits.take(clientId, 'expiryList', key)) return dataError(805);
  return dataAnswer(JSON.stringify(deps.market.expiries(underlying)));
}

/** POST /v2/optionchain */
export function optionChainRoute({ deps, clientId, body }: DataCall): ServedResponse {
  const asked = askedUnderlying(deps.market, body);
  if ('status' in asked) return asked;
  const { underlying, key, fields } = asked;
  const expiry = fields['Expiry'];
  if (typeof expiry !== 'string') return dataError(814);
  if (!isIsoDate(expiry)) return dataError(812);
  if (!deps.limits.take(clientId, 'chain', `${key}/${expiry}`)) return dataError(805);
  const chain = deps.market.chain(underlying, expiry);
  if (!chain) return dataError(811);
  const isEmpty = deps.faults.isChainEmpty(underlying.symbol, expiry);
  return dataAnswer(chainText(deps.market, chain, isEmpty));
}

/** What ids of a segment stand for when chains are asked for. */
const kinds = {
  IDX_I: 'index', NSE_EQ: 'stock', NSE_FNO: 'stock', MCX_COMM: 'commodity',
} as const;

interface Asked {
  underlying: Underlying;
  /** What Dhan's 3-second rule tells apart. */
  key: string;
  fields: Record<string, unknown>;
}

function askedUnderlying(market: Market, body: Uint8Array): Asked | ServedResponse {
  const fields = parseBody(body);
  const scrip = fields?.['UnderlyingScrip'];
  const segment = fields?.['UnderlyingSeg'];
  if (!fields || !Number.isInteger(scrip) || typeof segment !== 'string') return dataError(814);
  const kind = Object.hasOwn(kinds, segment) ? kinds[segment as keyof typeof kinds] : undefined;
  const underlying = kind && market.underlyingOf(kind, scrip as number);
  if (!underlying?.expiries) return dataError(813);
  return { underlying, key: `${String(scrip)}/${segment}`, fields };
}

function chainText(market: Market, chain: Chain, isEmpty: boolean): string {
  const spotPaise = market.lookSpot(chain.underlying).ltpPaise;
  const msToExpiry = chain.expiryMs - market.standsAtMs(boardOf(chain.underlying));
  const leg = (position: number): string =>
    legText(market.lookLeg(chain, position), spotPaise / 100, msToExpiry);
  const strikes = isEmpty ? [] : chain.strikesPaise;
  const entries = strikes.map((strikePaise, index) => {
    const name = `"${(strikePaise / 100).toFixed(6)}"`;
    return `${name}:{"ce":${leg(2 * index)},"pe":${leg(2 * index + 1)}}`;
  });
  // The price passed through a float32 on its way: 22952.95 comes out as 22952.94921875.
  const spot = numberText(Math.fround(spotPaise / 100));
  return `{"last_price":${spot},"oc":{${entries.join(',')}}}`;
}

function legText(leg: Contract, spot: number, msToExpiry: number): string {
  const { impliedVolatility, ...greeks } = shownGreeks(leg, spot, msToExpiry);
  const [bidQuantity, askQuantity, , , bidPaise, askPaise] = leg.depth.subarray(0, depthFields);
  const number = (value: number | undefined): string => numberText(value ?? 0);
  const rupees = (paise: number | undefined): string => numberText(Math.round(paise ?? 0) / 100);
  return objectText([
    ['average_price', rupees(leg.averagePaise)],
    ['greeks', objectText([
      ['delta', number(greeks.delta)],
      ['theta', number(greeks.theta)],
      ['gamma', number(greeks.gamma)],
      ['vega', number(greeks.vega)],
    ])],
    ['implied_volatility', number(impliedVolatility)],
    ['last_price', rupees(leg.ltpPaise)],
    ['oi', number(leg.oi)],
    ['previous_close_price', rupees(leg.closePaise)],
    ['previous_oi', number(leg.previousOi)],
    ['previous_volume', number(leg.previousVolume)],
    ['security_id', number(leg.id)],
    ['top_ask_price', rupees(askPaise)],
    ['top_ask_quantity', number(askQuantity)],
    ['top_bid_price', rupees(bidPaise)],
    ['top_bid_quantity', number(bidQuantity)],
    ['volume', number(leg.volume)],
  ]);
}
