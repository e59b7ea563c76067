import { indiaDateOf, indiaIsoOf, type Exchange } from '@strikewire/contracts';
import type { ReadinessFacts } from '@strikewire/broker/module';
import type { OptionChainEngine } from '@strikewire/option-chain/engine';
import type { UniverseRules } from '@strikewire/option-chain/module';
import type { Clock } from '@strikewire/runtime';
import type { TradingCalendar } from '@strikewire/trading-hours';
import type { SessionRunner } from '@strikewire/trading-hours/engine';

/** What readiness is judged by beside the accounts. */
export interface ReadinessParts {
  clock: Pick<Clock, 'wallMs'>;
  calendar: TradingCalendar;
  universe: Pick<UniverseRules, 'rules'>;
  engine: Pick<OptionChainEngine, 'service'>;
  runner: Pick<SessionRunner, 'coming'>;
}

const dayMs = 86_400_000;

/** What is known of the hours and chains of the day that comes. */
export function readinessFacts(parts: ReadinessParts): ReadinessFacts {
  const { clock, calendar, engine, runner } = parts;
  const nowMs = clock.wallMs();
  const exchanges = servedExchanges(parts);
  const opens = exchanges.map((exchange) => calendar.nextOpenMs(exchange, nowMs));
  const known = opens.flatMap((open) => open ?? []);
  const { chains, built } = engine.service.status().requests;
  const build = runner.coming().find(({ job }) => job === 'build');
  return {
    nextOpenMs: known.length > 0 ? Math.min(...known) : null,
    closeMs: lastClose(parts, exchanges, nowMs),
    hours: hoursItem(exchanges, opens, calendar),
    chains: { built, wanted: chains, nextBuildMs: build?.atMs ?? null },
  };
}

/** The close that comes next, of the exchange that closes last that day; null without exchanges. */
export function nextCloseMs(parts: Omit<ReadinessParts, 'engine' | 'runner'>): number | null {
  return lastClose(parts, servedExchanges(parts), parts.clock.wallMs());
}

function lastClose(
  { calendar }: Pick<ReadinessParts, 'calendar'>,
  exchanges: readonly Exchange[],
  nowMs: number,
): number | null {
  const closes = exchanges.map((exchange) => {
    const isOpen = calendar.isOpen(exchange, nowMs);
    const dayOf = isOpen ? nowMs : (calendar.nextOpenMs(exchange, nowMs) ?? nowMs);
    const closeMs = calendar.closeMs(exchange, indiaDateOf(dayOf));
    // What never closes has its days' ends all the same.
    return closeMs > nowMs ? closeMs : calendar.closeMs(exchange, indiaDateOf(dayOf + dayMs));
  });
  return closes.length > 0 ? Math.max(...closes) : null;
}

function hoursItem(
  exchanges: readonly Exchange[],
  opens: readonly (number | undefined)[],
  { name: calendar }: TradingCalendar,
): ReadinessFacts['hours'] {
  const name = 'Trading hours';
  if (calendar === 'always') {
    return { name, state: 'ok', message: 'it trades at any hour, as the settings say' };
  }
  if (exchanges.length === 0) return { name, state: 'warning', message: 'nothing is served' };
  const unknown = exchanges.filter((_exchange, index) => opens[index] === undefined);
  if (unknown.length > 0) {
    const message = `no next open of ${unknown.join(', ')} is known: apply later hours`;
    return { name, state: 'failed', message };
  }
  const each = exchanges.map((exchange, index) => `${exchange} ${indiaIsoOf(opens[index] ?? 0)}`);
  return { name, state: 'ok', message: `the next opens are known: ${each.join(', ')}` };
}

function servedExchanges({ universe }: Pick<ReadinessParts, 'universe'>): Exchange[] {
  const served = universe.rules().filter((rule) => rule.served);
  return [...new Set(served.map(({ exchange }) => exchange))];
}
