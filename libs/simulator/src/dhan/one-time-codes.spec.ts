import { describe, expect, it } from 'vitest';
import { codeOf, createOneTimeCodes } from './one-time-codes';

/** "12345678901234567890", as in the RFCs. */
const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe('one-time codes', () => {
  it('are those of RFC 4226, appendix D, and RFC 6238, appendix B', async () => {
    expect(await Promise.all([0, 1, 2, 9].map((step) => codeOf(secret, step)))).toEqual([
      '755224', '287082', '359152', '520489',
    ]);
    expect(await codeOf(secret, Math.floor(1_111_111_109 / 30))).toBe('081804');
  });

  it('are good once, a step early or late', async () => {
    const codes = createOneTimeCodes();
    const take = async (step: number, atStep: number, client = 'one'): Promise<boolean> =>
      codes.take(client, secret, await codeOf(secret, step), atStep * 30_000);
    expect(await take(10, 10)).toBe(true);
    // Spent, and older than what is spent.
    expect([await take(10, 10), await take(9, 10)]).toEqual([false, false]);
    expect(await take(11, 10)).toBe(true);
    expect([await take(13, 15), await take(17, 15)]).toEqual([false, false]);
    expect([await take(14, 15), await take(14, 15, 'another')]).toEqual([true, true]);
  });
});
