import { idSchema } from '@strikewire/contracts';
import { expect, it } from 'vitest';
import { createNewId } from './new-id';

it('makes UUIDs of version 4, whatever the bytes', () => {
  const of = (byte: number): string => createNewId((bytes) => bytes.fill(byte))();
  expect([of(0), of(255)]).toEqual([
    '00000000-0000-4000-8000-000000000000', 'ffffffff-ffff-4fff-bfff-ffffffffffff',
  ]);
  expect([0, 1, 90, 255].every((byte) => idSchema.safeParse(of(byte)).success)).toBe(true);
});
