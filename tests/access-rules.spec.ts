import { keyScopes, roles, type KeyScope, type Role } from '@strikewire/contracts';
import { channelRules, messageRules, socketRules } from '@strikewire/option-chain/module';
import { accessRules, type AccessRule } from '@strikewire/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startApiServer, type ApiServer } from './support/api-server';

type RuleName = keyof typeof accessRules;

/**
 * Who may call each route, written out by hand: a route that is added or opened up shows here.
 * Files of plugins (the console, the description of the API) are told apart by their prefix.
 */
const declared: Readonly<Record<string, RuleName>> = {
  'GET /': 'everybody',
  'GET /health': 'everybody',
  'GET /health/live': 'everybody',
  'GET /health/ready': 'everybody',
  'GET /metrics': 'metricsReaders',
  'POST /api/auth/sign-in': 'everybody',
  'POST /api/auth/sign-out': 'oneself',
  'GET /api/auth/me': 'oneself',
  'POST /api/auth/step-up': 'oneself',
  'POST /api/auth/password': 'oneself',
  'GET /api/auth/sessions': 'oneself',
  'DELETE /api/auth/sessions/:id': 'oneself',
  'POST /api/auth/sessions/end-others': 'oneself',
  'GET /api/users': 'adminPeople',
  'POST /api/users': 'adminsConfirmed',
  'PATCH /api/users/:id': 'adminsConfirmed',
  'POST /api/users/:id/reset-password': 'adminsConfirmed',
  'GET /api/sessions': 'adminPeople',
  'DELETE /api/sessions/:id': 'adminPeople',
  'GET /api/keys': 'people',
  'POST /api/keys': 'peopleConfirmed',
  'DELETE /api/keys/:id': 'people',
  'GET /api/activity': 'adminPeople',
  'GET /api/activity/export': 'adminPeople',
  'POST /api/activity/verify': 'adminPeople',
  'GET /api/brokers': 'adminPeople',
  'GET /api/accounts': 'adminPeople',
  'POST /api/accounts': 'adminsConfirmed',
  'PATCH /api/accounts/:id': 'adminsConfirmed',
  'POST /api/accounts/:id/primary': 'adminsConfirmed',
  'POST /api/accounts/:id/test': 'adminPeople',
  'POST /api/accounts/check': 'adminPeople',
  'DELETE /api/accounts/:id': 'adminsConfirmed',
  'POST /api/accounts/:id/sign-in': 'adminsConfirmed',
  // It tells by itself who has begun what it ends: a browser brings no session from elsewhere.
  'GET /api/accounts/sign-in/callback': 'everybody',
  'GET /api/failover': 'chainReaders',
  'PUT /api/failover/order': 'admins',
  'POST /api/failover/force': 'admins',
  'POST /api/failover/drain': 'admins',
  'GET /api/failover/history': 'chainReaders',
  'GET /api/failover/readiness': 'chainReaders',
  'GET /api/notifications': 'people',
  'POST /api/notifications/read': 'people',
  'GET /api/notification-channels': 'adminPeople',
  'POST /api/notification-channels': 'adminsConfirmed',
  'PATCH /api/notification-channels/:id': 'adminsConfirmed',
  'DELETE /api/notification-channels/:id': 'adminsConfirmed',
  'POST /api/notification-channels/:id/test': 'adminsConfirmed',
  'GET /api/trading-hours/status': 'chainReaders',
  'GET /api/trading-hours/templates': 'chainReaders',
  'GET /api/trading-hours/templates/:id': 'chainReaders',
  'POST /api/trading-hours/templates': 'admins',
  'PUT /api/trading-hours/templates/:id': 'admins',
  'POST /api/trading-hours/templates/:id/duplicate': 'admins',
  'DELETE /api/trading-hours/templates/:id': 'admins',
  'GET /api/trading-hours/templates/:id/file': 'chainReaders',
  'POST /api/trading-hours/templates/:id/holidays': 'admins',
  'POST /api/trading-hours/apply': 'admins',
  'POST /api/trading-hours/preview': 'admins',
  'GET /api/trading-hours/schedule': 'chainReaders',
  'GET /api/trading-hours/runs': 'chainReaders',
  'GET /api/trading-hours/halts': 'chainReaders',
  'POST /api/trading-hours/halts': 'admins',
  'POST /api/trading-hours/halts/:id/end': 'admins',
  'GET /api/universe': 'chainReaders',
  'PUT /api/universe': 'admins',
  'POST /api/universe/preview': 'admins',
  'GET /api/optionchain/capacity': 'chainReaders',
  'GET /api/optionchain/refresh': 'chainReaders',
  'POST /api/optionchain/refresh': 'admins',
  'GET /api/optionchain/live': 'chainReaders',
  'GET /api/optionchain/underlyings': 'chainReaders',
  'GET /api/optionchain/expiries': 'chainReaders',
  'GET /api/optionchain/term-structure': 'chainReaders',
  'GET /api/optionchain/status': 'chainReaders',
  'GET /api/optionchain/instruments': 'chainReaders',
  'GET /api/optionchain/depth': 'chainReaders',
  'GET /api/optionchain/contract': 'orderReaders',
  'GET /api/optionchain/stream': 'chainReaders',
  'GET /api/optionchain/:underlying': 'chainReaders',
  'GET /api/option-chain/:underlying': 'chainReaders',
  'GET /api/option-chain/status': 'chainReaders',
  'GET /optionchain/live': 'chainReaders',
  'GET /option-chain': 'chainReaders',
  'GET /api/trading': 'orderReaders',
  'GET /api/orders': 'orderReaders',
  'POST /api/orders': 'traders',
  'POST /api/orders/preview': 'traders',
  'POST /api/orders/cancel-all': 'traders',
  'GET /api/orders/:id': 'orderReaders',
  'PATCH /api/orders/:id': 'traders',
  'DELETE /api/orders/:id': 'traders',
  'POST /api/orders/:id/settle': 'traders',
  'GET /api/trades': 'orderReaders',
  'GET /api/positions': 'orderReaders',
  'POST /api/positions/exit': 'traders',
  'GET /api/positions/exit-analysis': 'orderReaders',
  'GET /api/positions/differences': 'orderReaders',
  'POST /api/positions/compare': 'traders',
  'POST /api/positions/adopt': 'adminsConfirmed',
  'GET /api/settlements': 'admins',
  'POST /api/settlements': 'adminsConfirmed',
  'GET /api/execution': 'orderReaders',
  'PUT /api/accounts/:id/live': 'adminsConfirmed',
  'POST /api/kill-switch': 'traders',
  'DELETE /api/kill-switch': 'adminsConfirmed',
  'GET /api/margin': 'orderReaders',
  'POST /api/margin/estimate': 'orderReaders',
  'GET /api/margin/reconciliations': 'orderReaders',
  'GET /api/margin/risk-files': 'orderReaders',
  'POST /api/margin/risk-files': 'admins',
  'GET /ws': 'everybody',
  'GET /ws/greeks': 'everybody',
  'GET /ws/status': 'everybody',
};

/** Everybody who may call: nobody, people before and after they confirmed, keys of an admin. */
interface Somebody {
  name: string;
  role?: Role;
  isConfirmed?: boolean;
  scope?: KeyScope;
}
const everybody: readonly Somebody[] = [
  { name: 'anonymous' },
  ...roles.map((role) => ({ name: role, role, isConfirmed: false })),
  ...roles.map((role) => ({ name: `${role}, confirmed`, role, isConfirmed: true })),
  ...keyScopes.map((scope) => ({ name: `key ${scope}`, scope })),
];

/** What the rules say, written once more and apart from the code that applies them. */
const admitted: Readonly<Record<RuleName, (who: Somebody) => boolean>> = {
  everybody: () => true,
  oneself: ({ role }) => role !== undefined,
  people: ({ role }) => role !== undefined,
  peopleConfirmed: ({ role, isConfirmed }) => role !== undefined && isConfirmed === true,
  chainReaders: ({ role, scope }) => role !== undefined || scope === 'chains:read',
  metricsReaders: ({ role, scope }) => role !== undefined || scope === 'metrics:read',
  traders: ({ role, scope }) => role === 'trader' || role === 'admin' || scope === 'trade',
  orderReaders: ({ role, scope }) =>
    role === 'trader' || role === 'admin' || scope === 'orders:read',
  admins: ({ role, scope }) => role === 'admin' || scope === 'admin',
  adminPeople: ({ role }) => role === 'admin',
  adminsConfirmed: ({ role, isConfirmed }) => role === 'admin' && isConfirmed === true,
};

const ruleNames = Object.keys(accessRules) as RuleName[];
const someId = '00000000-0000-4000-8000-000000000000';
let server: ApiServer;

beforeAll(async () => {
  server = await startApiServer();
});

afterAll(() => server?.stop());

function headersOf({ role, isConfirmed, scope }: Somebody): Promise<Record<string, string>> {
  if (scope !== undefined) return server.key([scope]);
  if (role !== undefined) return server.session(role, isConfirmed);
  return Promise.resolve({});
}

/** A route's declared rule, by the fields that decide. */
function ruleNameOf(rule: AccessRule): RuleName | undefined {
  const fields = ({ access, scope, stepUp, beforePasswordChange }: AccessRule): string =>
    JSON.stringify([access, scope, stepUp ?? false, beforePasswordChange ?? false]);
  return ruleNames.find((name) => fields(accessRules[name]) === fields(rule));
}

describe('every route', () => {
  it('is declared as it is written here, and none is missing', () => {
    const found = server.routes
      .filter(({ url }) => !['/*', '*'].includes(url) && !url.startsWith('/api/docs'))
      .flatMap(({ methods, url, contract }) =>
        methods
          .filter((method) => method !== 'HEAD')
          .map((method) => [`${method} ${url}`, ruleNameOf(contract)] as const),
      );
    expect(Object.fromEntries(found)).toEqual(declared);
  });

  it('has nothing but public files beside them', () => {
    const files = server.routes.filter(({ url }) => url.startsWith('/api/docs'));
    expect(files.length).toBeGreaterThan(3);
    expect(new Set(files.map(({ contract }) => contract.access))).toEqual(new Set(['public']));
  });

  it.each(everybody)('lets $name do what is declared, and nothing else', async (who) => {
    const wrong: string[] = [];
    for (const [route, rule] of Object.entries(declared)) {
      const [method = '', path = ''] = route.split(' ');
      // A session of its own for each: some of these end it.
      const headers = await headersOf(who);
      const answer = await fetch(`${server.base}${path.replace(':id', someId)}`, {
        method,
        headers,
      });
      const { error } = (await answer.json().catch(() => ({}))) as { error?: { code: string } };
      // Signing in with nothing is a bad request; nothing else of these is for nobody.
      const isIn = answer.status !== 401 && answer.status !== 403;
      if (isIn !== admitted[rule](who)) wrong.push(`${route}: ${answer.status} ${error?.code}`);
    }
    expect(wrong).toEqual([]);
  });
});

/** How a handshake ends: `open`, or the status of its refusal. */
function shakeHands(path: string, headers: Record<string, string>): Promise<WebSocket | number> {
  const socket = new WebSocket(`${server.base.replace('http', 'ws')}${path}`, { headers });
  return new Promise((resolve) => {
    socket.once('open', () => resolve(socket));
    socket.on('error', () => undefined);
    socket.once('unexpected-response', (_request, answer) => resolve(answer.statusCode ?? 0));
  });
}

describe('every socket', () => {
  it('has a rule, as written here', () => {
    expect(Object.entries(socketRules).map(([path, rule]) => [path, ruleNameOf(rule)])).toEqual([
      ['/ws', 'chainReaders'],
      ['/ws/greeks', 'chainReaders'],
      ['/ws/status', 'chainReaders'],
    ]);
    const messages = Object.entries(messageRules).map(([type, rule]) => [type, ruleNameOf(rule)]);
    expect(messages).toEqual([
      ['subscribe', 'chainReaders'],
      ['unsubscribe', 'chainReaders'],
      ['resync', 'chainReaders'],
      ['ping', 'chainReaders'],
    ]);
    const channels = Object.entries(channelRules).map(([name, rule]) => [name, ruleNameOf(rule)]);
    expect(channels).toEqual([
      ['chain', 'chainReaders'],
      ['greeks', 'chainReaders'],
      ['pcr', 'chainReaders'],
      ['quotes', 'chainReaders'],
      ['status', 'chainReaders'],
      ['alerts', 'people'],
      ['orders', 'people'],
    ]);
  });

  it.each(everybody)('lets $name in, and speak, as declared', async (who) => {
    for (const [path, rule] of Object.entries(socketRules)) {
      const socket = await shakeHands(path, await headersOf(who));
      const name = ruleNameOf(rule) as RuleName;
      const expected = admitted[name](who) ? 'open' : who.name === 'anonymous' ? 401 : 403;
      expect([path, typeof socket === 'number' ? socket : 'open']).toEqual([path, expected]);
      if (typeof socket === 'number') continue;
      if (path === '/ws') {
        for (const type of Object.keys(messageRules)) expect(await say(socket, type)).toBe(true);
      }
      socket.terminate();
    }
  });
});

/** Whether a message is taken from whoever sends it; what it asks for may not be there. */
async function say(socket: WebSocket, type: string): Promise<boolean> {
  const answered = new Promise<string>((resolve) =>
    socket.once('message', (data: Buffer) => resolve(data.toString())),
  );
  socket.send(JSON.stringify({ type, id: 1, channel: 'chain', underlying: 'NIFTY', stream: 9 }));
  const { error } = JSON.parse(await answered) as { error?: { code: string } };
  return !['sign_in_needed', 'access_denied', 'scope_missing'].includes(error?.code ?? '');
}
