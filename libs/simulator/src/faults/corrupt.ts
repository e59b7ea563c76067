import type { Random } from '@strikewire/runtime';

/** A message as it goes out: text or binary. */
export type Frame = string | Uint8Array;

export const corruptions = ['truncated', 'wrongLength', 'unknownCode'] as const;
export type Corruption = (typeof corruptions)[number];

/** A spoilt copy of a frame: cut short, with a false length in its header, or of no known code. */
export function corrupted(frame: Frame, shape: Corruption, random: Random): Frame {
  if (shape === 'truncated') return frame.slice(0, cut(frame, random));
  if (typeof frame === 'string') return shape === 'unknownCode' ? `"${frame}` : `${frame}]`;
  const copy = frame.slice();
  if (shape === 'unknownCode') copy[0] = 200 + Math.floor(random.next() * 50);
  else new DataView(copy.buffer).setUint16(1, Math.floor(random.next() * 65_536), true);
  return copy;
}

/** A frame in two messages, cut anywhere. */
export function torn(frame: Frame, random: Random): Frame[] {
  const at = cut(frame, random);
  return [frame.slice(0, at), frame.slice(at)];
}

function cut({ length }: Frame, random: Random): number {
  return Math.floor(random.next() * (length - 1)) + 1;
}
