import { requestIdOf } from '@strikewire/client';
import type { ChainState } from '@strikewire/contracts';
import type { StrikewireError } from '@strikewire/runtime';
import { dayLabel } from '../../format/times';

export interface Notice {
  title: string;
  what: string;
  next: string;
  requestId: string | null;
}

/** Why there is no table, and what happens next; null while it is merely on its way. */
export function noticeOf(options: {
  underlying: string | null;
  expiry: string | null;
  wallMs: number;
  state: ChainState | null;
  listError: StrikewireError | null;
  chainError: StrikewireError | null;
}): Notice | null {
  const { underlying, expiry, wallMs, state, listError, chainError } = options;
  const name = `${underlying ?? ''} ${expiry ? dayLabel(expiry, wallMs) : ''}`.trim();
  if (listError?.kind === 'not_found' || listError?.kind === 'invalid') {
    return ofError('There is no such underlying', listError, 'Choose another one above.');
  }
  if (state?.state === 'not_built') {
    return {
      title: `${name} is not built`,
      what: sentence(state.reason ?? 'the platform gave no reason'),
      next: 'It is tried again within the broker’s limits and appears here by itself.',
      requestId: requestIdOf(chainError),
    };
  }
  if (state?.state === 'pending') {
    return {
      title: `${name} is being built`,
      what: 'Its strikes and contracts are being read from the broker.',
      next: 'It appears here by itself, usually within a minute of the start.',
      requestId: null,
    };
  }
  if (chainError?.kind === 'not_found' && expiry !== null) {
    const title = `${underlying ?? ''} has no chain for ${dayLabel(expiry, wallMs)}`;
    return ofError(title, chainError, 'Choose another expiry above.');
  }
  if (chainError) {
    const next = 'It is asked for again every few seconds.';
    return ofError(`${name} cannot be shown`, chainError, next);
  }
  if (!listError) return null;
  const next = 'It is asked again every few seconds; check that the server runs.';
  return ofError('The platform does not answer', listError, next);
}

function ofError(title: string, error: StrikewireError, next: string): Notice {
  const what = `${sentence(error.message)} (${error.code})`;
  return { title, what, next, requestId: requestIdOf(error) };
}

/** Reasons come as half sentences: begun with a capital, ended with a full stop. */
function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}
