import type { Failover, PlatformStatus } from '@strikewire/contracts';
import type { StripItem } from './strip-item';

/** Who has failed over to whom, in the fewest words; the failover page has the rest. */
export function failoverItem(failover: Failover): StripItem {
  const { degraded, level, forced, accounts } = failover;
  const carriers = accounts.filter(({ role }) => role === 'carrier').map(({ label }) => label);
  const say = (
    tone: StripItem['tone'],
    [text, tail]: readonly [string, string?],
    title: string,
  ): StripItem => ({
    id: 'failover', tone, lead: 'Failover', text, ...(tail && { tail }), title, to: 'failover',
  });
  if (accounts.length === 0) return say('late', ['no account'], 'No account is in use');
  if (degraded) {
    const title = 'Nobody carries the data: what is served is the cache, marked stale';
    return say('bad', ['degraded', ': nobody carries'], title);
  }
  const carried = `${carriers.join(', ') || 'nobody'} carr${carriers.length === 1 ? 'ies' : 'y'}`;
  if (level > 0) {
    const who = level === 3 ? 'another broker' : 'another account';
    return say('late', [`level ${level}`, `: ${who}`], `Level ${level}, ${who}: ${carried}`);
  }
  const first = accounts.find(({ id }) => id === forced);
  if (first) {
    const title = `Level 0, ${first.label} is put first by hand: ${carried}`;
    return say('good', ['level 0', ', by hand'], title);
  }
  return say('good', ['level 0'], `Level 0, as wished: ${carried}`);
}

/** Whose data are used: of those who carry the ones that have something to. */
export function sourceItem({ source }: PlatformStatus, failover: Failover | null): StripItem {
  const carriers = failover?.accounts.filter(({ role }) => role === 'carrier') ?? [];
  const loaded = carriers.filter(({ contracts }) => contracts > 0);
  const [first, ...others] = loaded.length > 0 ? loaded : carriers;
  const { broker, account } = first ? { broker: first.broker, account: first.label } : source;
  const more = others.length > 0 ? ` +${others.length}` : '';
  const also = others.map((one) => `${one.label} of ${one.broker}`);
  return {
    id: 'source',
    tone: 'plain',
    text: `${broker} · ${account}${more}`,
    title: [`Data come from broker ${broker}, account ${account}`, ...also].join('; '),
  };
}
