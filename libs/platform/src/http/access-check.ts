import { roleIncludes } from '@strikewire/contracts';
import { StrikewireError } from '@strikewire/runtime';
import type { Caller, KeyHolder, Person } from './caller';
import type { AccessRule } from './route-contract';

/**
 * Why a caller may not do what the rule is for; undefined when it may. `nowMs`: epoch ms.
 * Kind `unauthenticated` when nobody calls, else `forbidden` with a code that says what is missing.
 */
export function refusalOf(
  caller: Caller,
  rule: AccessRule,
  nowMs: number,
): StrikewireError | undefined {
  const { access } = rule;
  if (access === 'public') return undefined;
  if (caller.kind === 'nobody') {
    const message = 'nobody is signed in here; sign in, or send an API key as a bearer token';
    return new StrikewireError({ kind: 'unauthenticated', code: 'sign_in_needed', message });
  }
  // Whoever has waited for a socket or an answer may have been signed out meanwhile.
  if (caller.ended.aborted) {
    const message = 'the session or key has ended; sign in again';
    return new StrikewireError({ kind: 'unauthenticated', code: 'sign_in_needed', message });
  }
  const missing = caller.kind === 'key' ? scopeRefusal(caller, rule) : stateRefusal(caller, rule);
  if (missing) return missing;
  if (!roleIncludes(caller.role, access)) {
    return forbidden('access_denied', `this needs the role ${access}; you have ${caller.role}`);
  }
  if (caller.kind === 'person' && rule.stepUp && caller.steppedUpUntilMs <= nowMs) {
    return forbidden('step_up_needed', 'this needs your password once more: confirm it first');
  }
  return undefined;
}

function scopeRefusal({ scopes }: KeyHolder, { scope }: AccessRule): StrikewireError | undefined {
  if (scope === null) {
    return forbidden('people_only', 'this is for people who are signed in, not for API keys');
  }
  if (scopes.includes(scope)) return undefined;
  const has = scopes.join(', ');
  return forbidden('scope_missing', `this needs the scope ${scope}; the key has ${has}`);
}

function stateRefusal(person: Person, rule: AccessRule): StrikewireError | undefined {
  if (!person.mustChangePassword || rule.beforePasswordChange) return undefined;
  const message = 'your password was made up for you: replace it first';
  return forbidden('password_change_needed', message);
}

function forbidden(code: string, message: string): StrikewireError {
  return new StrikewireError({ kind: 'forbidden', code, message });
}
