import type { Random } from '@strikewire/runtime';
import { uuidFrom } from '../feed/feed-codes';

/** Codes of the sign-in dialog; a code is spent by its first use, whatever comes of it. */
export interface SignIns {
  issue(clientId: string): string;
  redeem(code: string): string | undefined;
}

const codesMax = 100;

export function createSignIns(random: Random): SignIns {
  const open = new Map<string, string>();
  return {
    issue(clientId) {
      const code = uuidFrom(random).slice(0, 6);
      open.set(code, clientId);
      for (const oldest of open.keys()) {
        if (open.size <= codesMax) break;
        open.delete(oldest);
      }
      return code;
    },
    redeem(code) {
      const clientId = open.get(code);
      open.delete(code);
      return clientId;
    },
  };
}
