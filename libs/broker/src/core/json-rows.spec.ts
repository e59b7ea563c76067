import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJsonRows, type JsonRowsPlace } from './json-rows';

const list: JsonRowsPlace = { depth: 0, isWhole: (frame) => frame === '[]' };
const answer: JsonRowsPlace = {
  depth: 1, isWhole: (frame) => /"status":"success"/.test(frame),
};

async function read(
  text: string,
  place: JsonRowsPlace,
  cuts: readonly number[] = [],
): Promise<unknown[]> {
  const bytes = new TextEncoder().encode(text);
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const chunks = (async function* () {
    let from = 0;
    for (const end of ends) {
      yield bytes.subarray(from, end);
      from = end;
    }
  })();
  const rows: unknown[] = [];
  for await (const row of readJsonRows(chunks, place)) rows.push(row);
  return rows;
}

describe('rows of a long JSON answer', () => {
  it('are those of the whole, however it is cut, with braces and quotes within texts', async () => {
    const row = fc.record({ name: fc.string(), inner: fc.record({ b: fc.string() }) });
    const cuts = fc.array(fc.nat(), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.array(row), cuts, fc.boolean(), async (rows, places, isWide) => {
        const space = isWide ? 2 : 0;
        expect(await read(JSON.stringify(rows, null, space), list, places)).toEqual(rows);
        const whole = JSON.stringify({ data: rows, status: 'success' }, null, space);
        expect(await read(whole, answer, places)).toEqual(rows);
      }),
      { numRuns: 100, seed: 7 },
    );
  });

  it.each([
    ['no list', '{"status":"error"}', list],
    ['a page', '<html>', list],
    ['cut between rows', '[{"a":1},', list],
    ['cut within a row', '[{"a":1},{"b"', list],
    ['closed once too often', '[{"a":1}}]', list],
    ['a refusal', '{"status":"error","data":[]}', answer],
    ['an answer that is cut', '{"status":"success","data":[{"a":1}', answer],
    ['endless around its rows', `{"status":"success",${'"x"'.repeat(4_000)}`, answer],
    ['one endless row', `[{"a":"${'x'.repeat(20_000)}"}]`, list],
  ])('are refused when it is %s', async (_what, text, place) => {
    await expect(read(text, place)).rejects.toThrow();
  });

  it('are left at once when they cannot be read', async () => {
    let isLeft = false;
    const chunks = (async function* () {
      try {
        for (;;) yield new TextEncoder().encode('<html>}');
      } finally {
        isLeft = true;
      }
    })();
    const rows = readJsonRows(chunks, list)[Symbol.asyncIterator]();
    await expect(rows.next()).rejects.toThrow('has not begun');
    expect(isLeft).toBe(true);
  });
});
