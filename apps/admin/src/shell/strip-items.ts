import type { Connection } from '@strikewire/client';
import type { Failover, PlatformStatus, SegmentStatus, Trading } from '@strikewire/contracts';
import { segmentLabel, segmentLine } from '../format/market-phase';
import { grouped } from '../format/numbers';
import { ageLabel } from '../format/times';
import { failoverItem, sourceItem } from './failover-item';
import type { StripItem, Tone } from './strip-item';

/** The hours of the segment that is looked at. `nowMs`: epoch ms at the platform. */
export interface SegmentNow {
  segment: SegmentStatus;
  nowMs: number;
}

/**
 * What the strip at the top says. `answerAgeMs`: since the status was read; null when never.
 * `hours`: null while the platform follows no exchange's hours, or they are not read yet.
 */
export function stripItems(options: {
  status: PlatformStatus | null;
  answerAgeMs: number | null;
  connection: Connection;
  hours?: SegmentNow | null;
  /** Who carries the data; null before it is known. */
  failover?: Failover | null;
  /** The kill switch; null for those who may not trade, and before it is known. */
  kill?: Trading['kill'] | null;
}): StripItem[] {
  const { status, answerAgeMs, connection, hours = null, failover = null, kill = null } = options;
  const silent = answerAgeMs === null || answerAgeMs > silentAfterMs;
  const items = status ? itemsOf(status, hours, failover) : [];
  if (status === null || silent) items.unshift(noAnswer(answerAgeMs));
  if (kill?.active) items.unshift(killItem(kill));
  const own = connectionItem(connection);
  if (own) items.push(own);
  return items;
}

function killItem({ reason, by }: Trading['kill']): StripItem {
  const who = by === null ? '' : ` by ${by}`;
  const title = `The kill switch is pulled${who}: no orders are taken. ${reason ?? ''}`.trim();
  return { id: 'kill', tone: 'bad', text: 'Orders stopped', title, to: 'risk' };
}

/** The status is read every 2 s; after three lost answers the strip says so. */
const silentAfterMs = 7_000;

function noAnswer(ageMs: number | null): StripItem {
  if (ageMs === null) {
    return { id: 'answer', tone: 'off', text: 'Connecting', title: 'Waiting for the platform' };
  }
  const text = `No answer for ${ageLabel(ageMs)}`;
  const title = 'The platform does not answer; what is shown below is as old as this';
  return { id: 'answer', tone: 'bad', text, title };
}

function itemsOf(
  status: PlatformStatus,
  hours: SegmentNow | null,
  failover: Failover | null,
): StripItem[] {
  const { feed } = status;
  const ticks = grouped(Math.round(feed.ticksPerSecond));
  return [
    // That nobody carries says all of it.
    ...(failover?.degraded && status.phase === 'degraded' ? [] : phaseItem(status)),
    hours ? segmentItem(hours) : marketItem(status),
    feedItem(status),
    ...(failover ? [failoverItem(failover)] : []),
    sourceItem(status, failover),
    {
      id: 'ticks',
      tone: 'plain',
      text: `${ticks} ticks/s`,
      title: `${ticks} ticks per second over ${feed.sockets.length} sockets`,
      isExtra: true,
    },
    budgetItem(status),
  ];
}

function marketItem({ market }: PlatformStatus): StripItem {
  const state = market.open ? 'open' : 'closed';
  return {
    id: 'market',
    tone: market.open ? 'good' : 'off',
    text: `Market ${state}`,
    title: `Market ${state} by the calendar “${market.calendar}”`,
  };
}

function segmentItem({ segment, nowMs }: SegmentNow): StripItem {
  const { tone, text, at } = segmentLine(segment, nowMs);
  const name = segmentLabel(segment);
  const title = [`${name} by the template “${segment.template.name}”`, at].filter(Boolean);
  return { id: 'market', tone, text: `${name} ${text}`, title: title.join(': ') };
}

function phaseItem({ phase, underlyings }: PlatformStatus): StripItem[] {
  if (phase === 'live' || phase === 'stopped') return [];
  const chains = underlyings.flatMap((underlying) => underlying.chains);
  const built = chains.filter(({ state }) => state === 'built').length;
  if (phase === 'degraded') {
    const title = 'Some chains or sockets are missing; the Status page names them';
    return [{ id: 'phase', tone: 'late', text: 'Degraded', title }];
  }
  const text = chains.length > 0 ? `Building ${built}/${chains.length}` : 'Starting';
  return [{ id: 'phase', tone: 'late', text, title: 'Chains are being built from the broker' }];
}

function feedItem({ feed }: PlatformStatus): StripItem {
  const age = feed.tickAgeMs === null ? 'no tick yet' : `last tick ${ageLabel(feed.tickAgeMs)} ago`;
  const title = `Feed ${feed.state}: ${age}`;
  const say = (tone: Tone, text: string): StripItem => ({ id: 'feed', tone, text, title });
  if (feed.state === 'live') return say('good', 'Feed live');
  if (feed.state === 'closed') return closedFeed(feed, age);
  if (feed.state === 'connecting') return say('late', 'Feed connecting');
  const since = feed.tickAgeMs === null ? '' : ` ${ageLabel(feed.tickAgeMs)}`;
  return say('bad', feed.state === 'silent' ? `Feed silent${since}` : `Feed down${since}`);
}

/** Wanted and harmless: said as calmly as a closed market. */
function closedFeed({ sockets }: PlatformStatus['feed'], age: string): StripItem {
  const isResting = sockets.some(({ state }) => state === 'resting');
  const how = isResting ? 'rests until the market opens' : 'stands ready, the market is closed';
  const text = isResting ? 'Feed rests' : 'Feed closed';
  return { id: 'feed', tone: 'off', text, title: `Feed ${how}; ${age}` };
}

function budgetItem({ budget }: PlatformStatus): StripItem {
  const shares = budget.map(({ used, limit }) => (limit > 0 ? used / limit : 0));
  const share = Math.round(Math.max(0, ...shares) * 100);
  const waiting = budget.reduce((sum, row) => sum + row.waiting, 0);
  const lines = budget.map(
    (row) => `${row.class}: ${row.used} of ${row.limit} in ${ageLabel(row.windowMs)}`,
  );
  return {
    id: 'budget',
    tone: share >= 90 ? 'late' : 'plain',
    text: `Budget ${share}%${waiting > 0 ? ` · ${waiting} waiting` : ''}`,
    title: `Use of the broker's limits. ${lines.join('; ') || 'Nothing asked yet'}`,
    isExtra: true,
  };
}

function connectionItem({ state, failures, reason }: Connection): StripItem | null {
  const title = `This page's own connection: ${reason ?? 'no trouble so far'}`;
  if (state === 'polling') {
    return { id: 'page', tone: 'late', text: 'Over HTTP, every 2 s', title };
  }
  if (state === 'waiting' || (state === 'connecting' && failures > 0)) {
    return { id: 'page', tone: 'bad', text: 'Reconnecting', title };
  }
  return null;
}
