import type { LocationQuery } from 'vue-router';

/** How signing in at a broker's page went. */
export interface SignInTold {
  tone: 'good' | 'bad';
  title: string;
  what: string;
}

const charsMax = 300;

/** What the address says after coming back from the broker; null when one does not come from it. */
export function signInTold({ signIn, message }: LocationQuery): SignInTold | null {
  if (signIn !== 'done' && signIn !== 'failed') return null;
  const what = typeof message === 'string' ? message.slice(0, charsMax) : '';
  return signIn === 'done'
    ? { tone: 'good', title: 'Signed in at the broker', what }
    : { tone: 'bad', title: 'Not signed in at the broker', what };
}
