import { setTimeout as wait } from 'node:timers/promises';
import type { FailoverEventRow } from '@strikewire/contracts';
import type { FailoverRow } from './failover-rows';
import type { FailoverStage } from './failover-stage';

/** How a row went once. */
export interface RowOutcome {
  /** From the fault to the first tick of the new source at the client, ms; Infinity: none came. */
  tookMs: number;
  /** What the history says of it, ms; null: nothing, or no time. */
  recordedMs: number | null;
  /** In plain words; empty when all is well. */
  doubts: string[];
}

/** Chains are sent within 100 ms of a tick, and how things stand is looked at now and then. */
export const flushMs = 250;
/** What is told is of contracts, what is measured is of frames: they may begin a little apart. */
const apartMs = 1_000;
/** A row that takes longer than this has failed, whatever it takes. */
const givenUpMs = 60_000;
const lookMs = 20;
/** An event is written when its time is known. */
const toldWithinMs = 10_000;

/** Lets a row happen on a stage where all is well, and measures by the monotonic clock. */
export async function measureRow(stage: FailoverStage, row: FailoverRow): Promise<RowOutcome> {
  await wait(row.ripeMs ?? 0);
  const before = await stage.carriers();
  const known = (await stage.events()).length;
  const sinceMs = performance.now();
  await row.strike(stage);
  let isBack = false;
  while (!isBack && performance.now() - sinceMs < givenUpMs) {
    isBack = await row.isBack(stage, before, sinceMs);
    if (!isBack) await wait(lookMs);
  }
  if (isBack) await stage.nextFrames();
  const tookMs = isBack ? Math.round(performance.now() - sinceMs) : Infinity;
  const doubts: string[] = [];
  const limitMs = (row.limitMs ?? Infinity) + flushMs;
  if (tookMs > limitMs) doubts.push(`took ${tookMs} ms, needs ${row.limitMs} ms at the most`);
  const { event, doubts: ofTelling } = await eventOf(stage, row, known);
  doubts.push(...ofTelling, ...(event ? doubtsOfTime(event, tookMs) : []));
  doubts.push(...((await row.doubts?.(stage)) ?? []));
  const wrong = await stage.wrongPrices();
  if (wrong.length > 0) doubts.push(`${wrong.length} prices are wrong: ${wrong[0]}`);
  doubts.push(...stage.clientTroubles());
  return { tookMs, recordedMs: event?.durationMs ?? null, doubts };
}

/** The first event after those that are known that tells the row as it may be told. */
async function eventOf(
  stage: FailoverStage,
  { told }: FailoverRow,
  known: number,
): Promise<{ event: FailoverEventRow | undefined; doubts: string[] }> {
  if (!told) return { event: undefined, doubts: [] };
  const untilMs = performance.now() + toldWithinMs;
  for (;;) {
    const events = await stage.events();
    const after = events.slice(0, events.length - known).reverse();
    const event = after.find(({ cause, level }) =>
      told.causes.includes(cause) && told.levels.includes(level));
    if (event) return { event, doubts: [] };
    if (performance.now() > untilMs) {
      const found = after.map(({ cause, level }) => `${cause} of level ${level}`);
      return { event, doubts: [`told as ${found.join(', ') || 'nothing'}`] };
    }
    await wait(lookMs);
  }
}

function doubtsOfTime({ durationMs }: FailoverEventRow, tookMs: number): string[] {
  if (durationMs === null) return ['told without a time'];
  const isRight = durationMs <= tookMs + apartMs;
  return isRight ? [] : [`told as ${durationMs} ms, took ${tookMs} ms`];
}
