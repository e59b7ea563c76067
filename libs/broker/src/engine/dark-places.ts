/** A planned socket that was dark while others of its account were not. */
interface Place {
  state: 'dark' | 'out' | 'lit';
  sinceMono: number;
  /** How often it was put out. */
  strikes: number;
}

/** What a look finds of an account. */
export interface DarkLook {
  dark: readonly number[];
  nowMono: number;
  isSpare(socket: number): boolean;
}

/** A socket that has been dark for this long gives up what it carries. */
const darkMs = 5_000;
/** It gets nothing for this long, then twice as long, up to the most. */
const outMs = 60_000;
const outMostMs = 900_000;
/** Not dark for this long it counts as one that never was. */
const forgetMs = 900_000;

/**
 * Keeps book of planned sockets that do not deliver while others of the same account do: what they
 * carry goes elsewhere if it can, so that nothing waits for one socket that does not come back.
 */
export class DarkPlaces {
  private readonly accounts = new Map<string, Map<number, Place>>();

  /** Sockets of an account that are to carry nothing now, by their place in the plan. */
  outOf(account: string): ReadonlySet<number> {
    const places = this.accounts.get(account) ?? new Map<number, Place>();
    return new Set([...places].flatMap(([socket, { state }]) => (state === 'out' ? socket : [])));
  }

  /**
   * `dark`: the account's places that should deliver and do not, while another one of its does.
   * `isSpare`: whether there is room elsewhere for what a place carries. True when others than
   * before are to carry nothing.
   */
  look(
    account: string,
    { dark, nowMono, isSpare }: DarkLook,
  ): boolean {
    const known = this.accounts.get(account);
    if (!known && dark.length === 0) return false;
    const places = known ?? new Map<number, Place>();
    for (const socket of dark) {
      if (!places.has(socket)) places.set(socket, { state: 'lit', sinceMono: nowMono, strikes: 0 });
    }
    let isOther = false;
    for (const [socket, place] of places) {
      const wasOut = place.state === 'out';
      const isDark = dark.includes(socket);
      const isDue = isDark && place.state === 'dark' && nowMono - place.sinceMono >= darkMs;
      if (!isDue || isSpare(socket)) step(place, isDark, nowMono);
      isOther ||= wasOut !== (place.state === 'out');
      const isPast = place.state === 'lit' && nowMono - place.sinceMono > forgetMs;
      if (isPast || (place.state === 'lit' && place.strikes === 0)) places.delete(socket);
    }
    if (places.size > 0) this.accounts.set(account, places);
    else this.accounts.delete(account);
    return isOther;
  }

  /** The account has other sockets now, or is gone. */
  forget(account: string): void {
    this.accounts.delete(account);
  }
}

function step(place: Place, isDark: boolean, nowMono: number): void {
  const elapsedMs = nowMono - place.sinceMono;
  const become = (state: Place['state']): void => {
    place.state = state;
    place.sinceMono = nowMono;
  };
  if (place.state === 'out') {
    if (elapsedMs >= Math.min(outMostMs, outMs * 2 ** (place.strikes - 1))) become('lit');
  } else if (!isDark) {
    if (place.state === 'dark') become('lit');
  } else if (place.state === 'lit') {
    become('dark');
  } else if (elapsedMs >= darkMs) {
    place.strikes++;
    become('out');
  }
}
