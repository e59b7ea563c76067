import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { indiaInstant } from '@strikewire/contracts';
import {
  acceptJsonBodies,
  createOriginPolicy,
  errorAnswer,
  guardRoutes,
  openDatabase,
  type Caller,
} from '@strikewire/platform';
import { silentLog } from '@strikewire/runtime';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the test run's database is a tool
import { createTestDatabase, type TestDatabase } from '../../../../tools/services/database';
import { CreateMarginTables1795306000021 } from './create-margin-tables.migration';
import { marginEntities } from './entities';
import { addRiskFileRoute } from './risk-file-routes';
import { RiskFileShelf } from './risk-file-shelf';

const xml = readFileSync(new URL('../core/fixtures/risk-parameters.xml', import.meta.url));
const nowMs = indiaInstant('2026-05-29', 1_200);
const clock = { wallMs: () => nowMs };
const { signal: ended } = new AbortController();
let caller: Caller;
let test: TestDatabase;
let database: Awaited<ReturnType<typeof openDatabase>>;
let server: FastifyInstance;
let address: string;

const asKey = (scope: 'admin' | 'trade'): Caller => ({
  kind: 'key', keyId: 'k', name: 'k', scopes: [scope], userId: 'u', username: 'u', role: 'admin',
  ended,
});

beforeAll(async () => {
  test = await createTestDatabase();
  const migrations = [CreateMarginTables1795306000021];
  const entities = marginEntities as never;
  database = await openDatabase({ url: test.url, entities, migrations, log: silentLog });
  const activity = { record: () => Promise.resolve() };
  const isWanted = (): boolean => true;
  const shelf = new RiskFileShelf({ clock, log: silentLog, database, activity, isWanted });
  server = Fastify({ bodyLimit: 1_024 });
  acceptJsonBodies(server);
  const origins = createOriginPolicy({ allowedOrigins: [] });
  guardRoutes(server, { clock, identify: () => caller, origins });
  addRiskFileRoute(server, shelf, (thrown, request, reply) => {
    const { status, body } = errorAnswer(thrown, request.id, silentLog);
    void reply.status(status).send(body);
  });
  address = await server.listen({ host: '127.0.0.1', port: 0 });
});

afterAll(async () => {
  await server?.close();
  await database?.destroy();
  await test?.drop();
});

async function send(
  body: Uint8Array | undefined,
  type = 'application/xml',
  query = '',
): Promise<{ status: number; code?: string; files?: unknown[] }> {
  const headers = { 'content-type': type };
  const init = { method: 'POST', headers, ...(body && { body }) };
  const answer = await fetch(`${address}/api/margin/risk-files${query}`, init as never);
  const json = (await answer.json()) as { error?: { code: string }; files?: unknown[] };
  return { status: answer.status, ...(json.error ? { code: json.error.code } : json) };
}

describe('POST /api/margin/risk-files', () => {
  it('reads the body as a stream, however large other bodies may be', async () => {
    caller = asKey('admin');
    expect(xml.length).toBeGreaterThan(1_024);
    expect(await send(xml)).toMatchObject({ status: 200, files: [{ exchange: 'NSE' }] });
    const packed = await send(gzipSync(xml), 'application/gzip', '?exchange=BSE');
    expect(packed.files).toMatchObject([{ exchange: 'BSE' }, { exchange: 'NSE', underlyings: 2 }]);
  });

  it('refuses in the one error body, also before a body is read', async () => {
    caller = asKey('admin');
    const long = Buffer.concat([Buffer.from('<other>'), Buffer.alloc(3_000_000, ' ')]);
    expect(await send(long)).toMatchObject({ status: 400, code: 'risk_file_invalid' });
    expect(await send(undefined)).toMatchObject({ status: 400, code: 'risk_file_empty' });
    expect(await send(xml, 'application/xml', '?exchange=LSE')).toMatchObject({ status: 400 });
    expect(await send(Buffer.from('{}'), 'application/json')).toMatchObject({ status: 415 });
    caller = asKey('trade');
    expect(await send(xml)).toMatchObject({ status: 403 });
    caller = { kind: 'nobody' };
    expect(await send(xml)).toMatchObject({ status: 401 });
  });
});
