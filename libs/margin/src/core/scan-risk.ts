import { calendarCharge, type CalendarSpread } from './calendar-charge';
import { scenarioCount } from './scenarios';

/** One contract with what it loses in each scenario, from a file or from our own pricing. */
export interface RiskLine {
  /** Signed units. */
  quantity: number;
  /** ISO date. */
  expiry: string;
  isOption: boolean;
  /** The price its risk array starts from, in paise a unit. */
  pricePaise: number;
  /** Loss of one unit bought in each of the 16 scenarios, in paise; a gain is negative. */
  array: ArrayLike<number>;
  /** The delta that calendar spreads are formed with; 1 for a future. */
  delta: number;
}

/** What the lines of one underlying have in common. */
export interface ScanTerms {
  spreads: readonly CalendarSpread[];
  /** Least risk of a short option, in paise a unit. */
  shortOptionMinimumPaise: number;
  /**
   * True for an expiry that other months no longer offset: its lines are scanned alone, and it is
   * no leg of a calendar spread.
   */
  isApart(expiry: string): boolean;
}

/** The risk of the lines of one underlying, in paise. */
export interface ScanFigures {
  /** Worst loss over the scenarios, at least 0. */
  scanPaise: number;
  calendarPaise: number;
  shortOptionMinimumPaise: number;
  /** Net option value: what bought options are worth less what sold ones are. */
  novPaise: number;
  /** max(0, risk − NOV), where risk = max(scan + calendar, short option minimum). */
  spanPaise: number;
  /** 1 to 16, by the losses of all lines together; 0 when no scenario loses. */
  worstScenario: number;
  /** Of all lines together, per scenario. */
  lossesPaise: readonly number[];
}

/**
 * The scan of one underlying, futures and options together. The net option value has to be taken
 * off: by it a sold option pays back its premium on top of the loss, and a bought one needs
 * nothing but its price.
 */
export function scanRisk(lines: readonly RiskLine[], terms: ScanTerms): ScanFigures {
  const together = lines.filter((line) => !terms.isApart(line.expiry));
  const alone = [...new Set(lines.map((line) => line.expiry))].filter(terms.isApart);
  const groups = [together, ...alone.map((at) => lines.filter((line) => line.expiry === at))];
  const scanPaise = groups.reduce((sum, group) => sum + Math.max(0, ...lossesOf(group)), 0);
  // Whoever has only bought options can lose no more than their price, in whatever months.
  const isBought = lines.every((line) => line.isOption && line.quantity >= 0);
  const calendarPaise = isBought ? 0 : calendarCharge(terms.spreads, deltaByExpiry(together));
  const shortUnits = lines.reduce(
    (sum, line) => (line.isOption && line.quantity < 0 ? sum - line.quantity : sum),
    0,
  );
  const shortOptionMinimumPaise = shortUnits * terms.shortOptionMinimumPaise;
  const novPaise = lines.reduce(
    (sum, line) => (line.isOption ? sum + line.quantity * line.pricePaise : sum),
    0,
  );
  const riskPaise = Math.max(scanPaise + calendarPaise, shortOptionMinimumPaise);
  const lossesPaise = lossesOf(lines);
  const worst = Math.max(...lossesPaise);
  return {
    scanPaise,
    calendarPaise,
    shortOptionMinimumPaise,
    novPaise,
    spanPaise: Math.max(0, riskPaise - novPaise),
    worstScenario: worst > 0 ? lossesPaise.indexOf(worst) + 1 : 0,
    lossesPaise,
  };
}

function lossesOf(lines: readonly RiskLine[]): number[] {
  const losses = new Array<number>(scenarioCount).fill(0);
  return losses.map((none, index) =>
    lines.reduce((sum, { quantity, array }) => sum + quantity * (array[index] ?? 0), none),
  );
}

function deltaByExpiry(lines: readonly RiskLine[]): Map<string, number> {
  const deltas = new Map<string, number>();
  for (const { expiry, quantity, delta } of lines) {
    deltas.set(expiry, (deltas.get(expiry) ?? 0) + quantity * delta);
  }
  return deltas;
}
