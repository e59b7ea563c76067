import { createSeededRandom, type Random } from '@strikewire/runtime';
import { drawBook } from './book';
import type { Contract } from './contract';
import { levelMs, type Moment } from './moment';
import { chance, mix } from './noise';
import type { Pricer } from './pricer';

/** What a tick changed, as bits. */
export const changed = { trade: 1, book: 2, oi: 4 } as const;

/** Times of the trading day that a contract's figures refer to, epoch ms. */
export interface DayTimes {
  day: string;
  openMs: number;
  closeMs: number;
  previousCloseMs: number;
}

/** Lots traded in a day and open by the busiest contract. */
const dayLotsMost = 1_800_000;
const openLotsMost = 90_000;
const u32Max = 4_294_967_295;

/** Starts a trading day: yesterday's figures become the previous ones, today's start at nothing. */
export function startDay(contract: Contract, times: DayTimes, pricer: Pricer): void {
  const isFirst = contract.day === '';
  contract.day = times.day;
  contract.bookMs = 0;
  if (contract.life === 'dead' || contract.life === 'bookOnly') return;
  const { previousCloseMs } = times;
  const worth = pricer.fair(contract, previousCloseMs, previousCloseMs);
  const close = roundToTick(worth, contract.tickPaise);
  contract.closePaise = isFirst || contract.tradeMs === 0 ? close : contract.ltpPaise;
  contract.ltpPaise = contract.closePaise;
  contract.previousVolume = isFirst ? dayVolume(contract, 0.9) : contract.volume;
  contract.previousOi = isFirst ? openInterest(contract) : contract.oi;
  contract.oi = contract.oiHigh = contract.oiLow = contract.previousOi;
  contract.volume = contract.tradeMs = contract.lastQuantity = contract.averagePaise = 0;
  contract.openPaise = contract.highPaise = contract.lowPaise = 0;
}

/**
 * Brings an unwatched contract to the moment, as if it had traded all along: its last trade is that
 * of the running period, whose length follows its liquidity. The same moment gives the same truth,
 * whoever looked before.
 */
export function catchUp(
  contract: Contract,
  moment: Moment,
  times: DayTimes,
  pricer: Pricer,
): void {
  if (contract.day !== times.day) startDay(contract, times, pricer);
  if (contract.life === 'dead') return;
  const nowMs = moment[contract.board];
  const periodMs = Math.round(1000 * (1 + (1 - contract.liquidity) ** 4 * 120));
  const phase = contract.noise % periodMs;
  const startMs = nowMs - ((nowMs + phase) % periodMs);
  if (startMs <= Math.max(contract.bookMs, contract.tradeMs)) return;
  contract.bookMs = startMs;
  const random = createSeededRandom(mix(contract.noise, Math.floor(startMs / 1000)));
  const levelAtMs = Math.min(startMs, levelMs(moment, contract.board));
  const fair = pricer.fair(contract, levelAtMs, startMs);
  drawBook(contract, fair, random);
  if (contract.life !== 'live' || startMs < times.openMs) return;
  if (contract.openPaise === 0) openDay(contract, times, pricer);
  const fraction = (startMs - times.openMs) / (times.closeMs - times.openMs);
  recordTrade(contract, fair, startMs, random);
  contract.volume = Math.max(contract.volume, dayVolume(contract, fraction));
  driftOpenInterest(contract, fraction);
}

/** One tick of a watched contract: a trade or a change of the book. Returns what changed. */
export function tick(
  contract: Contract,
  fair: number,
  nowMs: number,
  random: Random,
): number {
  if (contract.kind === 'index') {
    recordTrade(contract, fair, nowMs, random);
    return changed.trade;
  }
  drawBook(contract, fair, random);
  if (contract.life !== 'live' || random.next() < 0.3) return changed.book;
  recordTrade(contract, fair, nowMs, random);
  contract.volume = Math.min(u32Max, contract.volume + contract.lastQuantity);
  if (contract.kind === 'cash' || random.next() < 0.7) return changed.trade | changed.book;
  const step = Math.round((random.next() - 0.45) * 8) * contract.lot;
  setOpenInterest(contract, contract.oi + step);
  return changed.trade | changed.book | changed.oi;
}

/** Paise on the tick, never under one tick. */
export function roundToTick(rupees: number, tickPaise: number): number {
  return Math.max(tickPaise, Math.round((rupees * 100) / tickPaise) * tickPaise);
}

function recordTrade(contract: Contract, fair: number, nowMs: number, random: Random): void {
  const { depth, tickPaise } = contract;
  const side = random.next() < 0.5 ? depth[4] : depth[5];
  const price = side !== undefined && side > 0 ? side : roundToTick(fair, tickPaise);
  contract.ltpPaise = price;
  contract.tradeMs = nowMs;
  if (contract.openPaise === 0) contract.openPaise = contract.lowPaise = price;
  contract.highPaise = Math.max(contract.highPaise, price);
  contract.lowPaise = Math.min(contract.lowPaise, price);
  if (contract.kind === 'index') return;
  contract.lastQuantity = contract.lot * (1 + Math.floor(-Math.log(1 - random.next()) * 3));
  const { averagePaise, lastQuantity, volume } = contract;
  const share = lastQuantity / Math.max(volume, lastQuantity);
  contract.averagePaise = averagePaise === 0
    ? (contract.openPaise + price) / 2
    : averagePaise + (price - averagePaise) * share;
}

function openDay(contract: Contract, times: DayTimes, pricer: Pricer): void {
  const worth = pricer.fair(contract, times.openMs, times.openMs);
  const open = roundToTick(worth, contract.tickPaise);
  contract.openPaise = contract.highPaise = contract.lowPaise = open;
}

function dayVolume(contract: Contract, fraction: number): number {
  if (contract.kind === 'index') return 0;
  const most = dayLotsMost * contract.liquidity * contract.underlying.liquidity;
  const lots = Math.floor(most * (0.6 + 0.8 * chance(contract.noise, 11)) * fraction);
  return Math.min(u32Max, Math.max(1, lots) * contract.lot);
}

function openInterest(contract: Contract): number {
  if (contract.kind === 'index' || contract.kind === 'cash') return 0;
  const spread = Math.sqrt(contract.liquidity) * contract.underlying.liquidity;
  const lots = Math.floor(openLotsMost * spread * (0.3 + chance(contract.noise, 12)));
  return Math.max(1, lots) * contract.lot;
}

/** Through the day open interest grows by up to a third, or falls by up to a tenth. */
function driftOpenInterest(contract: Contract, fraction: number): void {
  if (contract.previousOi === 0) return;
  const today = chance(contract.noise, 13, Number(contract.day.slice(8)));
  const growth = (today * 0.43 - 0.1) * fraction;
  const lots = Math.round((contract.previousOi * (1 + growth)) / contract.lot);
  setOpenInterest(contract, lots * contract.lot);
}

function setOpenInterest(contract: Contract, oi: number): void {
  contract.oi = Math.min(u32Max, Math.max(0, oi));
  contract.oiHigh = Math.max(contract.oiHigh, contract.oi);
  contract.oiLow = Math.min(contract.oiLow, contract.oi);
}
