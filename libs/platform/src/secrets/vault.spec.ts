import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { masterKeyOf } from './master-key';
import { createVault, secretBytesMax } from './vault';

const first = masterKeyOf(Buffer.alloc(32, 1));
const second = masterKeyOf(Buffer.alloc(32, 2));
const third = masterKeyOf(Buffer.alloc(32, 3));
const vault = createVault({ current: first }, randomBytes);
const unreadable = expect.objectContaining({ kind: 'fatal', code: 'secret_unreadable' });

function thrownBy(action: () => unknown): unknown {
  try {
    return { returned: action() };
  } catch (error) {
    return error;
  }
}

describe('createVault', () => {
  it('gives back what was sealed, for any text in any context', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(text, fc.string(), (plain, context) => {
        expect(vault.open(vault.seal(plain, context), context)).toBe(plain);
      }),
    );
  });

  it('seals the same text to another one each time, and never shows it', () => {
    const secret = 'a-broker-token-of-some-length';
    const sealed = Array.from({ length: 200 }, () => vault.seal(secret, 'x'));
    expect(new Set(sealed).size).toBe(200);
    expect(new Set(sealed.map((one) => one.split('.')[2])).size).toBe(200);
    for (const one of sealed) {
      expect(one).not.toContain(secret);
      expect(Buffer.from(one, 'base64').includes(secret)).toBe(false);
    }
  });

  it('does not open in another context, or under another key', () => {
    const sealed = vault.seal('pin', 'broker-account:1:pin');
    expect(thrownBy(() => vault.open(sealed, 'broker-account:2:pin'))).toEqual(unreadable);
    expect(thrownBy(() => vault.open(sealed, 'broker-account:1:pin '))).toEqual(unreadable);
    const other = createVault({ current: second }, randomBytes);
    const refusal = thrownBy(() => other.open(sealed, 'broker-account:1:pin'));
    expect(refusal).toEqual(unreadable);
    expect(String(refusal)).toMatch(new RegExp(`${first.id}.*${second.id}`));
    // Neither does a key that claims the name of another.
    const claims = createVault({ current: { ...second, id: first.id } }, randomBytes);
    expect(thrownBy(() => claims.open(sealed, 'broker-account:1:pin'))).toEqual(unreadable);
  });

  it('notices any bit that is flipped, anywhere in the text', () => {
    const plain = fc.string({ maxLength: 60 });
    fc.assert(
      fc.property(plain, fc.nat(), fc.nat(6), (secret, at, bit) => {
        const bytes = Buffer.from(vault.seal(secret, 'here'));
        const place = at % bytes.length;
        bytes[place] = bytes[place]! ^ (1 << bit);
        const altered = bytes.toString('latin1');
        expect(thrownBy(() => vault.open(altered, 'here'))).toEqual(unreadable);
        expect(thrownBy(() => vault.rewrap(altered))).toEqual(unreadable);
      }),
      { numRuns: 1_000 },
    );
  });

  it('notices text that was cut, grown or put together from two', () => {
    const [one, two] = [vault.seal('first', 'here'), vault.seal('other', 'here')];
    for (let length = 0; length < one.length; length++) {
      expect(thrownBy(() => vault.open(one.slice(0, length), 'here'))).toEqual(unreadable);
    }
    expect(thrownBy(() => vault.open(`${one}A`, 'here'))).toEqual(unreadable);
    expect(thrownBy(() => vault.open(`${one}\n`, 'here'))).toEqual(unreadable);
    const [a, b] = [one.split('.'), two.split('.')];
    const mixed = [...a.slice(0, 3), b[3]].join('.');
    expect(thrownBy(() => vault.open(mixed, 'here'))).toEqual(unreadable);
    const swapped = [...a.slice(0, 2), b[2], a[3]].join('.');
    expect(thrownBy(() => vault.open(swapped, 'here'))).toEqual(unreadable);
  });

  it('takes secrets up to its limit and says what it cannot keep', () => {
    const most = 'é'.repeat(secretBytesMax / 2);
    expect(vault.open(vault.seal(most, 'x'), 'x')).toBe(most);
    expect(thrownBy(() => vault.seal(`${most}e`, 'x'))).toMatchObject({
      kind: 'invalid', code: 'secret_too_large',
    });
    expect(thrownBy(() => vault.seal('\ud800', 'x'))).toMatchObject({
      kind: 'invalid', code: 'secret_not_text',
    });
  });

  it('puts a secret under the newest key without touching what it encrypts', () => {
    const sealed = vault.seal('token', 'here');
    const rotating = createVault({ current: second, previous: [third, first] }, randomBytes);
    const moved = rotating.rewrap(sealed);
    expect(moved.split('.')[1]).toBe(second.id);
    expect(moved.split('.')[3]).toBe(sealed.split('.')[3]);
    expect(rotating.rewrap(moved)).toBe(moved);
    const after = createVault({ current: second }, randomBytes);
    expect(after.open(moved, 'here')).toBe('token');
    expect(thrownBy(() => after.open(moved, 'there'))).toEqual(unreadable);
    expect(thrownBy(() => after.rewrap(sealed))).toEqual(unreadable);
    expect(thrownBy(() => vault.open(moved, 'here'))).toEqual(unreadable);
  });

  it('shows neither secrets nor keys, in errors or when printed', () => {
    const key = masterKeyOf(Buffer.from('0123456789abcdef0123456789abcdef'));
    const keyed = createVault({ current: key }, randomBytes);
    const sealed = keyed.seal('the-secret', 'here');
    const shown = [
      thrownBy(() => keyed.open(sealed, 'there')),
      thrownBy(() => vault.open(sealed, 'here')),
      thrownBy(() => keyed.open('the-secret', 'here')),
      thrownBy(() => keyed.seal('the-secret'.repeat(10_000), 'here')),
      key,
      keyed,
    ].map((thing) => `${inspect(thing, { depth: 9 })}${JSON.stringify(thing)}`);
    for (const text of shown) {
      expect(text).not.toMatch(/the-secret|0123456789abcdef/);
      expect(text).not.toContain(Buffer.from('0123456789abcdef').toString('hex'));
      expect(text).not.toContain(sealed.slice(25, 60));
    }
  });
});
