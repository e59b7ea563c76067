import { PriceTrail } from './price-trail-store';

/** From which move of a premium on it is marked: so many percent within so many seconds. */
export interface MoveRule {
  percent: number;
  seconds: number;
}

/** What a rule may say. */
export const moveRuleLimits = {
  percent: { least: 1, most: 500 },
  seconds: { least: 5, most: 900 },
} as const;
/** The rule of somebody who has set none. */
export const usualMoveRule: MoveRule = { percent: 10, seconds: 60 };
/** Moves of less are none, whatever their percent: five ticks of 5 paise. */
export const leastMovePaise = 25;

/** True for whole numbers within the limits. */
export function isMoveRule({ percent, seconds }: MoveRule): boolean {
  const { percent: share, seconds: time } = moveRuleLimits;
  return (
    Number.isInteger(percent) && percent >= share.least && percent <= share.most &&
    Number.isInteger(seconds) && seconds >= time.least && seconds <= time.most
  );
}

/** Large moves of a chain's premiums. A mark stays until its window has passed without another. */
export interface MoveWatch {
  readonly rule: MoveRule;
  /** Notes what a leg costs now. */
  note(leg: number, ltpPaise: number, nowMonoMs: number): void;
  /** The marked move of a leg in percent; NaN for none. */
  markOf(leg: number): number;
  /** Takes away the marks that are old; the legs that lost theirs. */
  expire(nowMonoMs: number): readonly number[];
}

export function createMoveWatch(legs: number, rule: MoveRule): MoveWatch {
  const windowMs = rule.seconds * 1_000;
  const trail = new PriceTrail({ legs, windowMs });
  const marks = new Float64Array(legs).fill(NaN);
  const endsMs = new Float64Array(legs);
  return {
    rule,
    note(leg, ltpPaise, nowMonoMs) {
      trail.note(leg, ltpPaise, nowMonoMs);
      const before = trail.before(leg, nowMonoMs);
      const move = trail.latest(leg) - before;
      const percent = (move / before) * 100;
      // NaN is less than nothing and more than nothing: both must hold.
      if (!(Math.abs(percent) >= rule.percent && Math.abs(move) >= leastMovePaise)) return;
      marks[leg] = percent;
      endsMs[leg] = nowMonoMs + windowMs;
    },
    markOf: (leg) => marks[leg] ?? NaN,
    expire(nowMonoMs) {
      const ended: number[] = [];
      marks.forEach((mark, leg) => {
        if (Number.isNaN(mark) || nowMonoMs < (endsMs[leg] ?? 0)) return;
        marks[leg] = NaN;
        ended.push(leg);
      });
      return ended;
    },
  };
}
