import { isIsoDate } from '@strikewire/contracts';
import { StrikewireError } from '@strikewire/runtime';
import {
  marginRuleNames,
  type MarginRuleName,
  type MarginRuleQuery,
  type MarginRuleRow,
  type MarginRules,
} from './margin-rule';
import { marginRuleRows } from './margin-rule-data';

/**
 * The rules in force on a day: of each the latest that had begun.
 * @throws StrikewireError `not_found` for a day before the first, or a class without rules.
 */
export function marginRulesAt(
  query: MarginRuleQuery,
  rows: readonly MarginRuleRow[] = marginRuleRows,
): MarginRules {
  const { exchange, class: kind, date } = query;
  if (!isIsoDate(date)) {
    throw new StrikewireError({
      kind: 'invalid',
      code: 'margin_date_invalid',
      message: `date of the margin rules was ${date}, needs YYYY-MM-DD`,
    });
  }
  const ofClass = rows.filter((row) => row.exchange === exchange && row.class === kind);
  // What an underlying has of its own goes before what its class has, once it holds.
  const own = ofClass.filter(({ symbols, from }) =>
    from <= date && symbols?.includes(query.symbol ?? ''));
  const others = ofClass.filter(({ symbols, rule }) =>
    !symbols && !own.some((row) => row.rule === rule));
  const known = [...own, ...others];
  const entries = marginRuleNames.map((rule) => {
    const begun = known.filter((row) => row.rule === rule && row.from <= date);
    // Of two rows of one day the later in the list counts, so that a list can be amended.
    const latest = begun.reduce<MarginRuleRow | null>(
      (best, row) => (best && best.from > row.from ? best : row),
      null,
    );
    return [rule, latest?.value] as const;
  });
  const missing = entries.filter(([, value]) => value === undefined).map(([rule]) => rule);
  if (missing.length > 0) refuseMissing(query, known, missing);
  return Object.fromEntries(entries) as MarginRules;
}

function refuseMissing(
  { exchange, class: kind, date }: MarginRuleQuery,
  known: readonly MarginRuleRow[],
  missing: readonly MarginRuleName[],
): never {
  const first = known.reduce((least, row) => (row.from < least ? row.from : least), '9999-12-31');
  const found = known.length === 0 ? 'there are none' : `the first begin on ${first}`;
  throw new StrikewireError({
    kind: 'not_found',
    code: 'margin_rules_missing',
    message:
      `margin rules of ${exchange} for class ${kind} were asked for ${date}, ${found}; ` +
      `missing: ${missing.join(', ')}`,
    details: { missing },
  });
}
