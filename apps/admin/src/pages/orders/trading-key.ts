import type { OrderAccount, Trading } from '@strikewire/contracts';
import { inject, type InjectionKey } from 'vue';
import type { Polled } from '../../use-polled';

/** Where orders may go, read once for the whole console; nothing for those who may not trade. */
export const tradingKey: InjectionKey<Polled<Trading>> = Symbol('trading');

export function useTrading(): Polled<Trading> {
  const trading = inject(tradingKey);
  if (!trading) throw new Error('[admin] where orders may go is not provided to this component');
  return trading;
}

/** `Paper`, or `Main of a broker`; a label that names the broker says enough. */
export function accountName({ label, broker, mode }: OrderAccount): string {
  const says = label.toLowerCase().includes(broker.toLowerCase());
  return mode === 'paper' || says ? label : `${label} of ${broker}`;
}

/** Paper accounts first, so that nobody trades live by what is first. */
export function paperFirst<A extends OrderAccount>(accounts: readonly A[]): A[] {
  return accounts.toSorted((a, b) => Number(a.mode === 'live') - Number(b.mode === 'live'));
}
