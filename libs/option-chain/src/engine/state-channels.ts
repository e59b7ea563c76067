import { optionKey, parseOptionKey, type SubscribeMessage } from '@strikewire/contracts';
import { errorKindOf, StrikewireError, type Clock } from '@strikewire/runtime';
import type { ChainService } from './chain-service';
import { GreeksView } from './greeks-view';
import { PcrView } from './pcr-view';
import { QuotesView, type QuotePlace } from './quotes-view';
import { StatusView } from './status-view';
import type { StreamClient } from './stream-client';
import type { StreamHub } from './stream-hub';

/** A request for one of the channels that carry state. */
export type StateRequest = Exclude<SubscribeMessage, { channel: 'alerts' | 'orders' }>;

/** The channels that carry state: `chain`, `greeks`, `pcr`, `quotes` and `status`. */
export class StateChannels {
  private readonly clock: Clock;
  private readonly hub: StreamHub;
  private readonly service: Pick<ChainService, 'chain' | 'status'>;

  constructor({ clock, hub, service }: {
    clock: Clock;
    hub: StreamHub;
    service: Pick<ChainService, 'chain' | 'status'>;
  }) {
    this.clock = clock;
    this.hub = hub;
    this.service = service;
  }

  /**
   * The number of the stream; the client then gets its layout and a snapshot.
   * @throws StrikewireError that names the field at fault
   */
  subscribe(request: StateRequest, client: StreamClient): number {
    const { hub } = this;
    const { channel, id } = request;
    if (channel === 'status') return this.watchStatus(client, id);
    if (channel === 'quotes') return this.watchQuotes(request.keys, client, id);
    const chain = this.service.chain(request.underlying, request.expiry);
    if (channel === 'chain') return hub.subscribe(chain, request.encoding, client, id);
    const create = () =>
      channel === 'greeks' ? new GreeksView(hub.viewDeps, chain) : new PcrView(hub.viewDeps, chain);
    return hub.watch(`${channel} ${chain.key}`, create, client, id);
  }

  /** How platform and chains stand. */
  watchStatus(client: StreamClient, id?: string | number): number {
    const create = (): StatusView => new StatusView(this.clock, () => this.service.status());
    return this.hub.watch('status', create, client, id);
  }

  private watchQuotes(
    wanted: readonly string[],
    client: StreamClient,
    id: string | number | undefined,
  ): number {
    const known = wanted.map((key, index) => this.checked(key, index));
    // Whoever wants the same, in whatever order, shares a stream.
    const keys = [...new Set(known)].sort();
    const create = (): QuotesView => new QuotesView(keys, (key) => this.find(key));
    return this.hub.watch(`quotes ${keys.join(' ')}`, create, client, id);
  }

  /** The key in its canonical form. */
  private checked(key: string, index: number): string {
    const field = `keys.${index}`;
    try {
      const canonical = isSpot(key) ? key : optionKey(parseOptionKey(key));
      if (this.place(canonical)) return canonical;
    } catch (thrown) {
      throw namingField(thrown, field);
    }
    throw new StrikewireError({
      kind: 'not_found',
      code: 'contract_unknown',
      message: `${field} was ${key}, needs a contract of a chain that is kept`,
      details: { field },
    });
  }

  private find(key: string): QuotePlace | undefined {
    try {
      return this.place(key);
    } catch {
      return undefined;
    }
  }

  private place(key: string): QuotePlace | undefined {
    const [exchange, symbol = '', expiry] = key.split(':');
    const chain = this.service.chain(symbol, expiry);
    const { skeleton, legKeys, spotSlot } = chain.slots;
    if (skeleton.exchange !== exchange) return undefined;
    if (expiry === undefined) return spotSlot < 0 ? undefined : { chain, row: -1 };
    const row = legKeys.indexOf(key);
    return row < 0 ? undefined : { chain, row };
  }
}

function isSpot(key: string): boolean {
  return key.split(':').length === 2;
}

/** The same error, about the field that the client has sent. */
function namingField(thrown: unknown, field: string): unknown {
  if (!(thrown instanceof StrikewireError)) return thrown;
  const { code, message, details } = thrown;
  return new StrikewireError({
    kind: errorKindOf(thrown),
    code,
    message: `${field}: ${message}`,
    details: { ...details, field },
  });
}
