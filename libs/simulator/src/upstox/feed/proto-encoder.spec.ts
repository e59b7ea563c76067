import fc from 'fast-check';
import { Writer } from 'protobufjs/minimal.js';
import { describe, expect, it } from 'vitest';
import { ProtoWriter } from './proto-encoder';

/** A field of each kind, and messages of such within messages. */
type Part = number | string | Part[];
const { parts } = fc.letrec<{ part: Part; parts: Part[] }>((tie) => ({
  part: fc.oneof(
    { maxDepth: 4 },
    fc.maxSafeNat(), fc.nat(300), fc.double({ noNaN: true }), fc.string({ unit: 'binary' }),
    fc.string({ minLength: 120, maxLength: 300 }), tie('parts'),
  ),
  parts: fc.array(tie('part'), { maxLength: 12 }),
}));
const isWhole = (part: number): boolean => Number.isSafeInteger(part) && part >= 0;

function ours(writer: ProtoWriter, some: readonly Part[]): void {
  for (const [index, part] of some.entries()) {
    const field = index + 1;
    if (typeof part === 'string') writer.text(field, part);
    else if (typeof part === 'number' && isWhole(part)) writer.whole(field, part);
    else if (typeof part === 'number') writer.double(field, part);
    else {
      const start = writer.open(field);
      ours(writer, part);
      writer.close(start);
    }
  }
}

function theirs(writer: Writer, some: readonly Part[]): Writer {
  for (const [index, part] of some.entries()) {
    const field = (index + 1) << 3;
    if (typeof part === 'string') writer.uint32(field | 2).string(part);
    else if (part === 0) continue;
    else if (typeof part === 'number' && isWhole(part)) writer.uint32(field).int64(part);
    else if (typeof part === 'number') writer.uint32(field | 1).double(part);
    else theirs(writer.uint32(field | 2).fork(), part).ldelim();
  }
  return writer;
}

describe('a written message', () => {
  it('is the one that protobufjs writes', () => {
    const writer = new ProtoWriter();
    fc.assert(
      fc.property(parts, (some) => {
        ours(writer, some);
        const message = writer.take();
        expect([...message]).toEqual([...theirs(Writer.create(), some).finish()]);
      }),
      { seed: 11, numRuns: 300 },
    );
  });

  it('is of any length, and takes in what was written before', () => {
    const writer = new ProtoWriter();
    const long = 'x'.repeat(100_000);
    writer.text(1, long);
    const first = writer.take();
    writer.written(first);
    writer.whole(2, 7);
    const both = Writer.create().uint32(10).string(long).uint32(16).int64(7).finish();
    expect(Buffer.compare(writer.take(), both)).toBe(0);
  });
});
