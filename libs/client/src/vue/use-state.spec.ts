import { effectScope, nextTick, shallowRef } from 'vue';
import { describe, expect, it } from 'vitest';
import { scriptChannels } from '../testing/scripted-channels';
import type { ChainTarget } from '../rest/rest-client';
import { useAlerts, usePcr, usePlatformStatus, useQuotes } from './use-state';

function pcrOf(underlying: string): object[] {
  const pcr = { channel: 'pcr', stream: underlying.length, underlying };
  const nothing = {
    pcrVolume: null, totalCeVolume: null, totalPeVolume: null,
    totalCeOiChange: null, totalPeOiChange: null,
  };
  const ratios = { pcrOi: underlying.length, totalCeOi: 1, totalPeOi: 1, ...nothing };
  return [
    { type: 'layout', ...pcr, exchange: 'NSE', expiry: '2026-11-24' },
    { type: 'snapshot', ...pcr, version: 1, asOf: 'now', ratios },
  ];
}

describe('a channel in a component', () => {
  it('follows its target and ends with the scope', async () => {
    const server = scriptChannels();
    server.answers = (message) => ('underlying' in message ? pcrOf(message.underlying) : []);
    const target = shallowRef<ChainTarget | null>({ underlying: 'NIFTY' });
    const scope = effectScope();
    const { client } = server;
    const pcr = scope.run(() => usePcr({ client, target: () => target.value }))!;
    await server.clock.advance(100);
    expect(pcr.state.value).toMatchObject({ underlying: 'NIFTY', ratios: { pcrOi: 5 } });
    target.value = { underlying: 'SENSEX' };
    await nextTick();
    expect(pcr.state.value).toBeNull();
    await server.clock.advance(100);
    expect(pcr.state.value).toMatchObject({ underlying: 'SENSEX' });
    expect(pcr.connection.value.state).toBe('live');
    target.value = null;
    await nextTick();
    expect([pcr.state.value, server.count('unsubscribe')]).toEqual([null, 1]);
    scope.stop();
    await server.clock.advance(5_000);
    expect([server.count('unsubscribe'), client.connection.state]).toEqual([2, 'idle']);
  });

  it('says why it is not served until it is', async () => {
    const server = scriptChannels();
    const error = { code: 'contract_unknown', message: 'no', requestId: 'r' };
    server.answers = () => [{ type: 'error', error }];
    const scope = effectScope();
    const keys = (): string[] => ['NSE:NIFTY'];
    const quotes = scope.run(() => useQuotes({ client: server.client, keys }))!;
    await server.clock.advance(100);
    expect(quotes.error.value?.code).toBe('contract_unknown');
    const place = { channel: 'quotes', stream: 1 };
    server.answers = () => [
      { type: 'layout', ...place, keys: keys() },
      { type: 'snapshot', ...place, version: 1, rows: [[0, null]] },
    ];
    await server.clock.advance(6_000);
    expect([quotes.error.value, quotes.state.value]).toEqual([null, { 'NSE:NIFTY': null }]);
    scope.stop();
  });

  it('is read over HTTP when the component asks', async () => {
    const server = scriptChannels();
    server.answers = ({ channel }) => {
      const place = { channel, stream: 4, epoch: 'e', sequence: 0 };
      return channel === 'alerts' ? [{ type: 'subscribed', ...place }] : [];
    };
    server.rest['/api/notifications'] = { notifications: [], unread: 0 };
    const scope = effectScope();
    const { client } = server;
    const [alerts, status] = scope.run(() =>
      [useAlerts({ client }), usePlatformStatus({ client })] as const)!;
    await server.clock.advance(100);
    expect(alerts.state.value).toEqual({ notifications: [], unread: 0 });
    server.rest['/api/notifications'] = { notifications: [], unread: 3 };
    alerts.refresh();
    await server.clock.advance(100);
    expect(alerts.state.value?.unread).toBe(3);
    status.refresh();
    await server.clock.advance(100);
    expect(status.error.value).toMatchObject({ kind: 'retryable' });
    scope.stop();
  });
});
