import type { Exchange } from '@strikewire/contracts';
import type { ContractDesk } from '@strikewire/option-chain/engine';
import type { MarginDesk, MarginEvent } from '@strikewire/margin/engine';
import type { Clock, Log, SecureRandom } from '@strikewire/runtime';
import type { BrokeragePlan } from '../core/charge-rule';
import type { OrderTimes } from '../core/order-life';
import type { OrderJournal, OrderRecord } from './order-journal';
import type { OrderCalendar, PlanSettings } from './order-plan';
import type { OrderVenue } from './order-venue';

/** News for people, as the platform's notifications take them. */
export interface OrderNotice {
  kind: string;
  severity: 'info' | 'warning' | 'critical';
  title: string;
  text: string;
  key?: string;
  details?: Readonly<Record<string, unknown>>;
}

/** Everything that orders need from outside. */
export interface OrderDeskDeps {
  clock: Clock;
  random: SecureRandom;
  log: Log;
  journal: OrderJournal;
  contracts: ContractDesk;
  margin: MarginDesk;
  /** Accounts that orders may go to, as they are now; one's own paper account may be left out. */
  venues(): readonly OrderVenue[];
  /** The paper account of a person, made if need be. */
  paperOf?(userId: string): OrderVenue | undefined;
  calendarOf(exchange: Exchange): OrderCalendar | undefined;
  /** Must not throw; what it rejects with is logged. */
  notify(notice: OrderNotice): void | Promise<void>;
  /** What an account's broker asks for an order; ₹20 when not given. */
  brokerageOf?(account: string): BrokeragePlan;
  times?: OrderTimes;
  plan?: Partial<PlanSettings>;
}

/** An order is another; told to whoever listens. */
export type OrderListener = (record: OrderRecord) => void;

/** What an account holds is another, by such an event. */
export type MoveListener = (account: string, event: MarginEvent) => void;
