import { serverMessageSchema, type ServerMessage } from '@strikewire/contracts';
import { errorKindOf, StrikewireError } from '@strikewire/runtime';
import { clientLimits } from './limits';

/**
 * How a key is sent where no header can be: as a subprotocol, beside the one that the server
 * answers with. @throws StrikewireError `invalid` for what is no key
 */
export function keyProtocols(apiKey: string): string[] {
  if (/^[\w-]{1,200}$/.test(apiKey)) return ['strikewire', `strikewire.key.${apiKey}`];
  throw new StrikewireError({
    kind: 'invalid',
    code: 'api_key_malformed',
    message: 'an API key has letters, digits, _ and - only',
  });
}

export function jsonOf(text: string): object | null {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' ? json : null;
  } catch {
    return null;
  }
}

export function parseMessage(json: object): ServerMessage | null {
  const parsed = serverMessageSchema.safeParse(json);
  return parsed.success ? parsed.data : null;
}

export function asError(thrown: unknown): StrikewireError {
  if (errorKindOf(thrown) !== 'assertion') return thrown as StrikewireError;
  const message = 'the chain could not be read';
  return new StrikewireError({ kind: 'retryable', code: 'poll_failed', message, cause: thrown });
}

export function tooManyChains(): StrikewireError {
  return new StrikewireError({
    kind: 'invalid',
    code: 'too_many_chains',
    message: `${clientLimits.chainsMax} chains are watched already, at most that many may be`,
  });
}
