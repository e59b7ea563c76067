import { createHmac } from 'node:crypto';
import type { ChannelSettings } from '@strikewire/contracts';
import { StrikewireError, type Clock, type Http } from '@strikewire/runtime';
import type { Dispatch } from './news';

/** Settings of a channel that is a webhook. */
export type WebhookSettings = Extract<ChannelSettings, { kind: 'webhook' }>;

const timeoutMs = 10_000;
/** Nobody reads the answer; one that is longer than this counts as none. */
const bytesMax = 1_048_576;

/**
 * Sends one message, signed: `x-strikewire-signature` is `t=<unix seconds>,v1=<hex>`, the
 * HMAC-SHA256 of `<t>.<body>` under the channel's secret. Rejects (`retryable`) unless the answer
 * is 2xx; redirects are not followed.
 */
export async function sendWebhook(
  { url, secret }: WebhookSettings,
  dispatch: Dispatch,
  { clock, http }: { clock: Clock; http: Http },
): Promise<void> {
  const body = JSON.stringify(dispatch);
  const seconds = Math.floor(clock.wallMs() / 1_000);
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'strikewire',
    'x-strikewire-delivery': dispatch.id,
    'x-strikewire-signature': `t=${seconds},v1=${signatureOf(secret, seconds, body)}`,
  };
  const { status } = await http.send({ method: 'POST', url, headers, body, timeoutMs, bytesMax });
  if (status >= 200 && status < 300) return;
  throw new StrikewireError({
    kind: 'retryable',
    code: 'webhook_refused',
    message: `${new URL(url).host} answered ${status}; any of 200 to 299 was needed`,
  });
}

function signatureOf(secret: string, seconds: number, body: string): string {
  return createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
}
