import type { Me } from '@strikewire/contracts';
import type { RouteLocationNormalized, RouteLocationRaw } from 'vue-router';
import { homePath, safePath } from './safe-path';

type Target = Pick<RouteLocationNormalized, 'name' | 'fullPath' | 'query'>;

/** The way to the sign-in page, and back to where one was. */
export function signInRoute(fullPath: string): RouteLocationRaw {
  const next = safePath(fullPath);
  return { name: 'sign-in', ...(next !== homePath && { query: { next } }) };
}

/** Where somebody who wants to go to `to` goes instead; null when nothing is in the way. */
export function detourOf(to: Target, me: Me | null): RouteLocationRaw | null {
  if (me === null) return to.name === 'sign-in' ? null : signInRoute(to.fullPath);
  if (me.user.mustChangePassword) {
    if (to.name === 'new-password') return null;
    const next = safePath(to.name === 'sign-in' ? to.query['next'] : to.fullPath);
    return { name: 'new-password', ...(next !== homePath && { query: { next } }) };
  }
  const isDone = to.name === 'sign-in' || to.name === 'new-password';
  return isDone ? safePath(to.query['next']) : null;
}
