import type { AccountFunds } from '@strikewire/broker';
import {
  createPaperMarket,
  type PaperHolding,
  type PaperMarket,
  type PaperOrderRecord,
  type PaperPositionRecord,
  type PaperTradeRecord,
} from '@strikewire/broker-paper';
import type { MarginPosition } from '@strikewire/margin';
import { createPaperTables, type SettlementPrices } from '@strikewire/orders/module';
import { spotOfExpiry } from './spot-of-expiry';
import type { TradingDeps } from './trading-deps';

/** What the names of paper accounts begin with; the user's id follows. */
export const paperPrefix = 'paper:';

type PaperDeps = Pick<TradingDeps, 'clock' | 'log' | 'storage' | 'engine' | 'hours'>;

/** Everybody's paper account over the live books. What is stated beats what was seen. */
export function openPaper(
  { clock, log, storage, engine, hours }: PaperDeps,
  blockedFor: (held: readonly MarginPosition[]) => number | null,
  stated: Pick<SettlementPrices, 'of'>,
): PaperMarket {
  const { calendar } = hours;
  return createPaperMarket({
    clock,
    log,
    contracts: engine.contracts,
    calendar,
    store: createPaperTables<PaperOrderRecord, PaperTradeRecord, PaperPositionRecord>(
      storage.database,
    ),
    blockedFor: (_account, held) => blockedFor(held.map((one) => heldLine(one, hours))),
    settlementOf: (contract) => stated.of(contract)
      ?? spotOfExpiry({ board: engine.board, calendar, clock }, contract),
  });
}

function heldLine(
  { facts, quantity, pricePaise, iv }: PaperHolding,
  { calendar }: PaperDeps['hours'],
): MarginPosition {
  const { key, exchange, underlying, expiry, kind, strikePaise } = facts;
  const expiryMs = calendar.closeMs(exchange, expiry);
  return {
    key, exchange, underlying, expiry, expiryMs, kind, strikePaise, quantity, pricePaise, iv,
  };
}

/** Of a paper account; null for any other. */
export function paperFundsOf(account: string, paper: PaperMarket): AccountFunds | null {
  if (!account.startsWith(paperPrefix)) return null;
  return paper.fundsOf(account.slice(paperPrefix.length));
}
