import type { Clock, SecureRandom } from '@strikewire/runtime';

const letters = 'abcdefghijklmnopqrstuvwxyz234567';

/**
 * Ours, unique for ever: the time in base 36 and 80 random bits, 25 characters of a to z and 0 to
 * 9, as every broker's tag takes them.
 */
export function newOrderId(clock: Pick<Clock, 'wallMs'>, random: SecureRandom): string {
  const time = Math.max(0, Math.floor(clock.wallMs())).toString(36).padStart(9, '0');
  const bytes = random.bytes(16);
  return time + Array.from(bytes, (byte) => letters[byte & 31]).join('');
}
