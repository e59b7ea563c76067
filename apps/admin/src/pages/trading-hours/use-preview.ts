import type { TemplatePreview } from '@strikewire/contracts';
import type { StrikewireError, Timer } from '@strikewire/runtime';
import type { TradingHoursTemplate } from '@strikewire/trading-hours';
import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';
import { asShown } from '../../api/call';
import type { Services } from '../../services';

/** How long nothing is typed before the platform is asked. */
const quietMs = 400;
const days = 14;

export interface Preview {
  /** The newest answer; of before while the draft has needs. */
  data: ShallowRef<TemplatePreview | null>;
  error: ShallowRef<StrikewireError | null>;
  /** The answer is not of what is in the fields now. */
  isOld: ShallowRef<boolean>;
}

/** The next days as a draft would make them; null asks nothing. Ends with the component. */
export function usePreview(
  { api, clock }: Pick<Services, 'api' | 'clock'>,
  id: string,
  draft: () => TradingHoursTemplate | null,
): Preview {
  const data = shallowRef<TemplatePreview | null>(null);
  const error = shallowRef<StrikewireError | null>(null);
  const isOld = shallowRef(true);
  let timer: Timer | null = null;
  let run = 0;
  const ask = async (body: TradingHoursTemplate): Promise<void> => {
    const own = ++run;
    try {
      const answer = await api.hours.preview({ id, body, days });
      if (own !== run) return;
      data.value = answer;
      error.value = null;
      isOld.value = false;
    } catch (thrown) {
      if (own === run) error.value = asShown(thrown);
    }
  };
  watch(
    draft,
    (body) => {
      timer?.cancel();
      run++;
      isOld.value = true;
      if (body) timer = clock.after(data.value ? quietMs : 0, () => void ask(body));
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    run++;
    timer?.cancel();
  });
  return { data, error, isOld };
}
