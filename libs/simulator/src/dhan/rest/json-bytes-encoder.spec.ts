import { describe, expect, it } from 'vitest';
import { ascii, JsonBytes } from './json-bytes-encoder';

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

function written(write: (out: JsonBytes) => void): string {
  const out = new JsonBytes();
  write(out);
  return textOf(out.take());
}

describe('JsonBytes', () => {
  it('prints decimals as numbers print, signs of zeros included', () => {
    const print = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));
    const samples = [0, -0, 1, 5, 9, 10, 50, 99, 100, 101, 110, 13_405, 100_000, 2_147_483_647];
    for (let value = 1; value < 1e12; value = value * 3 + 7) samples.push(value);
    for (const value of samples.flatMap((sample) => [sample, -sample])) {
      expect(written((out) => out.addDecimal(value, 2))).toBe(print(value / 100));
      expect(written((out) => out.addDecimal(value, 5))).toBe(print(value / 100_000));
    }
  });

  it('prints whole numbers', () => {
    for (const value of [0, 9, 10, 99, 100, 999, 1_000, 117_567_970, 4_294_967_295]) {
      expect(written((out) => out.addWhole(value))).toBe(String(value));
    }
  });

  it('takes texts longer than itself, and begins anew when taken', () => {
    const out = new JsonBytes();
    const long = 'x'.repeat(300_000);
    out.addText('"a":');
    out.add(ascii(long));
    const start = out.length;
    out.add(ascii(',"b":1'));
    expect(textOf(out.since(start))).toBe(',"b":1');
    const taken = out.take();
    out.addText('other');
    expect(textOf(taken)).toBe(`"a":${long},"b":1`);
    expect(textOf(out.take())).toBe('other');
  });

  it('grows in small steps as well', () => {
    const out = new JsonBytes();
    const piece = ascii('"open_interest":');
    for (let round = 0; round < 50_000; round++) {
      out.add(piece);
      out.addWhole(round);
    }
    const text = textOf(out.take());
    expect(text.length).toBe(50_000 * 16 + 238_890);
    expect(text.endsWith('"open_interest":49999')).toBe(true);
  });
});
