import { StrikewireError } from '@strikewire/runtime';
import { feedLimitsSchema } from '../core/feed-limits';
import type { BrokerInstance } from '../core/plugin';
import { socketsPerAccountMax } from '../engine/feed-pool';

const limitsSchema = feedLimitsSchema(socketsPerAccountMax);

/**
 * Throws (`fatal`) when the limits of an account's full books cannot be. Those of the feed are part
 * of the plugin's declaration and looked at when it is loaded; these come with the instance.
 */
export function checkDepthLimits(label: string, { depthFeed }: BrokerInstance): void {
  if (!depthFeed) return;
  const parsed = limitsSchema.safeParse(depthFeed.limits);
  if (parsed.success) return;
  const [issue] = parsed.error.issues;
  const field = ['depthFeed', 'limits', ...(issue?.path ?? [])].join('.');
  const message = `the plugin of ${label} is not fit: ${field} ${issue?.message ?? 'is not fit'}`;
  throw new StrikewireError({ kind: 'fatal', code: 'plugin_unfit', message });
}
