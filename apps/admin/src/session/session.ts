import { roleIncludes, type Me, type Role } from '@strikewire/contracts';
import { errorKindOf, type StrikewireError } from '@strikewire/runtime';
import { shallowRef, type ShallowRef } from 'vue';
import { asShown } from '../api/call';

/** Who uses the console; the one place that knows. */
export interface Session {
  /** Null when nobody is signed in, or it is not known yet. */
  readonly me: Readonly<ShallowRef<Me | null>>;
  /** Why it is not known who is signed in; null when it is. */
  readonly trouble: Readonly<ShallowRef<StrikewireError | null>>;
  /** Asks who is signed in, unless that is known. */
  load(): Promise<void>;
  /** Somebody signed in, confirmed the password or changed it. */
  set(me: Me): void;
  /** Nobody is signed in any more. */
  end(): void;
  /** Whether the person has a role, or one that includes it. */
  has(role: Role): boolean;
  /** Something was refused since nobody is signed in: asks whether that is so. */
  recheck(): Promise<void>;
  /** To be told every refusal of the platform: one says that the password is to be replaced. */
  refused(error: StrikewireError): void;
}

export function createSession(readMe: () => Promise<Me>): Session {
  const me = shallowRef<Me | null>(null);
  const trouble = shallowRef<StrikewireError | null>(null);
  let isKnown = false;
  let asking: Promise<void> | null = null;

  const set = (next: Me | null): void => {
    isKnown = true;
    trouble.value = null;
    me.value = next;
  };
  const askAnew = async (): Promise<void> => {
    try {
      set(await readMe());
    } catch (error) {
      if (errorKindOf(error) === 'unauthenticated') set(null);
      else if (!isKnown) trouble.value = asShown(error);
    } finally {
      asking = null;
    }
  };
  // Whoever asks meanwhile waits for the same answer: before it nobody would seem to be signed in.
  const ask = (): Promise<void> => (asking ??= askAnew());
  return {
    me,
    trouble,
    load: async () => (isKnown ? undefined : ask()),
    set,
    end: () => set(null),
    has: (role) => me.value !== null && roleIncludes(me.value.user.role, role),
    // An answer may be one to a question from before signing in again: only this one counts.
    recheck: async () => (me.value === null ? undefined : ask()),
    refused({ code }) {
      if (code !== 'password_change_needed' || !me.value) return;
      me.value = { ...me.value, user: { ...me.value.user, mustChangePassword: true } };
    },
  };
}
