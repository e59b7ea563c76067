import { expect, it } from 'vitest';
import { readBookRows, UnknownStatuses, type ReadRow } from './book-rows';

const readId = (value: unknown): ReadRow<number> =>
  typeof value === 'number' ? { row: value } : { lacks: 'id' };
const malformed = (needed: string): Error => new Error(`it had no ${needed}`);

it('a book is read whole', () => {
  expect(readBookRows([1, 2], readId, malformed)).toEqual([1, 2]);
  expect(readBookRows([], readId, malformed)).toEqual([]);
});

it('a row that cannot be read spoils the book, and is named', () => {
  expect(() => readBookRows([1, 'x', 3], readId, malformed))
    .toThrow('it had no readable "id" in row 2 of 3');
});

it('words that are not known are told once each, 50 of them', () => {
  const told: unknown[][] = [];
  const words = new UnknownStatuses('[broker-north]', { warn: (...all) => told.push(all) });
  for (const word of ['odd', null, 'odd']) words.tell(word);
  expect(told).toEqual([[
    '[broker-north] the status of an order is not known: it counts as pending', { status: 'odd' },
  ]]);
  for (let index = 0; index < 60; index++) words.tell(`word ${index}`);
  expect(told).toHaveLength(50);
});
