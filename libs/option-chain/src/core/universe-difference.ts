import { everySymbol, underlyingKey, type UniverseRule } from '@strikewire/contracts';

/** Rules that one entry names; of more it says how many. */
const namedMax = 50;

/** What differs between rules, as the activity log keeps it: before and after, rule by rule. */
export function universeDifference(
  before: readonly UniverseRule[],
  after: readonly UniverseRule[],
): { before: Record<string, string>; after: Record<string, string> } {
  const [was, is] = [textsOf(before), textsOf(after)];
  const keys = [...new Set([...was.keys(), ...is.keys()])];
  const changed = keys.filter((key) => was.get(key) !== is.get(key));
  const named = changed.slice(0, namedMax);
  const told = (texts: ReadonlyMap<string, string>): Record<string, string> =>
    Object.fromEntries([...texts].filter(([key]) => named.includes(key)));
  const result = { before: told(was), after: told(is) };
  if (changed.length > named.length) {
    result.after['and others'] = `${changed.length - named.length} rules more`;
  }
  const [wasOrder, isOrder] = [orderOf(was, is), orderOf(is, was)];
  if (wasOrder.join() !== isOrder.join()) {
    result.before['order'] = wasOrder.slice(0, namedMax).join(', ');
    result.after['order'] = isOrder.slice(0, namedMax).join(', ');
  }
  return result;
}

/** One line of plain words for each rule. */
function textsOf(rules: readonly UniverseRule[]): Map<string, string> {
  return new Map(rules.map((rule) => [ruleKey(rule), ruleText(rule)]));
}

/** What a rule is told apart by. */
export function ruleKey(rule: Pick<UniverseRule, 'exchange' | 'symbol' | 'kind'>): string {
  const { exchange, symbol, kind } = rule;
  return symbol === everySymbol ? `${exchange}:every ${kind}` : underlyingKey({ exchange, symbol });
}

function ruleText({ kind, window, expiries, served }: UniverseRule): string {
  const around = window.around === 'ltp' ? 'LTP' : 'ATM';
  const { nearest, monthlies, quarterlies } = expiries;
  const chains = `nearest ${nearest}, monthlies ${monthlies}, quarterlies ${quarterlies}`;
  const state = served ? '' : 'not served; ';
  const { below, above } = window;
  return `${state}${kind}, ${below} below and ${above} above the ${around}; ${chains}`;
}

/** The order of the rules that both have. */
function orderOf(own: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): string[] {
  return [...own.keys()].filter((key) => other.has(key));
}
