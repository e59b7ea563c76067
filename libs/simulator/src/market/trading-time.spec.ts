import { describe, expect, it } from 'vitest';
import { createTradingTime, type SessionPlan } from './trading-time';

const cash = { openMinute: 555, closeMinute: 930 };
const plan: SessionPlan = {
  kind: 'hours',
  eras: [
    { from: '2000-01-01', cash, derivatives: cash },
    { from: '2026-08-03', cash, derivatives: { openMinute: 555, closeMinute: 940 } },
  ],
  extraDays: ['2026-02-01'],
};
const time = createTradingTime(plan, ['2026-11-24']);
const at = (text: string): number => Date.parse(`${text}+05:30`);

describe('trading time', () => {
  it('opens at the first instant and is closed at the last', () => {
    expect(time.isOpen('cash', at('2026-11-23T09:15:00.000'))).toBe(true);
    expect(time.isOpen('cash', at('2026-11-23T09:14:59.999'))).toBe(false);
    expect(time.isOpen('cash', at('2026-11-23T15:30:00.000'))).toBe(false);
  });

  it('keeps derivatives open longer in the later era only', () => {
    expect(time.isOpen('derivatives', at('2026-11-23T15:35:00'))).toBe(true);
    expect(time.isOpen('cash', at('2026-11-23T15:35:00'))).toBe(false);
    expect(time.isOpen('derivatives', at('2026-07-31T15:35:00'))).toBe(false);
  });

  it('stands at the last close over weekends and closing days', () => {
    const friday = at('2026-11-20T15:40:00');
    expect(time.lastTradingMs('derivatives', at('2026-11-22T12:00:00'))).toBe(friday);
    expect(time.lastTradingMs('cash', at('2026-11-25T08:00:00'))).toBe(at('2026-11-23T15:30:00'));
  });

  it('knows the next opening or closing', () => {
    expect(time.nextChangeMs(at('2026-11-23T15:30:00'))).toBe(at('2026-11-23T15:40:00'));
    expect(time.nextChangeMs(at('2026-11-23T15:40:00'))).toBe(at('2026-11-25T09:15:00'));
  });

  it('trades on an extra day', () => {
    expect(time.isOpen('cash', at('2026-02-01T10:00:00'))).toBe(true);
    expect(time.isBusinessDay('2026-02-08')).toBe(false);
  });

  it('never closes under "always", though expiries still avoid closing days', () => {
    const always = createTradingTime({ kind: 'always' }, ['2026-11-24']);
    expect(always.isOpen('cash', at('2026-11-22T03:00:00'))).toBe(true);
    expect(always.nextChangeMs(at('2026-11-22T03:00:00'))).toBeUndefined();
    expect(always.isBusinessDay('2026-11-24')).toBe(false);
  });
});
