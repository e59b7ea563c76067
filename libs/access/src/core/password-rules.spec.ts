import { errorKindOf } from '@strikewire/runtime';
import { describe, expect, it } from 'vitest';
import { checkNewPassword } from './password-rules';

const problem = (password: string, username = 'mira'): string | undefined => {
  try {
    checkNewPassword(password, { username });
  } catch (thrown) {
    expect(errorKindOf(thrown)).toBe('invalid');
    return (thrown as Error).message;
  }
  return undefined;
};

describe('a new password', () => {
  it.each(['correct horse battery', 'पासवर्ड बहुत लंबा है', 'abcdef abcdef', '      abcde '])(
    'is taken when it is like %s',
    (password) => expect(problem(password)).toBeUndefined(),
  );

  it.each(['aaaaaaaaaaaa', 'abababababab', 'AaBbCcAaBbCc', '111122223333', '            '])(
    'has more different characters than %s',
    (password) => expect(problem(password)).toMatch(/: needs at least 6 different characters$/),
  );

  it.each(['mira-and-her-cats', 'i am MIRA indeed', 'xxmIrAxxabcdef'])(
    'has not its own username in it, as %s',
    (password) => expect(problem(password)).toBe('newPassword: must not contain the username'),
  );

  it('may have a username of two letters in it', () => {
    expect(problem('a joyful day today', 'jo')).toBeUndefined();
  });

  it('is never told in the refusal', () => {
    expect(problem('zqzqzqzqzqzq')).not.toContain('zq');
  });
});
