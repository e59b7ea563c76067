import type { Exchange } from '@strikewire/contracts';
import { commodityRuleRows } from './commodity-rule-data';
import type {
  MarginRuleName,
  MarginRuleRow,
  RuleEvidence,
  UnderlyingClass,
} from './margin-rule';

const parameters = 'NSE Clearing, page "SPAN risk parameters" of equity derivatives';
const fileNotes = 'notes on the risk-parameter file of 2026-05-29, checked against a broker';

/** A rule that holds for index and stock alike: value of the index, value of the stock. */
interface SharedRule {
  rule: MarginRuleName;
  from: string;
  index: number;
  stock: number;
  source: string;
  evidence: RuleEvidence;
}

/**
 * The first day rules are kept for. What is read today is assumed to have held since then, where
 * no other date is known.
 */
const firstDay = '2024-01-01';

const nse: readonly SharedRule[] = [
  shared('priceScanSigmas', [6, 6], parameters, 'primary'),
  shared('priceScanDays', [2, 2], parameters, 'primary'),
  shared('illiquidDays', [3, 3], parameters, 'primary'),
  shared('priceScanFloor', [0.093, 0.142], parameters, 'primary'),
  // Stocks have no other floor for far months.
  shared('priceScanFloorFar', [0.177, 0.142], parameters, 'primary'),
  // "More than nine months", in calendar days.
  shared('farDays', [274, 274], parameters, 'primary'),
  shared('volScanShare', [0.25, 0.25], parameters, 'primary'),
  shared('volScanFloor', [0.04, 0.1], parameters, 'primary'),
  shared('extremeMultiple', [2, 2], parameters, 'primary'),
  shared('extremeShare', [0.35, 0.35], parameters, 'primary'),
  // The page says "relevant MIBOR or specified". 5.5 % is of its size, and brings the scan of the
  // NIFTY 23700 call of 2026-05-29 to that of the file within 2 %.
  shared('scenarioRate', [0.055, 0.055], 'size of the MIBOR in 2026', 'assumed'),
  shared('calendarShare', [0.0175, 0.022], parameters, 'primary'),
  shared('calendarScanShare', [0, 0], parameters, 'primary'),
  shared('calendarEndsDays', [0, 0], parameters, 'primary'),
  {
    rule: 'calendarEndsDays',
    from: '2025-02-10',
    index: 1,
    stock: 0,
    source: 'SEBI/HO/MRD/TPD-1/P/CIR/2024/132: no calendar benefit on the day of expiry',
    evidence: 'primary',
  },
  // Older pages say 3 % and 7.5 %; the files that were read have 0.
  shared('shortOptionMinimum', [0, 0], fileNotes, 'primary'),
  shared('exposureFuture', [0.02, 0.035], fileNotes, 'primary'),
  shared('exposureOption', [0.02, 0.035], fileNotes, 'primary'),
  // Of six months' daily returns; the exchange's daily file has the rate it makes of them.
  shared('exposureSigmas', [0, 1.5], fileNotes, 'secondary'),
  // MSEI says a third; a third party's calculator charges both legs in full, by its own words not
  // checked. The exchanges follow one regulator, so a third.
  shared('calendarExposureShare', [1 / 3, 1 / 3], 'MSEI, page on risk management', 'disputed'),
  // Secondary sources agree on the distance.
  shared('deepOtmFrom', [0.1, 0.3], 'tradingqna.com; span-margin-calculator', 'secondary'),
  // One source says 3 % in total, another 3 % more. The higher is taken: too little margin gets an
  // order refused or a position squared off, too much only waits for the daily file to correct it.
  shared('deepOtmExtra', [0.03, 0.03], 'tradingqna.com/t/153237: 3 % extra', 'disputed'),
  shared('expiryDayShare', [0, 0], 'before NCL/CMPT/64639', 'primary'),
  // On the underlying's price: a broker's page once said strike, its newer version underlying.
  {
    rule: 'expiryDayShare',
    from: '2024-11-20',
    index: 0.02,
    stock: 0,
    source: 'NCL/CMPT/64639 of 2024-10-21',
    evidence: 'primary',
  },
];

/**
 * Rules of the equity derivatives of NSE, and the same for BSE, whose clearing follows the same
 * regulator but whose own pages were not read; and of commodities at MCX.
 */
export const marginRuleRows: readonly MarginRuleRow[] = [
  ...nse.flatMap((rule) => [
    ...rowsOf(rule, 'NSE'),
    ...rowsOf({ ...rule, source: `as NSE: ${rule.source}`, evidence: 'assumed' }, 'BSE'),
  ]),
  ...commodityRuleRows,
];

function shared(
  rule: MarginRuleName,
  [index, stock]: readonly [number, number],
  source: string,
  evidence: RuleEvidence,
): SharedRule {
  return { rule, from: firstDay, index, stock, source, evidence };
}

function rowsOf(rule: SharedRule, exchange: Exchange): MarginRuleRow[] {
  const { index, stock, ...common } = rule;
  const row = (name: UnderlyingClass, value: number): MarginRuleRow => ({
    ...common,
    exchange,
    class: name,
    value,
  });
  return [row('index', index), row('stock', stock)];
}
