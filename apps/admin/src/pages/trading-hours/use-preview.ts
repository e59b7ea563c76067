import type { TemplatePreview } from '@strikewire/contracts';
import type { TradingHoursTemplate } from '@strikewire/trading-hours';
import type { Services } from '../../services';
import { useAnswer, type LiveAnswer } from '../../use-answer';

/** How long nothing is typed before the platform is asked. */
const quietMs = 400;
const days = 14;

export type Preview = LiveAnswer<TemplatePreview>;

/** The next days as a draft would make them; null asks nothing. Ends with the component. */
export function usePreview(
  { api, clock }: Pick<Services, 'api' | 'clock'>,
  id: string,
  draft: () => TradingHoursTemplate | null,
): Preview {
  return useAnswer(clock, draft, (body) => api.hours.preview({ id, body, days }), quietMs);
}
