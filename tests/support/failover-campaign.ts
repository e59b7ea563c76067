import { createSeededRandom } from '@strikewire/runtime';
import { causeDoubts } from './failover-causes';
import { DarkWatch } from './failover-dark';
import { eventDoubts } from './failover-events';
import { ownerDoubts } from './failover-owners';
import { FailoverRun, type RunOptions } from './failover-run';
import { StandingWatch } from './failover-standing';
import { failoverStory, storyAccounts, storyMs, storyRoom, troubleMs } from './failover-story';
import { TroubleWatch } from './failover-trouble';

/** How a run of a seed went: what happened, and what is wrong about it. */
export interface StoryOutcome {
  story: readonly string[];
  doubts: readonly string[];
}

const stepMs = 5_000;
/** Connections that one account may have refused because of its token, over a run. */
const refusalsMax = 6;

/** How a story is lived otherwise than most. */
export interface StoryOptions extends Pick<RunOptions, 'sliceMs'> {
  /** What a test breaks at the start. */
  sabotage?(run: FailoverRun): void;
}

/**
 * Lives a quarter of an hour with what a seed brings, then a while in which all is put right, and
 * tells what should not be. The same seed gives the same run.
 */
export async function liveStory(
  seed: number,
  { sabotage, ...pace }: StoryOptions = {},
): Promise<StoryOutcome> {
  const random = createSeededRandom(seed);
  const names = storyAccounts(random);
  const isWeekend = random.next() < 0.1;
  const mishaps = isWeekend ? [] : failoverStory(random);
  const roomOf = storyRoom(random, names);
  const run = new FailoverRun(seed, { names, roomOf, ...pace });
  const story = [
    `accounts: ${names.join(', ')}${isWeekend ? ', on a quiet weekend' : ''}`,
    ...Object.entries(roomOf).map(([name, room]) => `${name} has room for ${room}`),
    ...mishaps.map(({ atMs, text }) => `${Math.round(atMs / 1_000)} s: ${text}`),
  ];
  const doubts = new Set<string>();
  await run.start();
  try {
    if (isWeekend) run.rest();
    sabotage?.(run);
    const trouble = new TroubleWatch(run);
    const watches = [trouble, new StandingWatch(run), ...(isWeekend ? [] : [new DarkWatch(run)])];
    const waiting = [...mishaps];
    const beganMono = run.clock.monoMs();
    for (let atMs = 0; atMs < storyMs; atMs += stepMs) {
      for (; waiting[0] && waiting[0].atMs <= atMs; waiting.shift()) trouble.strike(waiting[0]);
      // A little later once more: a refusal may have been on its way still.
      if (atMs === troubleMs || atMs === troubleMs + stepMs) run.putRight();
      await run.clock.advance(stepMs);
      trouble.look();
      const found = [...doubtsNow(run), ...watches.flatMap((one) => one.doubts())];
      for (const doubt of found) doubts.add(doubt);
    }
    const unexplained = run.events.filter((event) => !run.explained.has(event));
    const told = unexplained.map((event) =>
      ({ ...event, toldMs: (run.toldMono.get(event) ?? beganMono) - beganMono }));
    for (const doubt of causeDoubts(told, mishaps)) doubts.add(doubt);
    for (const doubt of await doubtsInTheEnd(run, isWeekend)) doubts.add(doubt);
  } finally {
    run.stop();
  }
  return { story, doubts: [...doubts] };
}

/** What must hold at every moment. */
function doubtsNow(run: FailoverRun): string[] {
  const { total, byKind } = run.simulator.violations();
  const { carriers, reserve, accounts } = run.supervision.standing;
  const doubts: string[] = [];
  if (total > 0) doubts.push(`limits were broken: ${JSON.stringify(byKind)}`);
  for (const id of [...carriers, ...reserve]) {
    const standing = accounts.find((one) => one.id === id)?.standing;
    if (standing !== 'fit' && standing !== 'lost') doubts.push(`${id} carries and is ${standing}`);
  }
  for (const [name, count] of run.refusals) {
    if (count > refusalsMax) doubts.push(`${name} was refused again and again`);
  }
  for (const [name, count] of run.granted) {
    const most = 1 + (run.given.get(name) ?? 0);
    if (count > most) doubts.push(`the token of ${name} was had anew ${count} times`);
  }
  doubts.push(...run.strangers(), ...placeDoubts(run), ...ownerDoubts(run));
  return doubts;
}

/** What must hold when everything has been right for a while. */
async function doubtsInTheEnd(run: FailoverRun, isWeekend: boolean): Promise<string[]> {
  const { standing, feed } = run.supervision;
  const losses = feed.sockets().reduce((sum, { reconnects }) => sum + reconnects, 0);
  if (isWeekend) {
    const quiet = run.events.length === 0 && losses === 0;
    return quiet ? [] : [`a quiet weekend: ${run.events.length} events, ${losses} losses`];
  }
  const doubts = eventDoubts(run.events, standing.accounts.map(({ id }) => id));
  for (const { id, standing: now, reason } of standing.accounts) {
    if (now !== 'fit') doubts.push(`${id} is ${now}, though all was put right: ${reason}`);
  }
  if (standing.isDegraded) doubts.push('degraded, though all was put right');
  const unplaced = new Set(feed.unplaced().map(({ key }) => key));
  const sinceMono = run.clock.monoMs() - 150_000;
  await run.quiet();
  const silent = run.silentSince(sinceMono).filter((key) => !unplaced.has(key));
  if (silent.length > 0) doubts.push(`${silent.length} contracts are silent: ${silent[0]}`);
  const wrong = run.wrongPrices().filter((text) => !unplaced.has(text.split(' ')[0] ?? ''));
  if (wrong.length > 0) doubts.push(`${wrong.length} prices are wrong: ${wrong[0]}`);
  return doubts;
}

/** What has no place is named, comes after all that has one, and has none only for want of room. */
function placeDoubts({ supervision: { feed }, targets }: FailoverRun): string[] {
  const unplaced = new Set(feed.unplaced().map(({ key }) => key));
  const { contracts, withoutFeed } = feed.coverage();
  const doubts: string[] = [];
  if (contracts + withoutFeed !== targets.length || withoutFeed !== unplaced.size) {
    doubts.push(`${contracts} contracts have a place, ${withoutFeed} have none`);
  }
  if (unplaced.size === 0) return doubts;
  const firstOut = targets.findIndex(({ key }) => unplaced.has(key));
  const lastIn = targets.findLastIndex(({ key }) => !unplaced.has(key));
  if (firstOut < lastIn) doubts.push(`contract ${firstOut} has no place, and ${lastIn} has one`);
  const loads = feed.loads().filter(({ planned }) => planned > 0);
  for (const { label, planned, capacity } of loads) {
    if (planned < capacity) doubts.push(`${label} carries ${planned} of ${capacity}`);
  }
  return doubts;
}
