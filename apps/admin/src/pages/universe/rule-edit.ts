import {
  everySymbol,
  universeRulesSchema,
  type Universe,
  type UniverseRule,
} from '@strikewire/contracts';
import { needsOf, type FieldNeeds } from '../../ui/problem-words';

type Kind = UniverseRule['kind'];

/** What is told of a kind of underlyings. */
export const kindWords: Readonly<Record<Kind, { one: string; all: string }>> = {
  index: { one: 'index', all: 'All indices' },
  commodity: { one: 'commodity', all: 'All commodities' },
  stock: { one: 'stock', all: 'All stocks' },
};

/** What each field of a rule is called, by its path. */
export const fieldWords: Readonly<Record<string, string>> = {
  'window.below': 'strikes below',
  'window.above': 'strikes above',
  'expiries.nearest': 'nearest',
  'expiries.monthlies': 'monthlies',
  'expiries.quarterlies': 'quarterlies',
};

/** A rule is told apart by this; there is one for each. */
export function ruleKeyOf({ exchange, symbol, kind }: UniverseRule): string {
  return `${exchange}:${symbol === everySymbol ? `${symbol}:${kind}` : symbol}`;
}

/** As people call it: `NIFTY`, or `All other stocks` when some have a rule of their own. */
export function ruleName(rule: UniverseRule, rules: readonly UniverseRule[]): string {
  if (rule.symbol !== everySymbol) return rule.symbol;
  const { all } = kindWords[rule.kind];
  const isOther = rules.some(
    ({ exchange, kind, symbol }) =>
      symbol !== everySymbol && exchange === rule.exchange && kind === rule.kind,
  );
  return isOther ? all.replace('All', 'All other') : all;
}

/** How many underlyings a rule is for, of those that are listed. */
export function underlyingsOf(
  rule: UniverseRule,
  rules: readonly UniverseRule[],
  listed: Universe['listed'],
): number {
  const own = new Set(rules.filter(({ symbol }) => symbol !== everySymbol).map(ruleKeyOf));
  return listed.filter(({ exchange, symbol, kind }) => {
    if (exchange !== rule.exchange) return false;
    if (rule.symbol !== everySymbol) return symbol === rule.symbol;
    return kind === rule.kind && !own.has(`${exchange}:${symbol}`);
  }).length;
}

/** Something that a rule can be added for. */
export interface Candidate {
  key: string;
  label: string;
  note: string;
  rule: UniverseRule;
}

/** What has no rule yet: first all of each kind and exchange, then each underlying. */
export function candidatesOf(
  rules: readonly UniverseRule[],
  listed: Universe['listed'],
): Candidate[] {
  const taken = new Set(rules.map(ruleKeyOf));
  const groups = new Map(
    listed.map((one) => [`${one.exchange} ${one.kind}`, { ...one, symbol: everySymbol }]),
  );
  const wanted = [...groups.values(), ...listed].map(newRule);
  return wanted
    .filter((rule) => !taken.has(ruleKeyOf(rule)))
    .map((rule) => {
      const isAll = rule.symbol === everySymbol;
      return {
        key: ruleKeyOf(rule),
        label: isAll ? `${kindWords[rule.kind].all} of ${rule.exchange}` : rule.symbol,
        note: isAll ? '' : `${rule.exchange} · ${kindWords[rule.kind].one}`,
        rule,
      };
    });
}

/** A rule as its kind usually has it. */
function newRule({ exchange, symbol, kind }: Universe['listed'][number]): UniverseRule {
  const about = { exchange: exchange as UniverseRule['exchange'], symbol, kind, served: true };
  if (kind === 'commodity') {
    const expiries = { nearest: 2, monthlies: 0, quarterlies: 0 };
    return { ...about, window: { below: 5, above: 5, around: 'ltp' }, expiries };
  }
  const window = kind === 'index' ? { below: 25, above: 24 } : { below: 12, above: 12 };
  return { ...about, window, expiries: { nearest: 0, monthlies: 2, quarterlies: 3 } };
}

/** The same rule around another middle. */
export function aroundOf(rule: UniverseRule, isLtp: boolean): UniverseRule {
  const { below, above } = rule.window;
  return { ...rule, window: isLtp ? { below, above, around: 'ltp' } : { below, above } };
}

/** What rules need before they can be saved, by path: `3.window.below`. */
export function ruleNeeds(rules: readonly UniverseRule[]): FieldNeeds {
  const needs: Record<string, string> = { ...needsOf(universeRulesSchema.safeParse(rules)) };
  rules.forEach(({ window }, index) => {
    if (window.below + window.above === 0) needs[`${index}.window.below`] ??= 'needs a strike';
  });
  return needs;
}

/** Whether rules say the same, whatever order their fields were written in. */
export function isSameRules(a: readonly UniverseRule[], b: readonly UniverseRule[]): boolean {
  return JSON.stringify(a.map(plain)) === JSON.stringify(b.map(plain));
}

/** Fields in one order, whoever wrote them. */
function plain({ exchange, symbol, kind, window, expiries, served }: UniverseRule): unknown {
  const { below, above, around = null } = window;
  const { nearest, monthlies, quarterlies } = expiries;
  return [exchange, symbol, kind, below, above, around, nearest, monthlies, quarterlies, served];
}
