import type { Random } from '@strikewire/runtime';

export const corruptions = ['truncated', 'wrongLength', 'unknownCode'] as const;
export type Corruption = (typeof corruptions)[number];

/** A spoilt copy of a frame: cut short, with a false length in its header, or of no known code. */
export function corrupted(frame: Uint8Array, shape: Corruption, random: Random): Uint8Array {
  if (shape === 'truncated') {
    return frame.slice(0, Math.floor(random.next() * (frame.length - 1)) + 1);
  }
  const copy = frame.slice();
  if (shape === 'unknownCode') copy[0] = 200 + Math.floor(random.next() * 50);
  else new DataView(copy.buffer).setUint16(1, Math.floor(random.next() * 65_536), true);
  return copy;
}
