import { describe, expect, it } from 'vitest';
import { totpAt } from './totp';

/** The key of the RFCs' examples: "12345678901234567890". */
const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe('one-time codes', () => {
  // RFC 6238, appendix B, SHA-1: the last six of its eight digits.
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('are those of RFC 6238 at %i s', async (seconds, code) => {
    expect(await totpAt(secret, seconds * 1_000)).toBe(code);
  });

  it('are those of RFC 4226 for the first ten steps, each for thirty seconds', async () => {
    const steps = Array.from({ length: 10 }, (_, step) => totpAt(secret, step * 30_000));
    expect(await Promise.all(steps)).toEqual([
      '755224', '287082', '359152', '969429', '338314',
      '254676', '287922', '162583', '399871', '520489',
    ]);
    expect(await totpAt(secret, 29_999)).toBe('755224');
  });

  it.each([
    'gezdgnbvgy3tqojqgezdgnbvgy3tqojq',
    'GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ',
    'GEZDGNBV-GY3TQOJQ-GEZDGNBV-GY3TQOJQ',
  ])('do not depend on how the secret is written: %s', async (written) => {
    expect(await totpAt(written, 59_000)).toBe('287082');
  });

  it('come from secrets of any length, padded or not', async () => {
    // 17 bytes, of which the last fills a part of its letters.
    const padded = await totpAt('GEZDGNBVGY3TQOJQGEZDGNBVGY3Q====', 0);
    expect(padded).toMatch(/^\d{6}$/);
    expect(await totpAt('GEZDGNBVGY3TQOJQGEZDGNBVGY3Q', 0)).toBe(padded);
  });
});
