import { indiaIsoOf, type UniverseChange, type UniverseRule } from '@strikewire/contracts';
import { createTurns, type ActedBy, type ActivityRecorder } from '@strikewire/platform';
import type { Clock } from '@strikewire/runtime';
import type { DataSource } from 'typeorm';
import type { UniverseRulesRow } from './universe-entity';
import { universeChanged, UniverseStore } from './universe-store';

/** What the rules are made of. */
export interface UniverseRulesDeps {
  clock: Pick<Clock, 'wallMs'>;
  store: UniverseStore;
  /** What counts until somebody saves something else. */
  defaults: readonly UniverseRule[];
}

/** The rules of the universe as they are saved, in memory: a build reads them at once. */
export class UniverseRules {
  readonly defaults: readonly UniverseRule[];
  private readonly deps: UniverseRulesDeps;
  private saved: UniverseRulesRow | undefined;
  private readonly inTurn = createTurns();

  constructor(deps: UniverseRulesDeps) {
    this.deps = deps;
    this.defaults = deps.defaults;
  }

  async load(): Promise<void> {
    this.saved = await this.deps.store.load();
  }

  rules(): readonly UniverseRule[] {
    return this.saved?.rules ?? this.defaults;
  }

  /** Which revision counts: 0 are the defaults; and who saved it, when. */
  revision(): { revision: number; changedBy: string | null; changedAt: string | null } {
    const { saved } = this;
    return {
      revision: saved?.revision ?? 0,
      changedBy: saved?.by ?? null,
      changedAt: saved ? indiaIsoOf(saved.at.getTime()) : null,
    };
  }

  /** Counts from the next build on. `rejected` when another revision than the edited one counts. */
  change({ rules, revision }: UniverseChange, by: ActedBy): Promise<void> {
    return this.inTurn(async () => {
      const current = this.saved?.revision ?? 0;
      if (revision !== undefined && revision !== current) throw universeChanged(current, revision);
      const at = new Date(this.deps.clock.wallMs());
      const before = { revision: current, rules: [...this.rules()] };
      this.saved = await this.deps.store.save(by, { rules, at }, before);
    });
  }
}

/** Reads the rules that were saved. */
export async function openUniverse(deps: {
  clock: Pick<Clock, 'wallMs'>;
  database: DataSource;
  activity: ActivityRecorder;
  defaults: readonly UniverseRule[];
}): Promise<UniverseRules> {
  const { clock, database, activity, defaults } = deps;
  const store = new UniverseStore(database, activity);
  const rules = new UniverseRules({ clock, store, defaults });
  await rules.load();
  return rules;
}
