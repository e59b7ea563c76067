import { describe, expect, it, vi } from 'vitest';
import { isUp } from './is-up';

const answered = (status: number) =>
  vi.fn(() => Promise.resolve({ status, headers: {}, body: new Uint8Array() }));

describe('whether the console can be opened', () => {
  it.each([[200, true], [404, false], [503, false]])('%i: %s', async (status, expected) => {
    const send = answered(status);
    expect(await isUp({ send }, 'http://desk')).toBe(expected);
    expect(send).toHaveBeenCalledWith(expect.objectContaining({ url: 'http://desk/index.html' }));
  });

  it('is not while nobody answers', async () => {
    const send = (): Promise<never> => Promise.reject(new Error('lost'));
    expect(await isUp({ send }, 'http://desk')).toBe(false);
  });
});
