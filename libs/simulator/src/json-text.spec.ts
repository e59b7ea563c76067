import { describe, expect, it } from 'vitest';
import { numberText, rupeesText } from './json-text';

describe('rupeesText', () => {
  it('prints as a number does', () => {
    const samples = [0, 1, 5, 9, 10, 15, 50, 99, 100, 101, 110, 13_405, 13_400, 13_450, 23_650_000];
    for (let paise = 1; paise < 2_147_483_647; paise = paise * 3 + 7) samples.push(paise);
    for (const paise of samples) expect(rupeesText(paise)).toBe(numberText(paise / 100));
  });
});
