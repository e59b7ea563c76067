import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import type { ArgumentsHost } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { newChannelSchema, type NewChannel, type Role } from '@strikewire/contracts';
import { createMemoryJobs, silentLog } from '@strikewire/runtime';
import { createNodeClock, createNodeHttp, createNodeSecureRandom } from '@strikewire/runtime/node';
import type { FastifyReply } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the test run's database is a tool
import { createTestDatabase, type TestDatabase } from '../../../../tools/services/database';
import type { Caller } from '../http/caller';
import { guardRoutes } from '../http/guard-routes';
import { createOriginPolicy } from '../http/origin-policy';
import { NotificationsModule } from './notifications.module';
import { openCentre, type OpenedCentre } from './testing/open-centre';
import { startSmtpServer } from './testing/smtp-server';
import { startWebhookReceiver, type WebhookReceiver } from './testing/webhook-receiver';

const clock = createNodeClock();
const secret = 'a-secret-of-our-own-making';
const password = 'the-password-of-the-mail';
const path = '/api/notification-channels';

function person(role: Role): Caller {
  return {
    kind: 'person',
    userId: randomUUID(),
    username: role,
    role,
    sessionId: randomUUID(),
    steppedUpUntilMs: clock.wallMs() + 60_000,
    mustChangePassword: false,
    ended: new AbortController().signal,
  };
}

/** In place of the platform's error filter, which is not part of this: the code alone. */
function tellCode(thrown: { code?: string; message: string }, host: ArgumentsHost): void {
  const reply = host.switchToHttp().getResponse<FastifyReply>();
  void reply.status(400).send({ code: thrown.code ?? thrown.message });
}

interface Answer {
  status: number;
  body: { id: string; code: string; channels: unknown[]; settings: unknown };
}

describe('the routes of notifications', () => {
  let database: TestDatabase;
  let centre: OpenedCentre;
  let app: NestFastifyApplication;
  let receiver: WebhookReceiver;
  let caller = person('admin');

  const webhook = (): NewChannel => ({
    name: 'Desk',
    settings: { kind: 'webhook', url: receiver.url, secret },
    minSeverity: 'warning',
    enabled: true,
  });
  const mail = (port: number, more: object = {}): object => ({
    kind: 'email',
    host: '127.0.0.1',
    port,
    security: 'none',
    user: 'desk',
    password,
    from: 'platform@example.org',
    to: ['a@example.org'],
    ...more,
  });
  const ask = async (
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    url: string,
    payload?: object,
  ): Promise<Answer> => {
    const answer = await app.inject({ method, url, ...(payload ? { payload } : {}) });
    const body = answer.payload === '' ? {} : (JSON.parse(answer.payload) as object);
    return { status: answer.statusCode, body: body as Answer['body'] };
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    receiver = await startWebhookReceiver([200]);
    const jobs = createMemoryJobs({ clock, log: silentLog });
    const http = createNodeHttp(clock);
    const random = createNodeSecureRandom();
    const { url } = database;
    centre = await openCentre({ url, clock, log: silentLog, random, jobs, http });
    const adapter = new FastifyAdapter();
    guardRoutes(adapter.getInstance() as unknown as Parameters<typeof guardRoutes>[0], {
      clock,
      origins: createOriginPolicy({ allowedOrigins: [] }),
      identify: () => caller,
    });
    app = await NestFactory.create<NestFastifyApplication>(
      NotificationsModule.over(centre),
      adapter,
      { logger: false, abortOnError: false },
    );
    app.useGlobalFilters({ catch: tellCode });
    await app.init();
  });
  afterAll(async () => {
    await app.close();
    await centre.end();
    receiver.close();
    await database.drop();
  });
  beforeEach(async () => {
    caller = person('admin');
    centre.activities.length = 0;
    await centre.database.query('delete from notification_channel');
    await centre.channels.load();
  });

  it('let a viewer read and mark, and nothing else', async () => {
    caller = person('viewer');
    await centre.notifier.raise({ kind: 'a.b', severity: 'info', title: 'T', text: 'x' });
    expect(await ask('GET', '/api/notifications')).toMatchObject({
      status: 200,
      body: { unread: 1, notifications: [{ title: 'T' }] },
    });
    expect((await ask('POST', '/api/notifications/read', { upTo: 9 })).status).toBe(204);
    expect((await ask('GET', '/api/notifications')).body).toMatchObject({ unread: 0 });
    const id = randomUUID();
    const refused = await Promise.all([
      ask('GET', path),
      ask('POST', path, webhook()),
      ask('PATCH', `${path}/${id}`, {}),
      ask('DELETE', `${path}/${id}`),
      ask('POST', `${path}/${id}/test`),
    ]);
    expect(refused.map(({ body }) => body.code)).toEqual(Array(5).fill('access_denied'));
    expect(await centre.channels.list()).toEqual([]);
  });

  it('never show a secret, and store it sealed', async () => {
    const made = await ask('POST', path, webhook());
    expect(made.status).toBe(201);
    expect(made.body.settings).toEqual({ kind: 'webhook', url: receiver.url, secret: '***' });
    await ask('POST', path, { ...webhook(), name: 'Mail', settings: mail(25) });
    const listed = await ask('GET', path);
    expect(listed.body.channels).toHaveLength(2);
    const changed = await ask('PATCH', `${path}/${made.body.id}`, { enabled: false });
    const stored = await centre.database.query('select * from notification_channel');
    const texts = JSON.stringify([made, listed, changed, stored, centre.activities]);
    expect(texts).not.toContain(secret);
    expect(texts).not.toContain(password);
    // The path of a webhook's address may be a secret by itself.
    expect(JSON.stringify(centre.activities)).not.toContain('/hook');
  });

  it('write every change into the activity log', async () => {
    const { id } = (await ask('POST', path, webhook())).body;
    await ask('PATCH', `${path}/${id}`, { name: 'Night desk', minSeverity: 'critical' });
    expect((await ask('DELETE', `${path}/${id}`)).status).toBe(204);
    const named = (name: string): object => expect.objectContaining({ name }) as object;
    expect(centre.activities).toEqual([
      {
        action: 'notification_channel.created',
        subject: { kind: 'notification_channel', id, name: 'Desk' },
        before: null,
        after: named('Desk'),
      },
      {
        action: 'notification_channel.changed',
        subject: { kind: 'notification_channel', id, name: 'Night desk' },
        before: named('Desk'),
        after: named('Night desk'),
      },
      {
        action: 'notification_channel.removed',
        subject: { kind: 'notification_channel', id, name: 'Night desk' },
        before: named('Night desk'),
        after: null,
      },
    ]);
  });

  it('keep a secret of ***, and sign with it', async () => {
    const { id } = (await ask('POST', path, webhook())).body;
    const settings = { kind: 'webhook', url: `${receiver.url}/other`, secret: '***' };
    expect((await ask('PATCH', `${path}/${id}`, { settings })).status).toBe(200);
    expect(await centre.channels.read(id)).toEqual({ ...settings, secret });
    const before = receiver.received.length;
    const tested = await ask('POST', `${path}/${id}/test`);
    expect(tested).toEqual({ status: 200, body: { ok: true, message: 'delivered' } });
    expect(receiver.received).toHaveLength(before + 1);
    const [listed] = await centre.channels.list();
    expect(listed?.lastDelivery).toMatchObject({ ok: true, message: 'delivered' });
  });

  it('send a stored password nowhere else than where it was meant for', async () => {
    const smtp = await startSmtpServer();
    const own = { ...webhook(), settings: mail(smtp.port) };
    const { id } = (await ask('POST', path, own)).body;
    const keep = { password: '***', to: ['other@example.org'] };
    const moved = [
      mail(smtp.port, { ...keep, host: 'evil.example.org' }),
      mail(smtp.port + 1, keep),
      mail(smtp.port, { ...keep, user: 'other' }),
      mail(smtp.port, { ...keep, security: 'tls' }),
    ];
    for (const settings of moved) {
      await refuses('PATCH', `${path}/${id}`, { settings }, 'channel_invalid');
    }
    const settings = mail(smtp.port, keep);
    expect((await ask('PATCH', `${path}/${id}`, { settings })).status).toBe(200);
    expect((await ask('POST', `${path}/${id}/test`)).body).toMatchObject({ ok: true });
    expect(smtp.mails.map(({ login }) => login)).toEqual([`desk ${password}`]);
    smtp.close();
  });

  it('refuse what no channel can be', async () => {
    await ask('POST', path, webhook());
    await refuses('POST', path, { ...webhook(), name: 'desk' }, 'channel_name_taken');
    const url = 'http://user:geheim@example.org/';
    const wrong = [
      { kind: 'webhook', url, secret },
      { kind: 'webhook', url: receiver.url, secret: '***' },
      mail(25, { user: null }),
      mail(25, { password: '***' }),
    ];
    for (const settings of wrong) {
      await refuses('POST', path, { ...webhook(), name: 'b', settings }, 'channel_invalid');
    }
    expect(await centre.channels.list()).toHaveLength(1);
  });

  it('refuse more channels than there may be, and one that is not there', async () => {
    for (let n = 0; n < 20; n++) await ask('POST', path, { ...webhook(), name: `n${n}` });
    await refuses('POST', path, { ...webhook(), name: 'over' }, 'channels_full');
    expect(await centre.channels.list()).toHaveLength(20);
    const place = `${path}/${randomUUID()}`;
    await refuses('PATCH', place, { enabled: false }, 'channel_unknown');
    await refuses('DELETE', place, undefined, 'channel_unknown');
    await refuses('POST', `${place}/test`, undefined, 'channel_unknown');
  });

  async function refuses(
    method: 'POST' | 'PATCH' | 'DELETE',
    url: string,
    payload: object | undefined,
    code: string,
  ): Promise<void> {
    const activities = centre.activities.length;
    expect((await ask(method, url, payload)).body).toEqual({ code });
    expect(centre.activities).toHaveLength(activities);
  }
});

describe('the schema of channels', () => {
  const email = {
    kind: 'email',
    host: 'mail.example.org',
    port: 587,
    security: 'starttls',
    user: 'desk',
    password,
    from: 'platform@example.org',
    to: ['a@example.org'],
  };
  const channel = { name: 'Desk', settings: email };
  const webhook = { kind: 'webhook', url: 'https://example.org/hook', secret };

  it('takes what is right', () => {
    expect(newChannelSchema.safeParse(channel).success).toBe(true);
    expect(newChannelSchema.safeParse({ ...channel, settings: webhook }).success).toBe(true);
  });

  it.each([
    { name: 'Desk\r\nX: y' },
    { name: 'Desk\u2028X' },
    { settings: { ...email, from: 'a@example.org\r\nBcc: all@example.org' } },
    { settings: { ...email, from: 'A <a@example.org>' } },
    { settings: { ...email, to: ['a@example.org, b@example.org'] } },
    { settings: { ...email, to: ['a@example.org\nRCPT TO:<b@example.org>'] } },
    { settings: { ...email, to: [] } },
    { settings: { ...email, host: 'mail.example.org\r\nQUIT' } },
    { settings: { ...email, host: 'mail example' } },
    { settings: { ...email, user: 'desk\r\n' + 'X' } },
    { settings: { ...email, port: 0 } },
    { settings: { ...webhook, url: 'file:///etc/passwd' } },
    { settings: { ...webhook, url: 'javascript:alert(1)' } },
    { settings: { ...webhook, secret: 'short' } },
    { settings: { ...webhook, secret: `${secret}\r\nx` } },
    { settings: { ...webhook, method: 'GET' } },
  ])('refuses %j', (more) => {
    expect(newChannelSchema.safeParse({ ...channel, ...more }).success).toBe(false);
  });
});
