import type { UniversePreview, UniverseRule } from '@strikewire/contracts';
import type { Services } from '../../services';
import { useAnswer, type LiveAnswer } from '../../use-answer';

/** How long nothing is typed before the platform is asked. */
const quietMs = 300;

export type CostPreview = LiveAnswer<UniversePreview>;

/** What rules would cost; null asks nothing. Ends with the component. */
export function useUniversePreview(
  { api, clock }: Pick<Services, 'api' | 'clock'>,
  rules: () => readonly UniverseRule[] | null,
): CostPreview {
  return useAnswer(clock, rules, (wanted) => api.universe.preview([...wanted]), quietMs);
}
