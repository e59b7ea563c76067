import type { Universe, UniverseRule } from '@strikewire/contracts';
import { errorCodeOf } from '@strikewire/runtime';
import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue';
import type { UniverseApi } from '../../api/universe-api';
import type { FieldNeeds } from '../../ui/problem-words';
import { useAct, type Act } from '../../ui/use-act';
import { isSameRules, ruleNeeds } from './rule-edit';

/** The rules while they are edited; see each field. */
export interface UniverseDraft {
  /** What is saved; null until it is read. */
  saved: ShallowRef<Universe | null>;
  /** What it is to be. */
  rules: ShallowRef<readonly UniverseRule[]>;
  isChanged: ComputedRef<boolean>;
  needs: ComputedRef<FieldNeeds>;
  /** Somebody has saved another revision meanwhile. */
  isOutdated: ComputedRef<boolean>;
  reading: Act;
  saving: Act;
  edit(next: readonly UniverseRule[]): void;
  /** Back to what is saved. */
  undo(): void;
  /** To what counts where nobody has saved anything; saved like any other change. */
  reset(): void;
  /** Reads again; what was edited is dropped. */
  load(): Promise<void>;
  /** True when it was saved. */
  save(): Promise<boolean>;
}

export function useUniverse(api: Pick<UniverseApi, 'read' | 'change'>): UniverseDraft {
  const saved = shallowRef<Universe | null>(null);
  const rules = shallowRef<readonly UniverseRule[]>([]);
  const [reading, saving] = [useAct(), useAct()];
  const take = (universe: Universe): void => {
    saved.value = universe;
    rules.value = universe.rules;
  };
  const isChanged = computed(() => !isSameRules(rules.value, saved.value?.rules ?? []));
  return {
    saved,
    rules,
    isChanged,
    needs: computed(() => (isChanged.value ? ruleNeeds(rules.value) : {})),
    isOutdated: computed(() => errorCodeOf(saving.problem.value) === 'universe_changed'),
    reading,
    saving,
    edit: (next) => (rules.value = next),
    undo() {
      rules.value = saved.value?.rules ?? [];
      saving.problem.value = null;
    },
    reset: () => (rules.value = saved.value?.defaults ?? []),
    async load() {
      saving.problem.value = null;
      await reading.run(async () => take(await api.read()));
    },
    save: () =>
      saving.run(async () => {
        if (!saved.value) return;
        const { revision } = saved.value;
        take(await api.change({ rules: [...rules.value], revision }));
      }),
  };
}
