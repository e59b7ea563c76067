import type { Random } from '@strikewire/runtime';
import type { MarginShape, OrderCall } from './order-fault';
import type { FaultOf, Use } from './use';

/** What the faults in force make of an account's orders. */
export interface OrderFaults {
  answer(clientId: string, call: OrderCall): FaultOf<'orderAnswer'> | undefined;
  transitMs(clientId: string): number;
  lateFill(clientId: string): FaultOf<'lateFill'> | undefined;
  areFillsHeld(clientId: string): boolean;
  /** The most lots of one fill. */
  lotsMost(clientId: string): number;
  isRejectedAfterPart(clientId: string): boolean;
  hiddenMs(clientId: string): number;
  strangeWord(clientId: string, where: 'book' | 'news'): string | undefined;
  areRowsTwice(clientId: string): boolean;
  isNewsTwice(clientId: string): boolean;
  isNewsOutOfOrder(clientId: string): boolean;
  isNewsLost(clientId: string): boolean;
  newsDelayMs(clientId: string): number;
  isSocketBroken(clientId: string, on: 'taken' | 'filled'): boolean;
  marginShape(clientId: string): MarginShape | undefined;
  orderKeys(clientId: string): 'camel' | 'pascal' | undefined;
}

export function orderFaultsOf(use: Use, random: Random): OrderFaults {
  const isOf = (clientId: string) => (fault: { clientId?: string }): boolean =>
    fault.clientId === undefined || fault.clientId === clientId;
  const isDrawn = (clientId: string) => (fault: { clientId?: string; probability: number }) =>
    isOf(clientId)(fault) && random.next() < fault.probability;
  return {
    answer: (clientId, call) => use('orderAnswer', (fault) => {
      const { on = 'place' } = fault;
      return isOf(clientId)(fault) && (on === 'any' || on === call);
    }),
    transitMs: (clientId) => use('slowTransit', isOf(clientId))?.delayMs ?? 0,
    lateFill: (clientId) => use('lateFill', isOf(clientId)),
    areFillsHeld: (clientId) => use('holdFills', isOf(clientId)) !== undefined,
    lotsMost: (clientId) => use('partFills', isOf(clientId))?.lots ?? Infinity,
    isRejectedAfterPart: (clientId) => use('rejectAfterPartFill', isOf(clientId)) !== undefined,
    hiddenMs: (clientId) => use('hideOrder', isOf(clientId))?.hideMs ?? 0,
    strangeWord(clientId, where) {
      const fault = use('strangeStatus', (one) => {
        const place = one.in ?? 'both';
        return isOf(clientId)(one) && (place === 'both' || place === where);
      });
      return fault && (fault.word ?? 'ON_HOLD_BY_NOBODY');
    },
    areRowsTwice: (clientId) => use('duplicateRows', isOf(clientId)) !== undefined,
    isNewsTwice: (clientId) => use('duplicateOrderNews', isDrawn(clientId)) !== undefined,
    isNewsOutOfOrder: (clientId) => use('outOfOrderNews', isDrawn(clientId)) !== undefined,
    isNewsLost: (clientId) => use('lostOrderNews', isDrawn(clientId)) !== undefined,
    newsDelayMs: (clientId) => use('delayOrderNews', isOf(clientId))?.delayMs ?? 0,
    isSocketBroken: (clientId, on) =>
      use('breakOrderSocket', (one) => isOf(clientId)(one) && one.on === on) !== undefined,
    marginShape: (clientId) => use('marginShape', isOf(clientId))?.shape,
    orderKeys: (clientId) => use('orderKeys', isOf(clientId))?.keys,
  };
}
