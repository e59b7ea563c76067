import type { PlatformStatus } from '@strikewire/contracts';

/** A socket of the feed, as the status tells of it. */
export type FeedSocket = PlatformStatus['feed']['sockets'][number];
