import { isIsoDate } from '@strikewire/contracts';
import type { ServedResponse } from '@strikewire/runtime';
import type { Market } from '../../market/market';
import type { Underlying } from '../../market/underlying';
import { dataAnswer, dataError, jsonAnswer } from '../envelopes';
import { parseBody } from '../../parse-body';
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
  return jsonAnswer(200, deps.chains.write(deps.market, chain, isEmpty));
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
