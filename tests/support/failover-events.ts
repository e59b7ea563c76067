import type { FailoverEvent } from '@strikewire/broker/engine';

/** The levels at which each cause may be told. */
const levelsOf: Readonly<Record<FailoverEvent['cause'], readonly number[]>> = {
  socket_lost: [1],
  feed_lost: [2, 3],
  auth: [2, 3],
  suspended: [2, 3],
  broker_down: [3],
  recovered: [0],
  by_hand: [0],
  accounts: [0],
};
/** A minute after a switch it is told without a time; the fault may be some seconds older. */
const durationMsMax = 70_000;

/** What is told of changes that cannot be, whatever has happened. */
export function eventDoubts(
  events: readonly FailoverEvent[],
  accounts: readonly string[],
): string[] {
  return events.flatMap((event) => doubtsOf(event, accounts).map((doubt) =>
    `told of ${event.cause}, level ${event.level}, ${event.from} to ${event.to}: ${doubt}`));
}

function doubtsOf(
  { cause, level, reason, from, to, durationMs }: FailoverEvent,
  accounts: readonly string[],
): string[] {
  const isSame = from.join() === to.join();
  const strangers = [...from, ...to].filter((one) => !accounts.includes(one));
  const isTimed = durationMs === null || (durationMs >= 0 && durationMs <= durationMsMax);
  return [
    ...(levelsOf[cause].includes(level) ? [] : ['another level is right']),
    ...(reason === '' ? ['it has no reason'] : []),
    ...(level >= 2 && isSame ? ['nobody else carries'] : []),
    ...(level === 0 && durationMs !== null ? ['it has a duration'] : []),
    ...(isTimed ? [] : [`it took ${durationMs} ms`]),
    ...(strangers.length > 0 ? [`nobody is called ${strangers.join()}`] : []),
    ...(new Set(to).size < to.length ? ['somebody carries twice'] : []),
  ];
}
