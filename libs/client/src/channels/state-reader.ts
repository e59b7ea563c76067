import type { StateMessage } from '@strikewire/contracts';
import type { RestClient } from '../rest/rest-client';
import type { ChannelMessage, ChannelReader, ChannelRequest, Outcome } from './channel-reader';

type StateChannel = StateMessage['channel'];
type Of<C extends StateChannel, T extends StateMessage['type']> = Extract<
  StateMessage,
  { channel: C; type: T }
>;

/** How the state of one channel is made of its messages. */
export interface StateSpec<C extends StateChannel, S> {
  channel: C;
  request: ChannelRequest;
  snapshot(layout: Of<C, 'layout'>, message: Of<C, 'snapshot'>): S;
  /** A new state: the one before stays as it is. */
  delta(held: S, message: Of<C, 'delta'>): S;
  poll: ((rest: RestClient) => Promise<S>) | null;
}

/** Joins snapshots and deltas of a channel by their versions. */
export class StateReader<C extends StateChannel, S> implements ChannelReader<S> {
  state: S | null = null;
  readonly request: ChannelRequest;
  readonly poll: ChannelReader<S>['poll'];
  private readonly spec: StateSpec<C, S>;
  private layout: Of<C, 'layout'> | null = null;
  private version = -1;

  constructor(spec: StateSpec<C, S>) {
    this.spec = spec;
    this.request = spec.request;
    this.poll = spec.poll;
  }

  take(message: ChannelMessage): Outcome {
    if (message.channel !== this.spec.channel) return 'nothing';
    if (message.type === 'layout') {
      this.layout = message as Of<C, 'layout'>;
      this.version = -1;
      return 'opened';
    }
    if (message.type === 'snapshot' && this.layout) {
      this.state = this.spec.snapshot(this.layout, message as Of<C, 'snapshot'>);
      this.version = message.version;
      return 'changed';
    }
    if (message.type !== 'delta') return 'nothing';
    if (this.state === null || message.previous !== this.version) return 'gap';
    this.state = this.spec.delta(this.state, message as Of<C, 'delta'>);
    this.version = message.version;
    return 'changed';
  }

  /** What is held stays on display, and ages. */
  lost(): void {
    this.version = -1;
  }

  takePolled(state: S): void {
    this.state = state;
  }
}
