import type {
  OrderedMessage,
  StateMessage,
  SubscribeMessage,
} from '@strikewire/contracts';
import type { RestClient } from '../rest/rest-client';

/** A message of any channel but `chain`. */
export type ChannelMessage = StateMessage | OrderedMessage;

/** A subscription as it is sent, without its id. */
export type ChannelRequest = SubscribeMessage extends infer Each
  ? Each extends { id?: unknown }
    ? Omit<Each, 'id' | 'type'>
    : never
  : never;

/**
 * What a message means: the answer to the subscription, with a snapshot to follow (`opened`) or
 * none (`joined`); a new state; a step that does not join up; nothing to tell.
 */
export type Outcome = 'opened' | 'joined' | 'changed' | 'gap' | 'nothing';

/** Holds what a channel has told. */
export interface ChannelReader<S> {
  readonly request: ChannelRequest;
  /** Null until it is known. */
  readonly state: S | null;
  take(message: ChannelMessage): Outcome;
  /** The socket is gone. */
  lost?(): void;
  /** The same over HTTP; null where there is no such route. */
  poll: ((rest: RestClient) => Promise<S>) | null;
  takePolled(state: S): void;
}
