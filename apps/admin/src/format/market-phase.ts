import type { SegmentStatus } from '@strikewire/contracts';
import { spanLabel } from './instants';
import { dayLabel } from './times';

const phaseWords: Readonly<Record<string, string>> = {
  block_deal: 'block deals',
  pre_open: 'pre-open',
  pre_open_matching: 'pre-open matching',
  continuous: 'continuous trading',
  break: 'break',
  reference_price: 'reference price',
  closing_auction: 'closing auction',
  closing_auction_matching: 'closing auction matching',
  post_close: 'post-close',
  order_cancel: 'cancelling of orders',
  halt: 'halt',
  closed: 'closed',
};
const segmentWords: Readonly<Record<string, string>> = {
  fno: 'F&O',
  equity: 'equity',
  commodity: 'commodity',
  agri: 'agri',
  currency: 'currency',
};

/** `pre_open` is pre-open; a phase of a newer platform is said as it is named. */
export function phaseLabel(phase: string): string {
  return phaseWords[phase] ?? phase.replaceAll('_', ' ');
}

/** `NSE F&O`. */
export function segmentLabel({ exchange, segment }: { exchange: string; segment: string }): string {
  return `${exchange} ${segmentWords[segment] ?? segment.replaceAll('_', ' ')}`;
}

/** What a segment does now and when that ends. */
export interface SegmentLine {
  tone: 'good' | 'late' | 'bad' | 'off';
  /** `open, closes in 2 h 14 m`. */
  text: string;
  /** When that is, in the segment's own zone; empty when nothing more is known. */
  at: string;
}

/** `nowMs`: epoch ms at the platform. */
export function segmentLine(status: SegmentStatus, nowMs: number): SegmentLine {
  const { isOpen, phase, phaseUntil, nextOpen, nextClose, today } = status;
  const say = (tone: SegmentLine['tone'], text: string, at: string | null): SegmentLine => ({
    tone,
    text: at === null ? text : `${text} ${spanLabel(Date.parse(at) - nowMs)}`,
    at: at === null ? '' : whenLabel(at, nowMs),
  });
  if (isOpen) {
    const doing = phase === 'continuous' ? 'open' : phaseLabel(phase);
    if (nextClose === null) return say('good', doing, null);
    return say('good', `${doing}, closes in`, nextClose);
  }
  // When trading goes on, nobody knows: the end of the session is not told as an opening.
  if (phase === 'halt') {
    return { ...say('bad', 'trading halted', null), at: endWords(status, nowMs) };
  }
  if (phase === 'break') return say('late', 'break, goes on in', phaseUntil);
  if (today.state === 'hours_unknown') {
    return { ...say('late', "today's hours are not known", null), at: nextWords(nextOpen, nowMs) };
  }
  const doing = phaseLabel(phase);
  if (nextOpen === null) return say('off', `${doing}, no opening is known`, null);
  return say(phase === 'closed' ? 'off' : 'late', `${doing}, opens in`, nextOpen);
}

function endWords({ minutesToClose, nextClose }: SegmentStatus, nowMs: number): string {
  const isWithin = minutesToClose !== null && nextClose !== null;
  return isWithin ? `session ends ${whenLabel(nextClose, nowMs)}` : '';
}

function nextWords(nextOpen: string | null, nowMs: number): string {
  return nextOpen === null ? '' : `next known opening ${whenLabel(nextOpen, nowMs)}`;
}

/** Date and time as the zone of the instant has them: `24 Nov 09:15`. */
function whenLabel(at: string, nowMs: number): string {
  return `${dayLabel(at.slice(0, 10), nowMs)} ${at.slice(11, 16)}`;
}

/** The segment whose hours the options of an exchange have. */
const optionSegments: Readonly<Record<string, string>> = { MCX: 'commodity' };

/** How the options of an exchange stand; null when no template counts there. */
export function optionSegmentOf(
  segments: readonly SegmentStatus[],
  exchange: string,
): SegmentStatus | null {
  const wanted = optionSegments[exchange] ?? 'fno';
  return segments.find((one) => one.exchange === exchange && one.segment === wanted) ?? null;
}
