import { expect, it } from 'vitest';
import { haltOf } from './halt-form';

const nowMs = Date.parse('2026-11-24T13:26:30+05:30');
const segment = { exchange: 'NSE', segment: 'fno' };
const of = (reason: string, since = '') => haltOf(segment, { reason, since }, nowMs);

it('a halt begins now unless a time is told', () => {
  expect(of('Outage').halt).toEqual({ ...segment, reason: 'Outage' });
  expect(of('Outage', '2026-11-24T13:26').halt).toEqual({
    ...segment, reason: 'Outage', from: '2026-11-24T13:26:00.000+05:30',
  });
});

it('says what is missing, or not of the last 24 hours', () => {
  expect(of('').halt).toBeNull();
  expect(Object.keys(of('').needs)).toEqual(['reason']);
  expect(of('Outage', '2026-11-24T13:27').needs['from']).toMatch(/not in the future/);
  expect(of('Outage', '2026-11-23T13:26').needs['from']).toMatch(/last 24 hours/);
  expect(of('Outage', 'never')).toMatchObject({ halt: null });
  expect(of('Outage', 'never').needs['from']).toMatch(/date and a time/);
});
