import { describe, expect, it } from 'vitest';
import { liveUniverseDay } from '../support/universe-day';

describe('a morning of the whole universe', () => {
  // The whole day is `npm run soak day`.
  it('is lived within every limit, bound and room', { timeout: 900_000 }, async () => {
    const day = await liveUniverseDay('09:50');
    expect(day.chains).toBeGreaterThan(450);
    expect(day.contracts).toBeGreaterThan(25_000);
    // Ahead of the open, the indices first.
    expect(day.built.early).toBeLessThan(50);
    expect(day.built.ahead).toBe(100);
    expect(day.wrong).toEqual([]);
    expect(day.violations).toMatchObject({ total: 0 });
  });
});
