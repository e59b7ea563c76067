import type { AuthPort, TokenGrant } from '@strikewire/broker';
import { StrikewireError } from '@strikewire/runtime';
import type { UpstoxConfig } from '../config';
import { tokenExpiresMs } from './access-token';
import { malformedAnswer, type UpstoxRest } from './upstox-rest';

const dialogPath = '/v2/login/authorization/dialog';
const tokenPath = '/v2/login/authorization/token';

/**
 * Signing in at Upstox's own page: OAuth 2, authorization code. There is no refresh token, so that
 * only a person can get another one; a code is spent even when its exchange fails.
 */
export function createUpstoxAuth(config: UpstoxConfig, rest: UpstoxRest): AuthPort {
  const { clientId, clientSecret, accessToken } = config.credentials;
  return {
    expiresMs: () => tokenExpiresMs(accessToken),
    signIn: {
      url(redirectUri, state) {
        const url = new URL(`${config.endpoints.rest}${dialogPath}`);
        url.searchParams.set('client_id', clientId);
        url.searchParams.set('redirect_uri', redirectUri);
        url.searchParams.set('response_type', 'code');
        url.searchParams.set('state', state);
        return url.toString();
      },
      async complete(redirectUri, answer) {
        const code = answer.get('code');
        if (!code) throw notGranted(answer);
        if (clientSecret === undefined) throw secretMissing();
        const { body } = await rest.postForm(tokenPath, {
          code,
          client_id: clientId,
          client_secret: clientSecret,
          redirect_uri: redirectUri,
          grant_type: 'authorization_code',
        });
        return readGrant(body);
      },
    },
  };
}

/** The answer has no envelope, and its own word on how long the token lasts is not believed. */
function readGrant(body: unknown): TokenGrant {
  const { access_token: accessToken } = (body ?? {}) as { access_token?: unknown };
  if (typeof accessToken !== 'string' || accessToken === '') {
    throw malformedAnswer('login/authorization/token', '"access_token"');
  }
  return { credentials: { accessToken }, expiresMs: tokenExpiresMs(accessToken) };
}

function notGranted(answer: URLSearchParams): StrikewireError {
  const reason = answer.get('error_description') ?? answer.get('error') ?? 'no code came back';
  return new StrikewireError({
    kind: 'unauthenticated',
    code: 'sign_in_refused',
    message: `[broker-upstox] signing in was not granted: ${reason.slice(0, 200)}`,
  });
}

function secretMissing(): StrikewireError {
  return new StrikewireError({
    kind: 'invalid',
    code: 'client_secret_missing',
    message: '[broker-upstox] signing in needs the API secret, and the account has none',
  });
}
