import { errorKindOf, type ErrorKind } from '@strikewire/runtime';
import type { TokenGrant } from '../../core/auth-port';
import type { BrokerInstance } from '../../core/plugin';
import type { ConformanceBench } from '../bench';
import { defineCases } from '../case';
import { claim, claimEqual } from '../claims';
import { spotItems } from '../market-run';

/** Group F: who the account is, and what happens when the broker does not let it in. */
export const authCases = defineCases([
  {
    id: 'F01',
    title: 'the test of the connection answers: an account, its data, the end of its token',
    async run(bench) {
      const report = await bench.ask(() => bench.instance.check());
      const { accountId, hasMarketData, tokenExpiresMs } = report;
      claim(accountId !== '', 'accountId was empty');
      claimEqual('hasMarketData', hasMarketData, true);
      const now = bench.deps.clock.wallMs();
      const isFit = tokenExpiresMs === null || tokenExpiresMs > now;
      claim(isFit, `tokenExpiresMs was ${tokenExpiresMs}, needs to be after ${now}, or null`);
      const isUntold = bench.plugin.capabilities.untold?.includes('tokenEnd') === true;
      claim(!isUntold || tokenExpiresMs === null, 'tokenExpiresMs is told, and declared as untold');
      bench.evidence.noteText(`report: ${JSON.stringify(report)}`);
    },
  },
  {
    id: 'F02',
    title: 'the token\'s end as it tells by itself is in the future, or not known',
    run(bench) {
      const expiresMs = bench.instance.auth?.expiresMs() ?? null;
      claim(expiresMs === null || expiresMs > bench.deps.clock.wallMs(), `it was ${expiresMs}`);
    },
  },
  {
    id: 'F03',
    title: 'wrong credentials are unauthenticated',
    async run(bench) {
      const other = bench.create(bench.harness.wrongCredentials);
      await bench.refused('the test', () => other.check(), ['unauthenticated']);
    },
  },
  {
    id: 'F04',
    title: 'wrong credentials end the feed as auth',
    async run(bench) {
      const other = bench.create(bench.harness.wrongCredentials);
      claimEqual('the end', await feedEnd(bench, other), 'auth');
    },
  },
  {
    id: 'F05',
    title: 'a token that has expired: the test of the connection is unauthenticated',
    faults: ['expiredToken'],
    async run(bench) {
      await bench.harness.inject({ kind: 'expiredToken' });
      await bench.refused('the test', () => bench.instance.check(), ['unauthenticated']);
    },
  },
  {
    id: 'F06',
    title: 'a token that has expired: chains are unauthenticated',
    faults: ['expiredToken'],
    async run(bench) {
      const underlying = await bench.named(bench.main());
      const [expiry = ''] = bench.main().expiries;
      await bench.harness.inject({ kind: 'expiredToken' });
      const ask = () => bench.instance.marketData.chain(underlying, expiry);
      await bench.refused('the chain', ask, ['unauthenticated']);
    },
  },
  {
    id: 'F07',
    title: 'a token that has expired ends the feed as auth',
    faults: ['expiredToken'],
    async run(bench) {
      await bench.harness.inject({ kind: 'expiredToken' });
      claimEqual('the end', await feedEnd(bench), 'auth');
    },
  },
  {
    id: 'F08',
    title: 'a suspended account is fatal, over REST and at the feed',
    faults: ['suspended'],
    async run(bench) {
      await bench.harness.inject({ kind: 'suspended' });
      await bench.refused('the test', () => bench.instance.check(), ['fatal', 'unauthenticated']);
      const end = await feedEnd(bench);
      const isFit = ['suspended', 'auth'].includes(end);
      claim(isFit, `the feed ended as ${end}, needs suspended or auth`);
    },
  },
  {
    id: 'F09',
    title: 'a handshake that is answered 401 is auth',
    faults: ['refuse'],
    run: (bench) => claimHandshake(bench, 401, ['auth']),
  },
  {
    id: 'F10',
    title: 'a handshake that is answered 403 is a refusal, not a lost connection',
    faults: ['refuse'],
    run: (bench) => claimHandshake(bench, 403, ['auth', 'suspended', 'entitlement', 'too_many']),
  },
  {
    id: 'F11',
    title: 'a handshake that is answered 429 is throttled',
    faults: ['refuse'],
    run: (bench) => claimHandshake(bench, 429, ['throttled']),
  },
  {
    id: 'F12',
    title: 'a handshake that is answered 500 is other: it is worth another try',
    faults: ['refuse'],
    run: (bench) => claimHandshake(bench, 500, ['other']),
  },
  {
    id: 'F13',
    title: 'a token that is dead is not renewed without a person, or is replaced by a good one',
    needs: 'tokenRenewal',
    faults: ['expiredToken'],
    async run(bench) {
      await bench.harness.inject({ kind: 'expiredToken' });
      const { auth } = bench.create();
      const grant = await bench.ask(async () => auth?.renew?.()).catch((error: unknown) => {
        claimEqual('the refusal', errorKindOf(error), 'unauthenticated');
        return undefined;
      });
      if (grant) await claimGood(bench, grant.credentials);
    },
  },
  {
    id: 'F14',
    title: 'a renewed token is good, and tells until when',
    needs: 'tokenRenewal',
    async run(bench) {
      const { auth } = bench.instance;
      const grant = await bench.ask(async () => auth?.renew?.());
      claim(grant !== undefined, 'there is no renewal');
      await claimGrant(bench, grant);
    },
  },
  {
    id: 'F15',
    title: 'the sign-in page is told where to come back to, and whose answer it is',
    needs: 'browserSignIn',
    run(bench) {
      const url = new URL(bench.instance.auth?.signIn?.url('https://back.test/in', 'st&te') ?? '');
      const values = [...url.searchParams.values()];
      claim(values.includes('https://back.test/in'), 'it does not name where to come back to');
      claim(values.includes('st&te'), 'it does not carry the state');
      const secrets = Object.entries(bench.currentCredentials)
        .filter(([name]) => /secret/i.test(name))
        .map(([, value]) => value);
      claim(!secrets.some((one) => url.href.includes(one)), 'it has the secret in it');
    },
  },
  {
    id: 'F16',
    title: 'who signs in at the broker\'s page comes back with a good token, once',
    needs: 'browserSignIn',
    async run(bench) {
      const { signIn } = bench.harness;
      claim(signIn !== undefined, 'the harness has no sign-in');
      const flow = bench.instance.auth?.signIn;
      claim(flow !== undefined, 'the plugin has no sign-in');
      const answer = await bench.ask(() => signIn.visit(flow.url(signIn.redirectUri, 'st&te')));
      claimEqual('the state', answer.get('state'), 'st&te');
      const grant = await bench.ask(() => flow.complete(signIn.redirectUri, answer));
      await claimGrant(bench, grant);
      const again = () => flow.complete(signIn.redirectUri, answer);
      await bench.refused('the same answer again', again, ['unauthenticated', 'invalid']);
    },
  },
  {
    id: 'F17',
    title: 'the token ends when it is said to, in the test of the connection and by the token',
    needs: 'tokenEnd',
    async run(bench) {
      const { instance } = bench;
      const { tokenExpiresMs } = await bench.ask(() => instance.check());
      claimEnd(bench, 'tokenExpiresMs', tokenExpiresMs);
      if (instance.auth) claimEnd(bench, 'auth.expiresMs()', instance.auth.expiresMs());
    },
  },
  {
    id: 'F18',
    title: 'a suspended account is never taken for a bad token: no other one helps',
    needs: 'suspension',
    faults: ['suspended'],
    async run(bench) {
      const watch = await bench.openFeed((await spotItems(bench)).map(({ item }) => item));
      await bench.harness.inject({ kind: 'suspended' });
      await bench.harness.advance(2_000);
      claim(watch.ended() !== 'auth', 'the connection that stood ended as auth');
      await bench.refused('the test', () => bench.instance.check(), ['fatal']);
      claimEqual('the end of a new connection', await feedEnd(bench), 'suspended');
    },
  },
  {
    id: 'F19',
    title: 'an account that has not paid for market data says so',
    needs: 'dataPlan',
    async run(bench) {
      const { credentialsWithoutData: unpaid } = bench.harness;
      claim(unpaid !== undefined, 'the harness has no account without data');
      bench.evidence.addSecretsOf(unpaid);
      const { hasMarketData } = await bench.ask(() => bench.create(unpaid).check());
      claimEqual('hasMarketData', hasMarketData, false);
    },
  },
]);

/** Some brokers tell the minute. */
const tokenEndStepMs = 60_000;

/** Of the token that the account has now. */
function claimEnd(
  { harness, currentCredentials }: ConformanceBench,
  what: string,
  toldMs: number | null,
): void {
  claim(harness.tokenEndMs !== undefined, 'the harness does not tell when a token ends');
  const realMs = harness.tokenEndMs(currentCredentials);
  const isRight = toldMs === null || realMs === null
    ? toldMs === realMs
    : Math.abs(toldMs - realMs) <= tokenEndStepMs;
  claim(isRight, `${what} was ${toldMs}, and the token ends at ${realMs}`);
}

/** It is good, and ends when it says; from here on the account has it. */
async function claimGrant(
  bench: ConformanceBench,
  { credentials, expiresMs }: TokenGrant,
): Promise<void> {
  const isFit = expiresMs === null || expiresMs > bench.deps.clock.wallMs();
  claim(isFit, `expiresMs was ${expiresMs}, needs to be in the future, or null`);
  await claimGood(bench, credentials);
  const isTold = expiresMs !== null && bench.harness.tokenEndMs !== undefined;
  if (isTold) claimEnd(bench, 'expiresMs', expiresMs);
}

/** From here on the account has these. */
async function claimGood(
  bench: ConformanceBench,
  granted: Readonly<Record<string, string>>,
): Promise<void> {
  claim(Object.keys(granted).length > 0, 'no credentials were granted');
  bench.replaceCredentials(granted);
  await bench.ask(() => bench.instance.check());
}

async function claimHandshake(
  bench: ConformanceBench,
  status: number,
  needed: readonly string[],
): Promise<void> {
  await bench.harness.inject({ kind: 'refuse', status });
  const end = await feedEnd(bench);
  claim(needed.includes(end), `it ended as ${end}, needs ${needed.join(' or ')}`);
}

/** An address that is not given ends a feed as a refused handshake does. */
const refusals: Partial<Record<ErrorKind, string>> = {
  unauthenticated: 'auth',
  fatal: 'suspended',
  throttled: 'throttled',
};

/** How a new connection ends; `open` when it stays. */
async function feedEnd(bench: ConformanceBench, instance?: BrokerInstance): Promise<string> {
  const items = (await spotItems(bench)).map(({ item }) => item);
  try {
    const watch = await bench.openFeed(items, instance ? { instance } : {});
    await bench.harness.advance(2_000);
    return watch.ended() ?? 'open';
  } catch (error) {
    return refusals[errorKindOf(error)] ?? errorKindOf(error);
  }
}
