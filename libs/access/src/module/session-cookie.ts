import { stringifySetCookie } from 'cookie';

/** The cookie that carries a session. */
export interface SessionCookie {
  readonly name: string;
  /** `Set-Cookie` of a new session; ends with the session, not with the browser. */
  set(token: string, maxAgeS: number): string;
  /** `Set-Cookie` that removes it. */
  clear(): string;
}

/**
 * Scripts cannot read it and foreign pages cannot send it. `isSecure`: the console is reached by
 * https only; the name then says that no other host may have set it.
 */
export function createSessionCookie({ isSecure }: { isSecure: boolean }): SessionCookie {
  const name = isSecure ? '__Host-strikewire' : 'strikewire';
  const write = (value: string, maxAge: number): string =>
    stringifySetCookie({
      name,
      value,
      maxAge,
      path: '/',
      httpOnly: true,
      sameSite: 'strict',
      secure: isSecure,
    });
  return { name, set: write, clear: () => write('', 0) };
}
