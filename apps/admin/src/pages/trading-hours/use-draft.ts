import type { HoursTemplateDetail } from '@strikewire/contracts';
import { errorCodeOf } from '@strikewire/runtime';
import { templateSchema, type TradingHoursTemplate } from '@strikewire/trading-hours';
import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue';
import type { HoursApi } from '../../api/hours-api';
import type { FieldNeeds } from '../../ui/problem-words';
import { useAct, type Act } from '../../ui/use-act';
import { templateNeeds } from './template-edit';

/** A template while it is edited; see each field. */
export interface Draft {
  /** What is saved; null until it is read. */
  saved: ShallowRef<HoursTemplateDetail | null>;
  /** What it is to be; null until the template is read. */
  body: ShallowRef<TradingHoursTemplate | null>;
  isChanged: ComputedRef<boolean>;
  /** What the draft needs, by path. */
  needs: ComputedRef<FieldNeeds>;
  /** Somebody has saved another version meanwhile. */
  isOutdated: ComputedRef<boolean>;
  reading: Act;
  saving: Act;
  edit(next: TradingHoursTemplate): void;
  canStepBack: ComputedRef<boolean>;
  /** Takes the last change back. */
  stepBack(): void;
  /** Back to what is saved. */
  undo(): void;
  /** Reads the template; what was edited is dropped. */
  load(): Promise<void>;
  /** True when it was saved. */
  save(note: string): Promise<boolean>;
}

/** Changes that can be taken back one by one; of more the oldest are forgotten. */
const stepsMax = 100;

export function useDraft(api: Pick<HoursApi, 'template' | 'change'>, id: string): Draft {
  const saved = shallowRef<HoursTemplateDetail | null>(null);
  const body = shallowRef<TradingHoursTemplate | null>(null);
  const base = shallowRef<TradingHoursTemplate | null>(null);
  const steps = shallowRef<readonly TradingHoursTemplate[]>([]);
  const [reading, saving] = [useAct(), useAct()];
  const set = (next: TradingHoursTemplate | null): void => {
    const { value: now } = body;
    if (now && next !== now) steps.value = [...steps.value, now].slice(-stepsMax);
    body.value = next;
  };
  const isChanged = computed(() => JSON.stringify(body.value) !== JSON.stringify(base.value));
  const read = async (): Promise<void> => {
    const detail = await api.template(id);
    base.value = templateSchema.parse(detail.body);
    body.value = base.value;
    saved.value = detail;
    steps.value = [];
  };
  return {
    saved,
    body,
    isChanged,
    needs: computed(() => (body.value && isChanged.value ? templateNeeds(body.value) : {})),
    isOutdated: computed(() => errorCodeOf(saving.problem.value) === 'template_changed'),
    reading,
    saving,
    edit: set,
    canStepBack: computed(() => steps.value.length > 0),
    stepBack() {
      const last = steps.value.at(-1);
      if (!last) return;
      body.value = last;
      steps.value = steps.value.slice(0, -1);
    },
    undo() {
      set(base.value);
      saving.problem.value = null;
    },
    async load() {
      saving.problem.value = null;
      await reading.run(read);
    },
    save: (note) =>
      saving.run(async () => {
        if (!saved.value || !body.value) return;
        const { version } = saved.value;
        const said = note.trim();
        await api.change(id, { body: body.value, version, ...(said && { note: said }) });
        await read();
      }),
  };
}
