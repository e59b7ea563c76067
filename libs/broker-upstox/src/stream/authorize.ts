import type { FeedAddress } from '@strikewire/broker';
import { dataOf, malformedAnswer, type UpstoxRest } from '../rest/upstox-rest';

/** An address that is good for one connection, with a code of its own. */
export async function authorize(
  rest: UpstoxRest,
  path: string,
  query?: Readonly<Record<string, string>>,
): Promise<FeedAddress> {
  const { body } = await rest.get({ path, slot: { class: 'account' }, ...(query && { query }) });
  const data = (dataOf(body) ?? {}) as Record<string, unknown>;
  const url = data['authorized_redirect_uri'] ?? data['authorizedRedirectUri'];
  if (typeof url !== 'string' || !/^wss?:\/\/./.test(url) || !URL.canParse(url)) {
    throw malformedAnswer(path.split('/').slice(-2).join('/'), '"authorized_redirect_uri"');
  }
  return { url };
}
