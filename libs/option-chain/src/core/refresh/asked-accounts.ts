import type { BrokerLimits } from '@strikewire/broker';
import type { BuildShare } from './refresh-state';

/** An account as whoever asks over REST knows it. */
export interface AskableAccount {
  id: string;
  /** The plugin's id. */
  broker: string;
  /** The class of its broker's rules that lists and chains count under. */
  restClass: string;
  /** What its broker calls things could not be read: it cannot be asked for any of them. */
  isNameless?: boolean;
}

/** How accounts stand, as the supervisor tells. Times by the monotonic clock. */
export interface AccountStanding {
  accounts: readonly {
    id: string;
    broker: string;
    standing: string;
    diverted: ReadonlyMap<string, number>;
  }[];
  brokers: ReadonlyMap<string, { untilMono: number }>;
  forced: string | null;
  drained: ReadonlySet<string>;
}

/** An account that is asked, and for what. */
export interface AskedAccount {
  id: string;
  builds: BuildShare;
}

/**
 * The class of a broker's rules that lists and chains count under: the one of that name, else the
 * first, which is the only one of a broker that counts everything together.
 */
export function chainClassOf({ rest }: Pick<BrokerLimits, 'rest'>): string {
  const named = rest.find((rule) => rule.class === 'chain') ?? rest[0];
  return named?.class ?? 'chain';
}

/**
 * Who is asked over REST, in order. Usual requests go to the fit accounts of the broker at home
 * whose class is not diverted, else to those of others. What is not built yet goes with them as
 * long as they are at home; it stays at home, with accounts that were throttled, rather than be
 * built under another broker's names, and goes abroad when the broker at home is down. With nobody
 * left whoever there is is asked all the same: their own limits still hold.
 */
export function askedAccounts(
  { accounts, brokers, forced, drained }: AccountStanding,
  known: readonly AskableAccount[],
  nowMono: number,
): AskedAccount[] {
  const ordered = [
    ...accounts.filter(({ id }) => id === forced),
    ...accounts.filter(({ id }) => id !== forced),
  ].filter(({ id }) => !drained.has(id));
  const home = ordered[0]?.broker;
  const trying = ordered.filter(({ standing }) => standing === 'fit' || standing === 'lost');
  const facts = new Map(known.map((one) => [one.id, one]));
  const answering = trying.filter(
    ({ broker }) => (brokers.get(broker)?.untilMono ?? -Infinity) <= nowMono,
  );
  const named = answering.filter(({ id }) => !facts.get(id)?.isNameless);
  const up = named.length > 0 ? named : answering;
  const able = up.filter(({ id, diverted }) =>
    (diverted.get(facts.get(id)?.restClass ?? '') ?? -Infinity) <= nowMono);
  const atHome = (some: typeof up): typeof up => some.filter(({ broker }) => broker === home);
  const usual = [atHome(able), able, trying, ordered].find(({ length }) => length > 0) ?? [];
  const isAway = usual.every(({ broker }) => broker !== home);
  const builders = isAway ? atHome(up) : [];
  return [
    ...builders.map(({ id }) => ({ id, builds: 'only' as const })),
    ...usual.map(({ id }) => ({ id, builds: builders.length > 0 ? 'never' : 'too' } as const)),
  ];
}
