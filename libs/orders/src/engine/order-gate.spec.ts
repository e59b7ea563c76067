import { createVirtualClock } from '@strikewire/runtime/virtual';
import { describe, expect, it } from 'vitest';
import { orderRateRules } from '../core/order-rates';
import { OrderGate, type GateRequest, type Passage } from './order-gate';
import type { SentCall } from './order-journal';
import { benchStartMs } from './testing/order-bench';

const rules = orderRateRules({
  perSecond: null, perMinute: 10, perHour: null, perDay: null, modificationsPerOrder: 2,
});

function request(callId: string, more: Partial<GateRequest> = {}): GateRequest {
  return {
    account: 'acc', rules, callId, orderId: callId, call: 'place', segment: 'FNO',
    lowersRisk: false, passesKill: false, ...more,
  };
}

describe('the gate to the brokers', () => {
  it('lets through what the rates permit, and what lowers a risk after any wait', async () => {
    const clock = createVirtualClock(benchStartMs);
    const gate = new OrderGate(clock);
    const passed: string[] = [];
    const pass = async (one: GateRequest): Promise<Passage> => {
      const passage = await gate.pass(one);
      passed.push(`${clock.monoMs()} ${one.callId} ${passage.kind}`);
      if (passage.kind === 'ok') gate.answered(passage.call);
      return passage;
    };
    const all = Array.from({ length: 11 }, (_, index) => pass(request(`p${index}`)));
    const exit = pass(request('exit', { lowersRisk: true }));
    const late = pass(request('late', { lowersRisk: true }));
    await clock.advance(120_000);
    const kinds = await Promise.all([...all, exit, late]);
    // A tenth of the minute is kept for the exits: the second of them waits.
    expect(kinds.filter(({ kind }) => kind === 'ok')).toHaveLength(11);
    expect(passed.slice(0, 8).every((line) => line.startsWith('0 '))).toBe(true);
    expect(passed).toContain('1001 exit ok');
    expect(passed.at(-1)).toBe('60001 late ok');
    expect(kinds.find(({ kind }) => kind === 'denied')).toMatchObject({ code: 'account_minute' });
  });

  it('counts what was sent before a restart', async () => {
    const clock = createVirtualClock(benchStartMs);
    const sent = Array.from({ length: 10 }, (_, index): SentCall => ({
      account: 'acc', callId: `c${index}`, orderId: `c${index}`, call: 'place', segment: 'FNO',
      sentMs: benchStartMs - 30_000, answeredMs: index === 0 ? null : benchStartMs - 29_000,
    }));
    const gate = new OrderGate(clock);
    gate.restore(sent, new Map([['c1', 2]]));
    expect(await gate.pass(request('new'))).toMatchObject({ code: 'account_minute' });
    expect(gate.use('acc', rules)).toContainEqual(
      { name: 'account_minute', used: 10, limit: 10, windowMs: 60_000 });
    await clock.advance(31_001);
    const change = request('m', { call: 'modify', orderId: 'c1' });
    expect(await gate.pass(change)).toMatchObject({ code: 'order_modifications' });
    expect(await gate.pass(request('new'))).toMatchObject({ kind: 'ok' });
  });

  it('has a place free again for what never left', async () => {
    const gate = new OrderGate(createVirtualClock(benchStartMs));
    for (let index = 0; index < 50; index += 1) {
      const passage = await gate.pass(request(`p${index}`));
      expect(passage.kind).toBe('ok');
      if (passage.kind === 'ok') gate.released(passage.call);
    }
  });
});
