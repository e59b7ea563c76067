import { secretMark, type CredentialField } from '@strikewire/contracts';
import { describe, expect, it } from 'vitest';
import { credentialsOf, missingOf, typedOf } from './credential-form';

const field = (name: string, changes: Partial<CredentialField> = {}): CredentialField => ({
  name,
  label: name,
  help: null,
  kind: 'text',
  secret: false,
  required: true,
  choices: null,
  charsMin: null,
  charsMax: null,
  pattern: null,
  patternHelp: null,
  ...changes,
});

const fields = [
  field('clientId', { pattern: '\\d{4,12}', patternHelp: 'needs 4 to 12 digits' }),
  field('token', { secret: true, charsMin: 20, charsMax: 30 }),
  field('port', { kind: 'number', required: false }),
  field('segment', { kind: 'choice', choices: ['A', 'B'] }),
  field('isLive', { kind: 'boolean' }),
];
const good = { clientId: ' 1000 ', token: 'x'.repeat(20), port: '', segment: 'A', isLive: true };

describe('a form that a plugin describes', () => {
  it('begins empty, or with what is saved except secrets', () => {
    expect(typedOf(fields)).toEqual({
      clientId: '', token: '', port: '', segment: '', isLive: false,
    });
    const saved = { clientId: '1000', token: secretMark, port: 4, segment: 'B', isLive: true };
    expect(typedOf(fields, saved)).toEqual({
      clientId: '1000', token: '', port: '4', segment: 'B', isLive: true,
    });
  });

  it.each([
    [{}, {}],
    [{ clientId: '' }, { clientId: 'needs the clientid' }],
    [{ clientId: '12345x' }, { clientId: 'needs 4 to 12 digits' }],
    [{ token: 'short' }, { token: 'needs at least 20 characters; these are 5' }],
    [{ token: 'x'.repeat(31) }, { token: 'needs at most 30 characters; these are 31' }],
    [{ port: 'x' }, { port: 'needs a number' }],
    [{ segment: 'C' }, { segment: 'needs one of the choices' }],
    [{ isLive: false }, {}],
  ])('with %j misses %j', (changes, missing) => {
    expect(missingOf(fields, { ...good, ...changes })).toEqual(missing);
  });

  it('needs no secret that is set already', () => {
    const typed = { ...good, token: '' };
    expect(missingOf(fields, typed, { token: secretMark })).toEqual({});
    expect(missingOf(fields, typed)).toEqual({ token: 'needs the token' });
  });

  it('refuses nothing by a pattern that it cannot read', () => {
    expect(missingOf([field('a', { pattern: '(' })], { a: 'x' })).toEqual({});
  });

  it('sends what was typed, keeps secrets that were not, leaves the empty out', () => {
    expect(credentialsOf(fields, { ...good, port: '8' })).toEqual({
      clientId: '1000', token: 'x'.repeat(20), port: 8, segment: 'A', isLive: true,
    });
    const saved = { clientId: '1000', token: secretMark, port: 8, segment: 'A', isLive: true };
    expect(credentialsOf(fields, { ...good, token: '' }, saved)).toEqual({
      clientId: '1000', token: secretMark, port: '', segment: 'A', isLive: true,
    });
  });
});
