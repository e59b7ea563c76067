import type { MarginFigures } from '@strikewire/broker';
import { Keeper, type Clock, type Log } from '@strikewire/runtime';
import type { MarginEstimate } from '../core/margin-estimate';
import { reconcile, type RatioHistory, type Reconciliation } from '../core/reconcile';
import type { MarginStore, StoredRatios } from './margin-store';

/** News of margins for people. */
export interface MarginNews {
  kind: string;
  severity: 'info' | 'warning';
  title: string;
  text: string;
  details: Record<string, unknown>;
}

/** What the book of ratios needs. */
export interface RatioBookDeps {
  clock: Clock;
  log: Log;
  store: MarginStore;
  notify(news: MarginNews): void;
  labelOf(account: string): string;
}

/** Accounts and shapes together; of more nothing is learned. */
const rowsMax = 10_000;

/** How estimates have compared with brokers' figures, by account and shape. */
export class RatioBook {
  private readonly deps: RatioBookDeps;
  private readonly keeper: Keeper;
  private readonly rows = new Map<string, StoredRatios>();

  constructor(deps: RatioBookDeps) {
    this.deps = deps;
    this.keeper = new Keeper(deps);
  }

  async load(): Promise<void> {
    for (const row of await this.deps.store.ratios()) this.rows.set(nameOf(row), row);
  }

  /** Ends the tries at storing. */
  stop(): void {
    this.keeper.stop();
  }

  list(): StoredRatios[] {
    return [...this.rows.values()];
  }

  /** Learns nothing. */
  compare(account: string, estimate: MarginEstimate, figures: MarginFigures): Reconciliation {
    const { shape } = estimate;
    const history: RatioHistory = {
      [shape]: this.rows.get(nameOf({ account, shape }))?.ratios ?? [],
    };
    return reconcile(estimate, figures, history);
  }

  /** Learns from a new figure, and tells people when its shape has left its band, or is back. */
  learn(account: string, estimate: MarginEstimate, figures: MarginFigures): Reconciliation {
    const found = this.compare(account, estimate, figures);
    const { shape, isOutside, history } = found;
    const name = nameOf({ account, shape });
    const before = this.rows.get(name);
    if (!before && this.rows.size >= rowsMax) {
      this.deps.log.warn('margin ratios are full', { account, shape, rowsMax });
      return found;
    }
    const row = { account, shape, ratios: history[shape] ?? [], isOutside };
    this.rows.set(name, row);
    void this.keeper.keep(name, () => this.deps.store.saveRatios(row));
    if (isOutside !== (before?.isOutside ?? false)) this.tell(account, found, estimate);
    return found;
  }

  private tell(account: string, found: Reconciliation, estimate: MarginEstimate): void {
    const { shape, ratio, band, byComponent, isOutside } = found;
    const label = this.deps.labelOf(account);
    const share = ratio === null ? 'no ratio' : `${(100 * ratio).toFixed(1)} % of the broker's`;
    const expected = `${(100 * band.low).toFixed(1)} to ${(100 * band.high).toFixed(1)} %`;
    const parts = byComponent.map(({ component, estimatePaise, brokerPaise }) => {
      const [ours, theirs] = [estimatePaise, brokerPaise].map((paise) => (paise / 100).toFixed(2));
      return `${component}: estimate ₹${ours}, broker ₹${theirs}`;
    });
    const file = estimate.revision ?? 'none';
    const advice = `Look at the risk file (${file}) first, then at exposure, then at positions.`;
    this.deps.notify({
      kind: isOutside ? 'margin.outside' : 'margin.inside',
      severity: isOutside ? 'warning' : 'info',
      title: isOutside
        ? `${label}: the margin estimate of a position (${shape}) is off`
        : `${label}: margin estimates (${shape}) agree with the broker again`,
      text: [
        `The estimate is ${share}, expected are ${expected}.`,
        ...parts,
        ...(isOutside ? [advice] : []),
      ].join('\n'),
      details: { account, shape, ratio, band, method: estimate.method },
    });
  }
}

function nameOf({ account, shape }: Pick<StoredRatios, 'account' | 'shape'>): string {
  return `${account} ${shape}`;
}
