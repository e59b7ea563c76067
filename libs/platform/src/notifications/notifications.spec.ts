import { createHmac, randomUUID } from 'node:crypto';
import type { ChannelSettings, NewChannel } from '@strikewire/contracts';
import { createMemoryJobs, silentLog, type Jobs } from '@strikewire/runtime';
import { createNodeClock, createNodeHttp, createNodeSecureRandom } from '@strikewire/runtime/node';
import { createVirtualClock, type VirtualClock } from '@strikewire/runtime/virtual';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the test run's database is a tool
import { createTestDatabase, type TestDatabase } from '../../../../tools/services/database';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the way to it is one too
import { openFlakyPath } from '../../../../tools/services/flaky-path';
import { byPlatform } from '../activity/activity-recorder';
import type { News } from './news';
import { openCentre, type CentreOptions, type OpenedCentre } from './testing/open-centre';
import { startSmtpServer } from './testing/smtp-server';
import { startWebhookReceiver, type WebhookReceiver } from './testing/webhook-receiver';

const startMs = Date.parse('2026-11-24T09:15:00+05:30');
const secret = 'a-secret-of-our-own-making';
const person = randomUUID();
const patience = { timeout: 30_000, interval: 10 };
const news: News = {
  kind: 'account.parked',
  severity: 'critical',
  title: 'An account is parked',
  text: 'The broker refused the token.',
};

describe('notifications', () => {
  const http = createNodeHttp(createNodeClock());
  let database: TestDatabase;
  let clock: VirtualClock;
  let jobs: Jobs;
  let centre: OpenedCentre;
  let receiver: WebhookReceiver;
  const random = createNodeSecureRandom();

  const open = (more: Partial<CentreOptions> = {}): Promise<OpenedCentre> =>
    openCentre({ url: database.url, clock, log: silentLog, random, jobs, http, ...more });
  const webhook = (url = receiver.url): NewChannel => ({
    name: 'Desk',
    settings: { kind: 'webhook', url, secret },
    minSeverity: 'warning',
    enabled: true,
  });

  /** As after a restart, or with something else in the way. */
  const reopen = async (more: Partial<CentreOptions> = {}): Promise<void> => {
    await centre.end();
    await jobs.stop();
    jobs = createMemoryJobs({ clock, log: silentLog });
    centre = await open(more);
  };

  beforeEach(async () => {
    database = await createTestDatabase();
    clock = createVirtualClock(startMs);
    jobs = createMemoryJobs({ clock, log: silentLog });
    receiver = await startWebhookReceiver([200]);
    centre = await open();
  });
  afterEach(async () => {
    await centre.end();
    await jobs.stop();
    receiver.close();
    await database.drop();
  });

  describe('that people read', () => {
    it('are listed newest first, with how many are new to each', async () => {
      await centre.notifier.raise({ ...news, severity: 'info', title: 'first' });
      clock.jumpWall(60_000);
      await centre.notifier.raise({ ...news, title: 'second', details: { n: 1 } });
      const { notifications, unread } = await centre.inbox.list(person);
      expect(unread).toBe(2);
      expect(notifications).toEqual([
        {
          id: 2,
          at: '2026-11-24T09:16:00.000+05:30',
          severity: 'critical',
          kind: 'account.parked',
          title: 'second',
          text: news.text,
          count: 1,
        },
        expect.objectContaining({ id: 1, title: 'first', severity: 'info' }),
      ]);
      await centre.inbox.markRead(person, 1);
      expect((await centre.inbox.list(person)).unread).toBe(1);
      expect((await centre.inbox.list(randomUUID())).unread).toBe(2);
    });

    it('are never marked as read before they exist, nor as unread again', async () => {
      await centre.inbox.markRead(person, 5);
      await centre.notifier.raise(news);
      expect((await centre.inbox.list(person)).unread).toBe(1);
      await centre.inbox.markRead(person, Number.MAX_SAFE_INTEGER);
      await centre.notifier.raise(news);
      await centre.inbox.markRead(person, 0);
      expect((await centre.inbox.list(person)).unread).toBe(1);
    });

    it('are counted when the same comes again within ten minutes', async () => {
      const same = { ...news, key: 'parked:7' };
      for (let n = 0; n < 3; n++) await centre.notifier.raise(same);
      await centre.notifier.raise({ ...news, key: 'parked:8' });
      await Promise.all([1, 2, 3].map(() => centre.notifier.raise(same)));
      const { notifications } = await centre.inbox.list(person);
      expect(notifications.map(({ count }) => count)).toEqual([1, 6]);
      clock.jumpWall(600_000);
      await centre.notifier.raise(same);
      const later = await centre.inbox.list(person);
      expect(later.notifications.map(({ count }) => count)).toEqual([1, 1, 6]);
    });

    it('are counted also across a restart, and not told again', async () => {
      await centre.channels.create(webhook(), byPlatform);
      await centre.notifier.raise({ ...news, key: 'parked:7' });
      await vi.waitFor(() => expect(receiver.received).toHaveLength(1), patience);
      await reopen();
      await centre.notifier.raise({ ...news, key: 'parked:7' });
      const { notifications } = await centre.inbox.list(person);
      expect(notifications.map(({ count }) => count)).toEqual([2]);
      expect((await jobs.counts())['notification-delivery']).toMatchObject({ waiting: 0 });
      expect(receiver.received).toHaveLength(1);
    });

    it('bear any text, cut to what is kept', async () => {
      const odd = `'; drop table notification; -- \u0000\u0007\ud800 ₹\r\nX: y`;
      const details = { odd, [odd]: 1 };
      await centre.notifier.raise({ kind: odd, severity: 'info', title: odd, text: odd, key: odd });
      await centre.notifier.raise({ ...news, title: 't'.repeat(5_000), text: odd, details });
      const { notifications } = await centre.inbox.list(person);
      expect(notifications.map(({ title }) => title)).toEqual([
        't'.repeat(200),
        `'; drop table notification; --  \ufffd ₹ X: y`,
      ]);
      expect(notifications[0]?.text).toBe(`'; drop table notification; --   \ufffd ₹ \nX: y`);
    });

    it('are kept to the latest ten thousand', async () => {
      await centre.notifier.raise({ ...news, title: 'oldest' });
      await centre.database.query(`select setval('notification_id_seq', 10099)`);
      await centre.notifier.raise({ ...news, title: 'newest' });
      const { notifications } = await centre.inbox.list(person);
      expect(notifications.map(({ title }) => title)).toEqual(['newest']);
    });
  });

  describe('while the database is away', () => {
    it('go out all the same, and are stored when it is back', async () => {
      const path = await openFlakyPath(database.url);
      await reopen({ url: path.url });
      await centre.channels.create(webhook(), byPlatform);
      await path.cut();
      await centre.notifier.raise({ ...news, title: 'first', key: 'k' });
      await centre.notifier.raise({ ...news, title: 'first', key: 'k' });
      await centre.notifier.raise({ ...news, title: 'second' });
      await vi.waitFor(() => expect(receiver.received).toHaveLength(2), patience);
      await expect(centre.inbox.list(person)).rejects.toThrow();
      await path.restore();
      clock.jumpWall(120_000);
      await vi.waitFor(async () => {
        // A try over a connection that was cut is not the last one.
        await clock.advance(5_000);
        const { notifications } = await centre.inbox.list(person);
        expect(notifications.map(({ title, count }) => [title, count])).toEqual([
          ['second', 1],
          ['first', 2],
        ]);
        expect(notifications[0]?.at).toBe('2026-11-24T09:15:00.000+05:30');
      }, patience);
      expect(receiver.received).toHaveLength(2);
      await reopen();
      await path.close();
    });

    it('are kept up to the most, and what is dropped is told to the log', async () => {
      const path = await openFlakyPath(database.url);
      const error = vi.fn();
      await reopen({ url: path.url, log: { ...silentLog, error } });
      await path.cut();
      const raised = Array.from({ length: 502 }, (_, n) => ({ ...news, title: `n${n}` }));
      await Promise.all(raised.map((one) => centre.notifier.raise(one)));
      const lost = error.mock.calls.filter(([told]) => String(told).startsWith('a notification'));
      expect(lost.map(([, facts]) => (facts as { title: string }).title)).toEqual(['n0', 'n1']);
      await reopen();
      const lostAtStop = 'notifications are lost: the database is away';
      expect(error).toHaveBeenLastCalledWith(lostAtStop, { count: 500 });
      await path.close();
    });
  });

  describe('by webhook', () => {
    it('are sent again until they are taken, signed each time', async () => {
      const flaky = await startWebhookReceiver([500, 302, 204]);
      await centre.channels.create(webhook(flaky.url), byPlatform);
      await centre.notifier.raise({ ...news, details: { account: 'main' } });
      await vi.waitFor(() => expect(flaky.received).toHaveLength(1), patience);
      await vi.waitFor(async () => {
        expect((await jobs.counts())['notification-delivery']).toMatchObject({ delayed: 1 });
      }, patience);
      const [failed] = await centre.channels.list();
      expect(failed?.lastDelivery).toMatchObject({ ok: false });
      expect(failed?.lastDelivery?.message).toMatch(/answered 500/);
      for (const waitMs of [10_000, 20_000]) {
        const before = flaky.received.length;
        await clock.advance(waitMs - 1);
        expect(flaky.received).toHaveLength(before);
        await clock.advance(1);
        await vi.waitFor(() => expect(flaky.received).toHaveLength(before + 1), patience);
        await vi.waitFor(async () => {
          expect((await jobs.counts())['notification-delivery']).toMatchObject({ active: 0 });
        }, patience);
      }
      const [delivered] = await centre.channels.list();
      expect(delivered?.lastDelivery).toMatchObject({ ok: true });
      const seconds = [0, 10, 30].map((later) => startMs / 1_000 + later);
      expect(flaky.received.map(({ headers }) => headers['x-strikewire-signature'])).toEqual(
        flaky.received.map(({ body }, n) => {
          const signed = createHmac('sha256', secret).update(`${seconds[n]}.${body}`);
          return `t=${seconds[n]},v1=${signed.digest('hex')}`;
        }),
      );
      const ids = flaky.received.map(({ headers }) => headers['x-strikewire-delivery']);
      expect(new Set(ids).size).toBe(1);
      expect(JSON.parse(flaky.received[0]?.body ?? '')).toEqual({
        id: ids[0],
        at: '2026-11-24T09:15:00.000+05:30',
        severity: 'critical',
        kind: 'account.parked',
        title: news.title,
        text: news.text,
        details: { account: 'main' },
      });
      flaky.close();
    });

    it('go to enabled channels at or above their severity only', async () => {
      const { channels, notifier } = centre;
      const add = (more: Partial<NewChannel>): Promise<unknown> =>
        channels.create({ ...webhook(), ...more }, byPlatform);
      await add({ name: 'off', enabled: false });
      await add({ name: 'critical', minSeverity: 'critical' });
      await add({ name: 'all', minSeverity: 'info' });
      await notifier.raise({ ...news, severity: 'info' });
      await notifier.raise({ ...news, severity: 'warning' });
      await notifier.raise({ ...news, severity: 'critical' });
      await vi.waitFor(() => expect(receiver.received).toHaveLength(4), patience);
      const told = receiver.received.map(({ body }) => JSON.parse(body).severity as string);
      expect(told.sort()).toEqual(['critical', 'critical', 'info', 'warning']);
    });

    it('are given up after six tries, and not sent to a channel that was removed', async () => {
      const dead = await startWebhookReceiver([503]);
      const { id } = await centre.channels.create(webhook(dead.url), byPlatform);
      await centre.notifier.raise(news);
      for (const [tries, waitMs] of [10, 20, 40, 80, 160].entries()) {
        await vi.waitFor(async () => {
          expect(dead.received).toHaveLength(tries + 1);
          expect((await jobs.counts())['notification-delivery']).toMatchObject({ delayed: 1 });
        }, patience);
        await clock.advance(waitMs * 1_000);
      }
      await vi.waitFor(async () => {
        expect((await jobs.counts())['notification-delivery']).toMatchObject({ failed: 1 });
      }, patience);
      expect(dead.received).toHaveLength(6);
      await centre.notifier.raise(news);
      await vi.waitFor(() => expect(dead.received).toHaveLength(7), patience);
      await centre.channels.remove(id, byPlatform);
      await vi.waitFor(async () => {
        expect((await jobs.counts())['notification-delivery']).toMatchObject({ active: 0 });
      }, patience);
      await clock.advance(10_000);
      await vi.waitFor(async () => {
        const none = { active: 0, delayed: 0, failed: 1 };
        expect((await jobs.counts())['notification-delivery']).toMatchObject(none);
      }, patience);
      expect(dead.received).toHaveLength(7);
      dead.close();
    });
  });

  describe('by e-mail', () => {
    const mail = (port: number): ChannelSettings => ({
      kind: 'email',
      host: '127.0.0.1',
      port,
      security: 'none',
      user: 'desk',
      password: 'mail-password',
      from: 'platform@example.org',
      to: ['a@example.org', 'b@example.org'],
    });

    it('are sent to all addresses, with the login', async () => {
      const smtp = await startSmtpServer();
      await centre.channels.create({ ...webhook(), settings: mail(smtp.port) }, byPlatform);
      const title = 'An account is parked\r\nBcc: all@example.org';
      await centre.notifier.raise({ ...news, title });
      await vi.waitFor(() => expect(smtp.mails).toHaveLength(1), patience);
      const [sent] = smtp.mails;
      expect(sent?.login).toBe('desk mail-password');
      expect(sent?.from).toContain('<platform@example.org>');
      expect(sent?.to.join()).toMatch(/<a@example.org>.*<b@example.org>/);
      const subject = 'Subject: [critical] An account is parked Bcc: all@example.org';
      expect(sent?.data.split('\n')).toContain(subject);
      expect(sent?.data).not.toMatch(/^Bcc:/m);
      expect(sent?.data).toContain(news.text);
      smtp.close();
    });

    it('tell why a server refused, without the password', async () => {
      const smtp = await startSmtpServer({ refuse: '554 no thanks' });
      const { channels } = centre;
      const channel = await channels.create(
        { ...webhook(), settings: mail(smtp.port) },
        byPlatform,
      );
      const report = await centre.test(channel.id);
      expect(report).toMatchObject({ ok: false });
      expect(report.message).toMatch(/554 no thanks/);
      expect(report.message).not.toContain('mail-password');
      smtp.close();
      expect(await centre.test(channel.id)).toMatchObject({ ok: false });
    });
  });
});
