import { StrikewireError } from '@strikewire/runtime';
import { describe, expect, it } from 'vitest';
import { chainStateOf } from '../../testing';
import { noticeOf } from './chain-notice';

const nothing = {
  underlying: 'NIFTY',
  expiry: '2026-11-24',
  wallMs: Date.parse('2026-11-23T10:00:00+05:30'),
  state: null,
  listError: null,
  chainError: null,
};

function failure(kind: 'not_found' | 'retryable'): StrikewireError {
  const details = { requestId: 'r-9' };
  return new StrikewireError({ kind, code: 'some_code', message: 'it was so', details });
}

describe('noticeOf', () => {
  it('is silent while the chain is merely on its way', () => {
    expect(noticeOf(nothing)).toBeNull();
    expect(noticeOf({ ...nothing, state: chainStateOf() })).toBeNull();
  });

  it('gives the reason of a chain that is not built, and what happens next', () => {
    const state = chainStateOf({ state: 'not_built', reason: 'the broker sent an empty chain' });
    expect(noticeOf({ ...nothing, state })).toMatchObject({
      title: 'NIFTY 24 Nov is not built',
      what: 'The broker sent an empty chain.',
    });
    const pending = chainStateOf({ state: 'pending' });
    expect(noticeOf({ ...nothing, state: pending })?.title).toBe('NIFTY 24 Nov is being built');
  });

  it('sends on from an expiry that is not kept to those that are', () => {
    const unlisted = noticeOf({ ...nothing, chainError: failure('not_found') });
    expect(unlisted).toMatchObject({
      title: 'NIFTY has no chain for 24 Nov',
      next: 'Choose another expiry above.',
    });
  });

  it('tells an unknown underlying from a platform that does not answer', () => {
    const unknown = noticeOf({ ...nothing, listError: failure('not_found') });
    expect(unknown).toMatchObject({ title: 'There is no such underlying', requestId: 'r-9' });
    const down = noticeOf({ ...nothing, listError: failure('retryable') });
    expect(down?.title).toBe('The platform does not answer');
    expect(down?.what).toBe('It was so. (some_code)');
  });
});
