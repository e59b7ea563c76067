import type { AuthPort, TokenGrant } from '@strikewire/broker';
import { errorKindOf, errorMessageOf, StrikewireError, type Clock } from '@strikewire/runtime';
import type { DhanConfig } from '../config';
import { tokenClaims } from './access-token';
import { malformedAnswer, masked, type DhanRest } from './dhan-rest';
import { totpAt } from './totp';

/** GET: a POST is answered with 400. The token that asks is dead afterwards. */
const renewPath = '/RenewToken';
const loginPath = '/app/generateAccessToken';
/** What these kinds say of a request for a token: it will not be had by asking once more. */
const refusedKinds = new Set(['unauthenticated', 'invalid', 'not_found', 'rejected', 'denied']);

/**
 * How an account of Dhan stays signed in. A token lasts 24 hours and there is one at a time. One
 * that was made at Dhan's site renews itself while it lasts; one of an API key or of a TOTP does
 * not. With PIN and TOTP secret a new one can be had at any time.
 */
export class DhanAuth implements AuthPort {
  private readonly config: DhanConfig;
  private readonly rest: DhanRest;
  private readonly clock: Clock;
  /** What the profile has said: of a token that does not tell by itself. */
  private profiledMs: number | null = null;

  constructor(config: DhanConfig, rest: DhanRest, { clock }: { clock: Clock }) {
    this.config = config;
    this.rest = rest;
    this.clock = clock;
  }

  expiresMs(): number | null {
    return tokenClaims(this.config.credentials.accessToken).expiresMs ?? this.profiledMs;
  }

  /** The broker has told when the token ends, epoch ms. */
  noteExpiry(expiresMs: number | null): void {
    this.profiledMs = expiresMs;
  }

  /** Asks once, or twice: where the token cannot be renewed, by the TOTP. */
  async renew(): Promise<TokenGrant> {
    const { pin, totpSecret } = this.config.credentials;
    const logIn = pin && totpSecret ? () => this.logIn(pin, totpSecret) : undefined;
    const hindrance = this.hindrance();
    if (hindrance) {
      if (logIn) return logIn();
      throw refusal('token_not_renewable', `${hindrance}, and there is no PIN and TOTP secret`);
    }
    try {
      return await this.renewToken();
    } catch (error) {
      if (!logIn || errorKindOf(error) === 'throttled') throw asRefusal(error);
      return logIn();
    }
  }

  /** Why the token cannot renew itself; undefined when it can, as far as it tells. */
  private hindrance(): string | undefined {
    const { consumer } = tokenClaims(this.config.credentials.accessToken);
    const expiresMs = this.expiresMs();
    if (expiresMs !== null && expiresMs <= this.clock.wallMs()) return 'the token has ended';
    const isOfSite = consumer === undefined || consumer === 'SELF';
    return isOfSite ? undefined : 'only a token that was made at Dhan\'s site can be renewed';
  }

  private async renewToken(): Promise<TokenGrant> {
    const slot = { class: 'account' };
    const { body } = await this.rest.call({ method: 'GET', path: renewPath, slot });
    return grantOf(body) ?? fail(malformedAnswer(renewPath, '"accessToken"'));
  }

  private async logIn(pin: string, totpSecret: string): Promise<TokenGrant> {
    const totp = await this.clock.track(totpAt(totpSecret, this.clock.wallMs()));
    const query = { dhanClientId: this.config.credentials.clientId, pin, totp };
    const secrets = [pin, totp];
    const body = await this.rest.login(loginPath, query, secrets).catch((error: unknown) => {
      throw asRefusal(error);
    });
    const grant = grantOf(body);
    if (grant) return grant;
    // Refusals may come with HTTP 200, and are not to be asked for again with the same digits.
    const { message } = (body ?? {}) as { message?: unknown };
    const said = typeof message === 'string' ? masked(message, secrets) : 'without saying why';
    throw refusal('sign_in_refused', `Dhan refused PIN and TOTP: ${said.slice(0, 200)}`);
  }
}

/** `expiryTime` is the time in India, without a zone. */
function grantOf(body: unknown): TokenGrant | undefined {
  const { accessToken, expiryTime } = (body ?? {}) as Record<string, unknown>;
  if (typeof accessToken !== 'string' || accessToken.length < 20) return undefined;
  const time = typeof expiryTime === 'string' ? expiryTime : '';
  const match = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?$/.exec(time);
  const toldMs = match ? Date.parse(`${match[0]}+05:30`) : NaN;
  const expiresMs = tokenClaims(accessToken).expiresMs ?? (Number.isFinite(toldMs) ? toldMs : null);
  return { credentials: { accessToken }, expiresMs };
}

/** Whatever the broker calls it: a request for a token that was refused needs a person. */
function asRefusal(error: unknown): unknown {
  if (!refusedKinds.has(errorKindOf(error))) return error;
  return refusal('token_refused', errorMessageOf(error).replace('[broker-dhan] ', ''));
}

function refusal(code: string, text: string): StrikewireError {
  return new StrikewireError({
    kind: 'unauthenticated',
    code,
    message: `[broker-dhan] no new token: ${text}`,
  });
}

function fail(error: Error): never {
  throw error;
}
