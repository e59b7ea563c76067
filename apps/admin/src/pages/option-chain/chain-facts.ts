import type { ChainHead, ChainSums } from '@strikewire/client';
import type { ChainLayout, Pricing } from '@strikewire/contracts';
import { grouped, noData, short, signed, strikeLabel } from '../../format/numbers';

/** One figure above the table. */
export interface Fact {
  text: string;
  /** What the figure is taken from, where that can differ. */
  source?: string;
  /** The figure as a share of the forward. */
  note?: string;
  /** One sentence: what it is, or why there is none. */
  about: string;
}

/** What the figures are called, in their order. */
export const factNames = [
  'Forward',
  'ATM IV',
  'PCR',
  'Max pain',
  'Straddle',
  'Exp. move',
  '25Δ skew',
  'Lot',
] as const;

const sources: Record<Exclude<ChainHead['forwardSource'], 'none'>, [short: string, long: string]> =
  {
    parity: ['parity', 'from put-call parity of the strikes near the money'],
    future: ['future', 'the price of the future'],
    spot: ['spot', 'the spot with interest, as parity and future say nothing'],
  };

interface FactInputs {
  layout: ChainLayout;
  head: ChainHead;
  sums: ChainSums;
  /** Null until it is known. */
  pricing: Pricing | null;
}

/** The figures of `factNames`, as text with what they mean. */
export function chainFacts({ layout, head, sums, pricing }: FactInputs): Fact[] {
  const noForward =
    head.forwardSource === 'none'
      ? 'there is no forward: too few two-sided quotes near the money, and no spot'
      : null;
  return [
    forwardFact(head, noForward),
    fact(percent(head.atmIv), {
      about: `Implied volatility at the forward, percent a year${conventionText(pricing)}`,
      without: noForward ?? 'no option at the forward has a volatility',
    }),
    pcrFact(sums),
    fact(head.maxPainPaise > 0 ? strikeLabel(head.maxPainPaise / 100) : noData, {
      about: 'The strike at which holders of all options together would be paid least, rupees',
      without: 'no open interest is known',
    }),
    fact(grouped(head.straddle, 2), {
      about: 'Call and put of the strike at the money together, rupees, and percent of the forward',
      without: 'the spot is unknown, or an option at the money has no price',
      note: shareOf(head.straddle, head),
    }),
    fact(`±${grouped(head.expectedMove, 2)}`, {
      about:
        'One standard deviation up to expiry: forward × ATM IV × √years, rupees, and percent of ' +
        'the forward',
      without: noForward ?? 'the volatility at the money is unknown',
      note: shareOf(head.expectedMove, head),
    }),
    fact(signed(head.skew, grouped(head.skew, 2)), {
      about: 'IV of the put at a delta of −0.25 less that of the call at 0.25, percent points',
      without: noForward ?? 'the strikes do not reach a put and a call of delta 0.25',
    }),
    {
      text: grouped(layout.lotSize),
      about: `Units in a lot; strikes are ${strikeLabel(layout.strikeInterval)} rupees apart`,
    },
  ];
}

/** How volatilities come about, as the end of a sentence; empty while it is unknown. */
export function conventionText(pricing: Pricing | null): string {
  if (pricing === null) return '';
  const model = pricing.model === 'black76' ? 'Black-76 on the forward' : 'Black-Scholes on spot';
  const year = pricing.dayCount === 'calendar365' ? '365 calendar days' : '252 sessions';
  return `: ${model}, a year of ${year}, rate ${grouped(pricing.rate, 1)} %`;
}

function forwardFact({ forward, forwardSource }: ChainHead, noForward: string | null): Fact {
  const [short = '', long = ''] = forwardSource === 'none' ? [] : sources[forwardSource];
  return {
    ...fact(grouped(forward, 2), {
      about: `The underlying’s price at expiry, rupees: ${long}; options are priced on it`,
      without: noForward ?? 'the forward has not come yet',
    }),
    source: short,
  };
}

function pcrFact({ pcrOi, ceOi, peOi }: ChainSums): Fact {
  return fact(grouped(pcrOi, 2), {
    about:
      'Put open interest over call open interest of the strikes below: ' +
      `${short(peOi)} over ${short(ceOi)} units`,
    without: 'no open interest of calls is known',
  });
}

function fact(
  text: string,
  { about, without, note = '' }: { about: string; without: string; note?: string },
): Fact {
  if (text.endsWith(noData)) return { text: noData, about: `None: ${without}` };
  return { text, note, about };
}

function percent(value: number): string {
  const text = grouped(value, 2);
  return text === noData ? noData : `${text}%`;
}

function shareOf(value: number, { forward }: ChainHead): string {
  const text = grouped((value / forward) * 100, 2);
  return text === noData ? '' : `${text}%`;
}
