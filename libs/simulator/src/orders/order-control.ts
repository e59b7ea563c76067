import { StrikewireError } from '@strikewire/runtime';
import type { Face } from '../faces/face';
import type { Place } from '../market/contract';
import type { Market } from '../market/market';
import type { OrderDraft, Refusal } from './order';
import type { OrderDesk } from './order-desk';
import { orderTruth, type TrueOrders } from './order-truth';

/** Whose orders; at the first face when no broker is named. */
export interface OrderOwner {
  account: string;
  broker?: string;
}

/** An order from another front end of the broker. Rupees; `type` is LIMIT when not given. */
export interface OtherOrder extends OrderOwner {
  segment: string;
  securityId: number;
  side: 'BUY' | 'SELL';
  type?: OrderDraft['type'];
  product?: OrderDraft['product'];
  validity?: OrderDraft['validity'];
  quantity: number;
  price?: number;
  trigger?: number;
}

/** What tests see and do of orders past the brokers' own ways. */
export interface OrderControl {
  truth(owner: OrderOwner): TrueOrders;
  place(order: OtherOrder): { orderId: string };
  cancel(which: OrderOwner & { orderId: string }): void;
  setFunds(owner: OrderOwner & { rupees: number }): void;
}

export interface OrderControlDeps {
  market: Market;
  /** By face; the first is meant where none is named. */
  faces: Readonly<Record<string, Pick<Face, 'accounts' | 'desk'>>>;
  placeOf(segment: string): Place | undefined;
  wordFor(place: Place): string;
}

/** @throws StrikewireError `not_found` and `invalid`, from all of its methods. */
export function createOrderControl(deps: OrderControlDeps): OrderControl {
  const deskOf = (owner: OrderOwner): OrderDesk => {
    const { account, broker = Object.keys(deps.faces)[0] ?? '' } = owner;
    const face = Object.hasOwn(deps.faces, broker) ? deps.faces[broker] : undefined;
    const accounts = face?.accounts.list() ?? [];
    const isKnown = accounts.some((one) => 'clientId' in one && one.clientId === account);
    if (!face || !isKnown) throw notFound(`no account ${JSON.stringify(account)} at "${broker}"`);
    return face.desk;
  };
  return {
    truth: (owner) => orderTruth(deskOf(owner), owner.account, deps.wordFor),
    place: (order) => ({ orderId: placed(deskOf(order), order, deps) }),
    cancel(which) {
      const desk = deskOf(which);
      const order = desk.whole(which.account).orders.find(({ id }) => id === which.orderId);
      if (!order) throw notFound(`no order ${JSON.stringify(which.orderId)}`);
      accept(desk.cancel(order));
    },
    setFunds(owner) {
      const { rupees } = owner;
      if (!Number.isFinite(rupees) || rupees < 0) {
        throw invalid(`rupees was ${JSON.stringify(rupees)}, needs to be a number from 0 on`);
      }
      deskOf(owner).setFunds(owner.account, Math.round(rupees * 100));
    },
  };
}

function placed(
  desk: OrderDesk,
  order: OtherOrder,
  { market, placeOf }: OrderControlDeps,
): string {
  const { account, segment, securityId, side, price = 0, trigger = 0 } = order;
  const place = placeOf(segment);
  const contract = place && market.look(place, securityId);
  if (!contract) throw notFound(`no contract ${segment} ${securityId}`);
  if (side !== 'BUY' && side !== 'SELL') {
    throw invalid(`side was ${JSON.stringify(side)}, needs to be BUY or SELL`);
  }
  const { type = 'LIMIT', product = 'carry', validity = 'DAY', quantity } = order;
  const result = desk.place(account, {
    contract, side, type, product, validity, quantity, disclosed: 0, clientOrderId: '',
    pricePaise: Math.round(price * 100), triggerPaise: Math.round(trigger * 100), source: 'other',
  });
  if ('code' in result) throw invalid(result.detail);
  return result.id;
}

function accept(refused: Refusal | undefined): void {
  if (refused) throw invalid(refused.detail);
}

function invalid(message: string): StrikewireError {
  return new StrikewireError({ kind: 'invalid', code: 'order_invalid', message });
}

function notFound(message: string): StrikewireError {
  return new StrikewireError({ kind: 'not_found', code: 'not_listed', message });
}
