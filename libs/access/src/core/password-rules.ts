import { StrikewireError } from '@strikewire/runtime';

const distinctMin = 6;

/**
 * Refuses a password that is long enough and still easily guessed: its own user's name in it, few
 * different characters, or the one that it replaces. Kind `invalid`; the password is not in it.
 */
export function checkNewPassword(password: string, about: { username: string }): void {
  const lower = password.toLowerCase();
  if (lower.includes(about.username) && about.username.length >= 3) {
    throw weak('must not contain the username');
  }
  if (new Set(lower).size < distinctMin) {
    throw weak(`needs at least ${distinctMin} different characters`);
  }
}

function weak(needed: string): StrikewireError {
  return new StrikewireError({
    kind: 'invalid',
    code: 'password_weak',
    message: `newPassword: ${needed}`,
    details: { fields: [{ field: 'newPassword', needed }] },
  });
}
