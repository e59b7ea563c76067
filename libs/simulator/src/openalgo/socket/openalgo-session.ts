import type { Timer } from '@strikewire/runtime';
import type { Outlet } from '../../faces/outlet';
import type { Contract } from '../../market/contract';
import type { OpenalgoMode } from './client-message';

/** One connection, of nobody until a key is shown. */
export class OpenalgoSession {
  clientId = '';
  /** Whether it has asked for order news. */
  hearsOrders = false;
  readonly outlet: Outlet;
  readonly modes = new Map<Contract, Set<OpenalgoMode>>();
  /** Ends the connection when no key comes. */
  deadline: Timer | undefined;

  constructor(outlet: Outlet) {
    this.outlet = outlet;
  }

  /** Answers; `type` is what the message was about, errors have none. */
  answer(fields: object): void {
    this.outlet.send(JSON.stringify(fields));
  }

  error(code: string, message: string): void {
    this.answer({ status: 'error', code, message });
  }
}
