import type { Random, Socket } from '@strikewire/runtime';
import { Outlet, type LifeSettings, type OutletDeps } from '../../faces/outlet';
import type { Contract } from '../../market/contract';
import { FrameBatch, type Packing } from './frame-batch';
import { encodeDisconnect } from './packets-encoder';
import type { FeedMode } from './subscribe-request';

/** How the feed behaves towards its clients. */
export interface FeedSettings extends LifeSettings {
  /** Whether a subscription is answered with the present figures. */
  snapshotOnSubscribe: boolean;
  packing: Packing;
}

/** As Dhan does it. */
export const defaultFeedSettings: FeedSettings = {
  pingMs: 10_000,
  silenceMs: 40_000,
  snapshotOnSubscribe: true,
  packing: { share: 0.2, busyFrom: 50, fullFrame: 16 },
};

export interface SessionDeps extends Omit<OutletDeps, 'life'> {
  random: Random;
  settings: FeedSettings;
}

/** One feed connection: its subscriptions and its outgoing frames. */
export class FeedSession {
  readonly clientId: string;
  readonly modes = new Map<Contract, FeedMode>();
  readonly outlet: Outlet;
  readonly batch: FrameBatch;

  constructor(clientId: string, socket: Socket, deps: SessionDeps) {
    this.clientId = clientId;
    this.outlet = new Outlet(socket, { ...deps, life: deps.settings });
    const unit = (): number => deps.random.next();
    this.batch = new FrameBatch(deps.settings.packing, unit, (frame) => this.outlet.send(frame));
  }

  /** Sends what is batched or held back by a fault. */
  flush(): void {
    this.batch.flush();
    this.outlet.flush();
  }

  /** With a code: the disconnect packet, then an orderly close. Without: the connection breaks. */
  drop(disconnectCode: number | undefined): void {
    if (disconnectCode === undefined) return this.outlet.terminate();
    this.flush();
    this.outlet.write(encodeDisconnect(disconnectCode));
    this.outlet.close(1000);
  }

  /** The client asked to leave. */
  leave(): void {
    this.outlet.close(1000);
  }
}
