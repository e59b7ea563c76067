import { describe, expect, it } from 'vitest';
import { mcxCommodities } from '../presets/commodities';
import { bseDerivatives, nseDerivatives } from '../presets/derivatives';
import { nseEquity } from '../presets/equity';
import { alwaysOpenCalendar, tradingCalendarOf } from './calendar';
import { createCalendar } from './session-calendar';

const at = (date: string, time: string): number => Date.parse(`${date}T${time}:00+05:30`);
const calendars = {
  NSE: createCalendar(nseDerivatives),
  BSE: createCalendar(bseDerivatives),
  MCX: createCalendar(mcxCommodities),
};
const cash = createCalendar(nseEquity);

describe('tradingCalendarOf', () => {
  const trading = tradingCalendarOf((exchange) => calendars[exchange], () => cash);

  it('asks the calendar of the exchange', () => {
    const evening = at('2026-03-09', '20:00');
    expect(trading.isOpen('MCX', evening)).toBe(true);
    expect(trading.isOpen('NSE', evening)).toBe(false);
    expect(trading.nextOpenMs('NSE', evening)).toBe(at('2026-03-10', '09:15'));
    expect(trading.nextOpenMs('BSE', at('2026-01-23', '16:00'))).toBe(at('2026-01-27', '09:15'));
  });

  it('follows a calendar that is put in another\'s place', () => {
    let counts: typeof calendars.MCX | undefined = calendars.MCX;
    const live = tradingCalendarOf(() => counts);
    const evening = at('2026-03-09', '20:00');
    expect(live.isOpen('NSE', evening)).toBe(true);
    counts = calendars.NSE;
    expect(live.isOpen('NSE', evening)).toBe(false);
    counts = undefined;
    expect([live.isOpen('NSE', evening), live.nextOpenMs('NSE', evening)]).toEqual([
      false, undefined,
    ]);
  });

  it('knows the trading day, which changes at 09:00 of the next one', () => {
    const day = (exchange: 'NSE' | 'MCX', when: [string, string]): string =>
      trading.tradingDay(exchange, at(...when));
    expect(day('NSE', ['2026-11-20', '08:59'])).toBe('2026-11-19');
    expect(day('NSE', ['2026-11-20', '09:00'])).toBe('2026-11-20');
    // Over a weekend, and over a holiday on which commodities trade in the evening.
    expect(day('NSE', ['2026-11-23', '08:59'])).toBe('2026-11-20');
    expect(day('NSE', ['2026-11-24', '12:00'])).toBe('2026-11-23');
    expect(day('MCX', ['2026-11-24', '12:00'])).toBe('2026-11-24');
  });

  it('tells the cash market from derivatives, which go on after it', () => {
    const spots = ['15:14', '15:15', '15:39'].map((time) =>
      trading.isSpotOpen('NSE', at('2026-11-23', time)),
    );
    expect(spots).toEqual([true, false, false]);
    expect(trading.isOpen('NSE', at('2026-11-23', '15:39'))).toBe(true);
    expect(trading.isSpotOpen('NSE', at('2024-11-25', '15:29'))).toBe(true);
    const alone = tradingCalendarOf(() => calendars.MCX);
    expect(alone.isSpotOpen('MCX', at('2026-03-09', '23:00'))).toBe(true);
  });

  it('closes a date as the calendar has it, else as an ordinary one', () => {
    const special = createCalendar({
      ...nseDerivatives,
      overrides: [{ kind: 'extension', date: '2026-11-23', name: 'Longer', minutes: 80 }],
    });
    const longer = tradingCalendarOf(() => special);
    expect(longer.closeMs('NSE', '2026-11-23')).toBe(at('2026-11-23', '17:00'));
    expect(longer.closeMs('NSE', '2026-11-24')).toBe(at('2026-11-24', '15:40'));
    expect(longer.closeMs('NSE', '2071-06-30')).toBe(at('2071-06-30', '15:40'));
  });

  it('is closed outside of what its calendar knows', () => {
    const short = createCalendar(nseDerivatives, { from: '2026-01-01', to: '2026-06-30' });
    const trading = tradingCalendarOf(() => short);
    const outside = at('2026-11-23', '12:00');
    expect(trading.isOpen('NSE', outside)).toBe(false);
    expect(trading.isSpotOpen('NSE', outside)).toBe(false);
    expect(trading.nextOpenMs('NSE', outside)).toBeUndefined();
    expect(trading.tradingDay('NSE', outside)).toBe('2026-11-23');
  });
});

describe('the calendar that is always open', () => {
  it('never closes, and has every day for a trading day', () => {
    const sunday = at('2026-11-22', '03:00');
    expect(alwaysOpenCalendar.isOpen('NSE', sunday)).toBe(true);
    expect(alwaysOpenCalendar.nextOpenMs('NSE', sunday)).toBeUndefined();
    expect(alwaysOpenCalendar.tradingDay('NSE', sunday)).toBe('2026-11-21');
    expect(alwaysOpenCalendar.closeMs('NSE', '2026-11-22')).toBe(at('2026-11-22', '15:40'));
  });
});
