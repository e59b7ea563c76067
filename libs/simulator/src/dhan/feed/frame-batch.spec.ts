import { createSeededRandom } from '@strikewire/runtime';
import { describe, expect, it } from 'vitest';
import { FrameBatch } from './frame-batch';

describe('FrameBatch', () => {
  it('gives every packet once, in order, in messages that are never written to again', () => {
    const random = createSeededRandom(9);
    const frames: Uint8Array[] = [];
    const packing = { share: 0.3, busyFrom: 20, fullFrame: 16 };
    const batch = new FrameBatch(packing, () => random.next(), (frame) => frames.push(frame));
    const sent: number[] = [];
    for (let bundle = 0; bundle < 100; bundle++) {
      for (let left = Math.floor(random.next() * 60); left > 0; left--) {
        const packet = new Uint8Array(random.next() < 0.5 ? 162 : 16);
        for (let at = 0; at < packet.length; at++) packet[at] = random.next() * 256;
        sent.push(...packet);
        batch.add(packet);
      }
      batch.flush();
    }
    batch.flush();
    expect(Buffer.concat(frames).equals(Buffer.from(sent))).toBe(true);
    expect(frames.every(({ length }) => length > 0 && length <= 16 * 162)).toBe(true);
    expect(sent.length).toBeGreaterThan(128 * 1024);
  });
});
