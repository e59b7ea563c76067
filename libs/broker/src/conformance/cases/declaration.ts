import { exchanges } from '@strikewire/contracts';
import { credentialFields } from '../../core/credential-fields';
import type { FeedLimits } from '../../core/feed-protocol';
import { brokerContract, type BrokerLimits } from '../../core/plugin';
import { defineCases } from '../case';
import { claim, claimEqual, claimNone } from '../claims';

const secretName = /token|secret|password|passphrase|^pin$|otp/i;
const isWhole = (value: number): boolean => Number.isInteger(value) && value > 0;

/** Group A: what the plugin says of itself, before anything is asked of it. */
export const declarationCases = defineCases([
  {
    id: 'A01',
    title: 'the contract is the version that this kit tries',
    run: ({ plugin }) => claimEqual('contract', plugin.contract, brokerContract),
  },
  {
    id: 'A02',
    title: 'the id is lower case, and there is a label for people',
    run({ plugin: { id, label } }) {
      claim(/^[a-z][a-z0-9-]{0,31}$/.test(id), `id was "${id}", needs lower case, digits and -`);
      claim(label.trim() !== '' && label.length <= 64, `label was "${label}", needs 1 to 64 signs`);
    },
  },
  {
    id: 'A03',
    title: 'the credentials are a flat form: texts, numbers, switches, choices, with labels',
    run: ({ plugin }) => void credentialFields(plugin),
  },
  {
    id: 'A04',
    title: 'fields that are secret by their names are marked as secret',
    run({ plugin }) {
      const bare = credentialFields(plugin).filter(({ name, secret }) =>
        secretName.test(name) && !secret);
      claimNone('fields without the mark', bare.map(({ name }) => name));
    },
  },
  {
    id: 'A05',
    title: 'the form takes the harness\'s credentials, and says what an empty one lacks',
    run({ plugin, harness }) {
      const taken = plugin.credentials.safeParse(harness.credentials);
      claim(taken.success, `the credentials were refused: ${taken.error?.message}`);
      const required = credentialFields(plugin).filter((field) => field.required);
      const empty = plugin.credentials.safeParse({});
      const named = new Set(empty.error?.issues.map(({ path }) => path[0]) ?? []);
      const silent = required.filter(({ name }) => !named.has(name)).map(({ name }) => name);
      claimNone('required fields that nothing is said about', silent);
    },
  },
  {
    id: 'A06',
    title: 'every credential and endpoint has an environment variable of its own',
    run({ plugin }) {
      const { credentials, endpoints } = plugin.environment;
      const names = credentialFields(plugin).map(({ name }) => name).sort();
      claimEqual('variables of credentials', Object.keys(credentials).sort(), names);
      const hosts = Object.keys(plugin.endpoints).sort();
      claimEqual('variables of endpoints', Object.keys(endpoints).sort(), hosts);
      const all = [...Object.values(credentials), ...Object.values(endpoints)];
      claimNone('variables twice', all.filter((name, index) => all.indexOf(name) !== index));
      claimNone('variables not in capitals', all.filter((name) => !/^[A-Z][A-Z0-9_]+$/.test(name)));
    },
  },
  {
    id: 'A07',
    title: 'endpoints are addresses, encrypted unless they are of this machine',
    run({ plugin }) {
      const bad = Object.entries(plugin.endpoints).filter(([, url]) => !isSafe(url));
      claimNone('endpoints', bad.map(([name, url]) => `${name} is ${url}`));
    },
  },
  {
    id: 'A08',
    title: 'limits are whole numbers that fit each other, in every reading',
    run({ plugin }) {
      const readings = { limits: plugin.limits, ...plugin.limitReadings };
      claimNone('limits', Object.entries(readings).flatMap(([name, limits]) =>
        limitFaults(limits).map((fault) => `${name}: ${fault}`)));
    },
  },
  {
    id: 'A09',
    title: 'capabilities name exchanges, chains no more than the feed',
    run({ plugin: { capabilities } }) {
      const { exchanges: carried, chainExchanges = carried, depthLevels } = capabilities;
      claim(carried.length > 0, 'exchanges was empty, needs one at least');
      claimNone('unknown exchanges', carried.filter((name) => !exchanges.includes(name)));
      const alone = chainExchanges.filter((name) => !carried.includes(name));
      claimNone('exchanges with chains and no feed', alone);
      claim([0, 1, 5, 20].includes(depthLevels), `depthLevels was ${depthLevels}`);
    },
  },
  {
    id: 'A10',
    title: 'the account\'s name is the same each time, and no secret',
    run({ plugin, harness, evidence }) {
      const nameOf = (): string =>
        plugin.accountOf(plugin.credentials.parse(harness.credentials) as never);
      claim(nameOf() !== '', 'the account\'s name was empty');
      claimEqual('the account\'s name at the second time', nameOf(), nameOf());
      evidence.noteText(`account: ${nameOf()}`);
    },
  },
  {
    id: 'A11',
    title: 'making an account asks nothing of anybody',
    async run(bench) {
      const before = [bench.evidence.requests, bench.evidence.slots.length];
      bench.create();
      await bench.harness.advance(1_000);
      const after = [bench.evidence.requests, bench.evidence.slots.length];
      claimEqual('requests and places in the budget', after, before);
    },
  },
  {
    id: 'A12',
    title: 'renewal and sign-in are there exactly when they are declared',
    run(bench) {
      const { tokenRenewal = false, browserSignIn = false } = bench.plugin.capabilities;
      const { auth } = bench.instance;
      claimEqual('auth.renew', auth?.renew !== undefined, tokenRenewal);
      claimEqual('auth.signIn', auth?.signIn !== undefined, browserSignIn);
    },
  },
  {
    id: 'A13',
    title: 'a feed of full books is there exactly when it is declared, within limits that can be',
    run({ plugin, instance: { depthFeed } }) {
      const { depthFeed: isDeclared = false } = plugin.capabilities;
      claimEqual('depthFeed', depthFeed !== undefined, isDeclared);
      if (depthFeed) claimNone('limits', feedFaults(depthFeed.limits));
    },
  },
]);

function isSafe(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return /^(https|wss):$/.test(protocol) || /^(localhost|127\.|\[::1\])/.test(hostname);
}

function limitFaults({ rest, feed }: BrokerLimits): string[] {
  const rules = rest.filter(({ limit, windowMs }) => !isWhole(limit) || !(windowMs > 0));
  return [
    ...rules.map((rule) => `the rule of ${rule.class} was ${rule.limit} in ${rule.windowMs} ms`),
    ...(rest.length === 0 ? ['rest has no rule'] : []),
    ...feedFaults(feed),
  ];
}

function feedFaults(feed: FeedLimits): string[] {
  const numbers = Object.entries(feed).filter(([, value]) => !isWhole(value as number));
  return [
    ...numbers.map(([name, value]) => `${name} was ${String(value)}, needs to be above 0`),
    ...(feed.socketsPlanned > feed.socketsMax ? ['socketsPlanned is over socketsMax'] : []),
  ];
}
