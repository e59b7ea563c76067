import { spanLabel } from '../../format/instants';

/** Below this the life of a token is amber: time to fetch the next. */
const shortMs = 2 * 3_600_000;

/** How long an account's token lives, in words. */
export interface TokenLife {
  text: string;
  tone: 'good' | 'late' | 'bad' | 'none';
}

/** `expiresAt`: ISO-8601, null when the broker does not say. */
export function tokenLife(expiresAt: string | null, wallMs: number): TokenLife {
  if (expiresAt === null) return { text: 'token life unknown', tone: 'none' };
  const leftMs = Date.parse(expiresAt) - wallMs;
  if (leftMs <= 0) return { text: `token expired ${spanLabel(-leftMs)} ago`, tone: 'bad' };
  const tone = leftMs < shortMs ? 'late' : 'good';
  return { text: `token expires in ${spanLabel(leftMs)}`, tone };
}
