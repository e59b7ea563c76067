import { indiaIsoOf, newTradingHaltSchema, type NewTradingHalt } from '@strikewire/contracts';
import { needsOf, type FieldNeeds } from '../../ui/problem-words';

/** What a person fills in; `since`: as a field for date and time has it, empty for now. */
export interface HaltForm {
  reason: string;
  since: string;
}

const dayMs = 86_400_000;
/** The minute that is on counts as now, though it is not over. */
const minuteMs = 60_000;

/** The halt that is told, or what is missing for it. */
export function haltOf(
  segment: Pick<NewTradingHalt, 'exchange' | 'segment'>,
  { reason, since }: HaltForm,
  wallMs: number,
): { halt: NewTradingHalt | null; needs: FieldNeeds } {
  const sinceMs = since === '' ? null : Date.parse(`${since}+05:30`);
  const { exchange, segment: name } = segment;
  const asked = newTradingHaltSchema.safeParse({
    exchange,
    segment: name,
    reason,
    ...(sinceMs !== null && Number.isFinite(sinceMs) && { from: indiaIsoOf(sinceMs) }),
  });
  const needs = { ...needsOf(asked), ...sinceNeeds(sinceMs, wallMs) };
  const isReady = asked.success && Object.keys(needs).length === 0;
  return { halt: isReady ? asked.data : null, needs };
}

function sinceNeeds(sinceMs: number | null, wallMs: number): FieldNeeds {
  if (sinceMs === null) return {};
  if (!Number.isFinite(sinceMs)) return { from: 'needs a date and a time, or nothing' };
  if (sinceMs > wallMs) return { from: 'needs a time that is not in the future' };
  if (sinceMs < wallMs - dayMs + minuteMs) return { from: 'needs a time of the last 24 hours' };
  return {};
}
