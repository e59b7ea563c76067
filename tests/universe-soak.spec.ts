import { describe, expect, it } from 'vitest';
import { soakUniverse } from './soak/soak-universe';

describe('the whole universe over three accounts', () => {
  it('is live, fresh, true and within every limit', { timeout: 900_000 }, async () => {
    const { chains, looks, wrong } = await soakUniverse({ seconds: 45 });
    expect(chains).toBeGreaterThan(450);
    expect(looks).toBe(4);
    expect(wrong).toEqual([]);
  });
});
