import { indiaDateOf, type ContractKey } from '@strikewire/contracts';
import { dailyVolatilityOf } from '@strikewire/margin';
import type { UnderlyingFigures } from '@strikewire/margin/engine';
import { field } from '@strikewire/market-data';
import type { LiveChain, OptionChainEngine } from '@strikewire/option-chain/engine';
import type { UnderlyingCloses } from '@strikewire/option-chain/module';
import type { Clock } from '@strikewire/runtime';

/** Where figures of underlyings are: nobody is asked for them. */
export interface UnderlyingFiguresDeps {
  clock: Pick<Clock, 'wallMs'>;
  board: Pick<OptionChainEngine['board'], 'generation' | 'all' | 'isStale'>;
  closes: Pick<UnderlyingCloses, 'of'>;
}

/** Priced longer ago than this, a chain is priced anew: a preview may come before any flush. */
const pricedMaxMs = 60_000;

/**
 * Previous close and daily volatility of an underlying, for margin estimates. The close is that of
 * the broker's feed, as far as it was heard today: yesterday it told that of the day before. Else
 * it is the last one that was stored on a day before today.
 */
export function underlyingFigures(
  { clock, board, closes }: UnderlyingFiguresDeps,
  underlying: ContractKey,
): UnderlyingFigures {
  const today = indiaDateOf(clock.wallMs());
  const stored = closes.of(underlying);
  const before = stored.findLast(({ tradingDay }) => tradingDay < today);
  const { layout, store } = board.generation;
  const slot = layout.slotByKey.get(underlying) ?? -1;
  const fed = slot >= 0 && store.knows(slot, field.close) ? (store.closePaise[slot] ?? 0) : 0;
  const isOfToday = slot >= 0 && indiaDateOf(store.receivedMs[slot] ?? 0) === today;
  return {
    previousClosePaise: (isOfToday && fed) || before?.closePaise || fed || null,
    ...dailyVolatilityOf(stored, atmVolatility({ clock, board }, slot, today)),
    isIlliquid: false,
  };
}

/**
 * As a fraction a year, of the nearest expiry after today: in its last hours an option's volatility
 * says nothing of a day. Null when none is known.
 */
function atmVolatility(
  { clock, board }: Pick<UnderlyingFiguresDeps, 'clock' | 'board'>,
  spotSlot: number,
  today: string,
): number | null {
  const expiryOf = ({ slots }: LiveChain): string => slots.skeleton.expiry;
  const [nearest] = [...board.all()]
    .filter((chain) => chain.slots.spotSlot === spotSlot && expiryOf(chain) > today)
    .sort((a, b) => (expiryOf(a) < expiryOf(b) ? -1 : 1));
  if (!nearest || spotSlot < 0) return null;
  const nowMs = clock.wallMs();
  if (Math.abs(nowMs - nearest.pricer.pricedMs) >= pricedMaxMs) {
    nearest.refresh(board.isStale(nearest), nowMs);
  }
  const { atmIv } = nearest.pricer.figures;
  return atmIv > 0 ? atmIv / 100 : null;
}
