import { indiaDateOf, indiaInstant } from '@strikewire/contracts';
import type { Timer } from '@strikewire/runtime';
import type { Position } from '../core/positions';
import type { OrderFloor } from './order-floor';
import type { OrderRecord } from './order-journal';

/** After the close, so that the broker's own last rows are there. */
const graceMs = 60_000;
const roundMs = 30_000;
const dayMs = 86_400_000;

/**
 * The end of the day that an order was good for, and what a new day forgets: positions that are
 * flat since an earlier day, and live ones that the broker has settled or squared off: of contracts
 * that have expired, and intraday ones of an earlier day.
 */
export class DayEnds {
  private readonly floor: OrderFloor;
  private timer: Timer | undefined;
  private day = '';

  constructor(floor: OrderFloor) {
    this.floor = floor;
  }

  start(): void {
    this.round();
  }

  stop(): void {
    this.timer?.cancel();
  }

  private round(): void {
    const { clock } = this.floor.deps;
    const nowMs = clock.wallMs();
    for (const track of this.floor.unfinished()) {
      const endedMs = this.endOf(track.record);
      if (track.state.dayEndedMs !== null || nowMs < endedMs) continue;
      track.hear({ type: 'dayEnded', endedMs });
    }
    const day = indiaDateOf(nowMs);
    if (day !== this.day) this.beginDay(day);
    this.timer = clock.after(roundMs, () => this.round());
  }

  /** When nothing more can become of it by itself. */
  private endOf({ facts, state }: OrderRecord): number {
    const { calendarOf } = this.floor.deps;
    const { createdMs } = state;
    const calendar = calendarOf(facts.exchange);
    const date = indiaDateOf(createdMs);
    const isKnown = calendar !== undefined && date >= calendar.from && date <= calendar.to;
    // Without hours: with its date.
    if (!isKnown) return indiaInstant(date, 0) + dayMs - 1;
    const last = calendar.sessionOn(date).sessions.at(-1)?.closeMs;
    if (last !== undefined && last > createdMs) return last + graceMs;
    return (calendar.nextClose(createdMs) ?? createdMs + dayMs) + graceMs;
  }

  private beginDay(day: string): void {
    this.day = day;
    const fromMs = indiaInstant(day, 0);
    for (const account of this.floor.accounts) {
      const ledger = this.floor.ledger(account);
      const isGone = (position: Position): boolean => {
        const isOld = ledger.updatedMs(position) < fromMs;
        if (position.netQuantity === 0) return isOld;
        const expiry = ledger.factsOf(position.key)?.expiry ?? day;
        const isOver = expiry < day || (position.product === 'intraday' && isOld);
        return !account.startsWith('paper:') && isOver;
      };
      const gone = ledger.positions.filter(isGone);
      if (gone.length > 0) this.drop(account, gone, day);
      ledger.forgetFills(fromMs);
    }
  }

  private drop(account: string, gone: readonly Position[], day: string): void {
    const { journal, log } = this.floor.deps;
    const ledger = this.floor.ledger(account);
    const keys = gone.map(({ key, product }) => `${product}:${key}`);
    this.tell(account, gone.filter(({ netQuantity }) => netQuantity !== 0), day);
    void ledger.inTurn(async () => {
      await journal.dropPositions(account, keys);
      ledger.drop(gone);
    }).catch((error: unknown) => {
      // They are dropped on another day.
      log.error('positions of earlier days stay', { account, error: `${error}` });
    });
  }

  private tell(account: string, gone: readonly Position[], day: string): void {
    const ledger = this.floor.ledger(account);
    const isExpired = ({ key }: Position): boolean => (ledger.factsOf(key)?.expiry ?? day) < day;
    const names = (some: readonly Position[]): string =>
      some.map(({ key, netQuantity }) => `${netQuantity} ${key}`).join(', ');
    const expired = gone.filter(isExpired);
    if (expired.length > 0) {
      this.floor.notify({
        kind: 'positions.expired',
        severity: 'info',
        title: 'Contracts have expired',
        text: `${account} held ${names(expired)}: settled by the broker, and not shown any more`,
      });
    }
    const squared = gone.filter((one) => !isExpired(one));
    if (squared.length === 0) return;
    this.floor.notify({
      kind: 'positions.squared_off',
      severity: 'warning',
      title: 'Intraday positions of an earlier day are not shown any more',
      text: `${account} held ${names(squared)}: the broker squares them off on their day`,
    });
  }
}
