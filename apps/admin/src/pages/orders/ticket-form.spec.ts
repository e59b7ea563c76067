import { describe, expect, it } from 'vitest';
import { createMemory } from '../../memory';
import { createBasket } from './basket';
import { contractLabel, contractParts } from './contract-words';
import { filledWords, orderNote, priceWords, statusWords } from './order-words';
import { createRequestIds } from './request-ids';
import { callKey, orderOf } from './testing';
import {
  formOf,
  problemsByField,
  stepPrice,
  ticketNeeds,
  ticketOf,
  type TicketForm,
} from './ticket-form';

const contract = { key: callKey, lotSize: 75, tick: 0.05 };
const form = (changes: Partial<TicketForm> = {}): TicketForm => ({
  side: 'BUY', type: 'LIMIT', product: 'carry', validity: 'DAY', lots: '2', price: '100.05',
  trigger: '99', ...changes,
});

describe('a ticket', () => {
  it('asks for units, and for prices only where its type has them', () => {
    const common = {
      contract: callKey, side: 'BUY', product: 'carry', validity: 'DAY', quantity: 150,
    };
    expect(ticketOf(form(), contract)).toEqual({ ...common, type: 'LIMIT', price: 100.05 });
    expect(ticketOf(form({ type: 'SMART' }), contract)).toEqual({ ...common, type: 'SMART' });
    expect(ticketOf(form({ type: 'SL' }), contract)).toEqual({
      ...common, type: 'SL', price: 100.05, triggerPrice: 99,
    });
    expect(formOf(ticketOf(form({ type: 'SL-M' }), contract), 75)).toEqual(
      form({ type: 'SL-M', price: '', trigger: '99.00' }),
    );
  });

  it.each<[Partial<TicketForm>, Record<string, string>]>([
    [{}, {}],
    [{ lots: '1.5' }, { lots: 'needs a whole number of lots, 1 or more' }],
    [{ lots: '' }, { lots: 'needs a whole number of lots, 1 or more' }],
    [{ price: '' }, { price: 'needs rupees above 0' }],
    [{ price: '-3' }, { price: 'needs rupees above 0' }],
    [{ price: '100.02' }, { price: 'needs steps of 0.05' }],
    [{ price: '', type: 'MARKET' }, {}],
    [{ price: '', trigger: 'x', type: 'SL-M' }, { trigger: 'needs rupees above 0' }],
  ])('misses %j', (changes, needs) => {
    expect(ticketNeeds(form(changes), contract)).toEqual(needs);
  });

  it.each<[string, number, string]>([
    ['100.05', 1, '100.10'], ['100.05', -1, '100.00'], ['100.02', 1, '100.05'],
    ['100.02', -1, '100.00'], ['0.05', -1, '0.05'], ['', 1, '0.05'], ['x', -10, '0.05'],
    ['2.35', 10, '2.85'],
  ])('steps its price by ticks: %s by %i', (from, steps, to) => {
    expect(stepPrice(from, steps, 0.05)).toBe(to);
  });

  it('finds what is wrong at its field, and the rest below', () => {
    const problems = [
      { leg: 0, code: 'lot_multiple', message: 'a' },
      { leg: 0, code: 'price_tick', message: 'b' },
      { leg: 0, code: 'trigger_tick', message: 'c' },
      { leg: null, code: 'funds_short', message: 'd' },
      { leg: 1, code: 'market_closed', message: 'e' },
    ];
    const { needs, others } = problemsByField(problems, { leg: 0, type: 'LIMIT' });
    expect(needs).toEqual({ lots: 'a', price: 'b' });
    expect(others.map(({ message }) => message)).toEqual(['c', 'd']);
  });
});

it('is placed under one id until it says something else, or was done', () => {
  let count = 0;
  const ids = createRequestIds(() => String(++count));
  const given = [ids.idOf({ a: 1 }), ids.idOf({ a: 1 }), ids.idOf({ a: 2 }), ids.idOf({ a: 1 })];
  ids.done();
  expect([...given, ids.idOf({ a: 1 })]).toEqual(['1', '1', '2', '3', '4']);
});

describe('the basket', () => {
  const ticket = ticketOf(form(), contract);
  const stored = (text: string | null) => {
    const held = new Map(text === null ? [] : [['strikewire.basket', text]]);
    const storage = {
      getItem: (key: string) => held.get(key) ?? null,
      setItem: (key: string, value: string) => void held.set(key, value),
    } as unknown as Storage;
    return { basket: () => createBasket(createMemory(() => storage)), held };
  };

  it('is kept in the browser, up to twenty legs', () => {
    const { basket } = stored(null);
    const first = basket();
    const taken = Array.from({ length: 21 }, () => first.add({ ticket, lotSize: 75 }));
    expect(taken.filter(Boolean)).toHaveLength(20);
    first.remove(0);
    first.replace(0, { ticket: { ...ticket, side: 'SELL' }, lotSize: 75 });
    const [leg] = basket().legs.value;
    expect([basket().legs.value.length, leg?.ticket.side]).toEqual([19, 'SELL']);
    first.clear();
    expect(basket().legs.value).toEqual([]);
  });

  it.each(['', '{', '{}', '[1]', '[{"ticket":{"contract":"x"},"lotSize":1}]', 'null'])(
    'forgets what cannot be read: %s',
    (text) => expect(stored(text).basket().legs.value).toEqual([]),
  );
});

describe('words of orders', () => {
  const nowMs = Date.parse('2026-11-23T10:00:00+05:30');

  it('name contracts as people do', () => {
    expect(contractLabel(callKey, nowMs)).toBe('NIFTY 24 Nov 26,000 CE');
    expect(contractLabel('NSE:NIFTY:2027-01-28:FUT', nowMs)).toBe('NIFTY 28 Jan 27 FUT');
    expect(contractParts('what?').underlying).toBe('what?');
  });

  it('say how an order stands, why, and what goes on beside', () => {
    expect(statusWords(orderOf('a', { status: 'denied' }))).toEqual({
      text: 'not sent', tone: 'bad',
    });
    expect(filledWords(orderOf('a'))).toBe('75 of 150');
    const stop = orderOf('a', { type: 'SL', triggerPrice: 99 });
    expect(priceWords(stop)).toBe('SL 100.00, trigger 99.00');
    const notes = [
      orderOf('a'),
      orderOf('a', { needsPerson: 'look', reason: { code: 'x', message: 'no' } }),
      orderOf('a', { reason: { code: 'x', message: 'no' } }),
      orderOf('a', { status: 'unknown' }),
      orderOf('a', { cancel: { status: 'sending', reason: null } }),
      orderOf('a', { modify: { status: 'rejected', reason: 'too late' } }),
      orderOf('a', { cancel: { status: 'accepted', reason: null } }),
    ].map(orderNote);
    expect(notes).toEqual([
      '', 'look', 'no', 'It may be at the broker, and is being looked up; it is not sent again',
      'Cancelling is under way', 'Changing was rejected: too late', '',
    ]);
  });
});
