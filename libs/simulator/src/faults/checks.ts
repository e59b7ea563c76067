import { isIsoDate } from '@strikewire/contracts';

/** A check of one field: what it needs to be, in words, and whether it is. */
export type Check = readonly [needed: string, isRight: (value: unknown) => boolean];
export type Fields = Readonly<Record<string, Check>>;

export const isNumber = (least: number, most: number) => (value: unknown): boolean =>
  typeof value === 'number' && value >= least && value <= most;
export const isWhole = (least: number, most: number) => (value: unknown): boolean =>
  Number.isInteger(value) && isNumber(least, most)(value);
export const isText = (value: unknown): boolean => typeof value === 'string' && value.length > 0;
export const isDate = (value: unknown): boolean => typeof value === 'string' && isIsoDate(value);
export const isListOf = (isRight: (value: unknown) => boolean) => (value: unknown): boolean =>
  Array.isArray(value) && value.length <= 100 && value.every(isRight);
export const isOneOf = (...allowed: readonly unknown[]) => (value: unknown): boolean =>
  allowed.includes(value);

export const text: Check = ['a text', isText];
export const flag: Check = ['true or false', isOneOf(true, false)];
export const date: Check = ['a date YYYY-MM-DD', isDate];
export const status: Check = ['an HTTP status from 200 to 599', isWhole(200, 599)];
export const span: Check = ['milliseconds from 1 to 600000', isNumber(1, 600_000)];
export const forMs: Check = ['milliseconds from 1 to 86400000', isWhole(1, 86_400_000)];
export const count: Check = ['a number from 1 to 1000000', isWhole(1, 1_000_000)];
export const probability: Check = ['a number from 0 to 1', isNumber(0, 1)];
export const lasting: Fields = { forMs, count };

/** One of some words. */
export function oneOf(...words: readonly string[]): Check {
  return [`one of ${words.join(', ')}`, isOneOf(...words)];
}
