import type { Exchange } from '@strikewire/contracts';
import type { ChargeRule, ChargeTable, ChargedEvent } from './charge-rule';

const budget2024 = 'Finance (No. 2) Act 2024: STT on options 0.1 %, on futures 0.02 %';
const budget2026 =
  'Budget 2026, from 2026-04-01: STT on options and exercise 0.15 %, on futures 0.05 % ' +
  '(cleartax.in, two brokers\' lists of charges)';
const exercise2019 = 'STT on the intrinsic value of exercised options since 2019-09-01: 0.125 %';
const uniform =
  'Circulars of NSE and BSE of 2024-09-27 for uniform fees (livemint.com, hindustantimes.com)';
const ipft = 'NSE/FA/56129 of 2023-03-24: NSE IPFT ₹10, options ₹50 per crore';
const sebi = 'SEBI turnover fee of ₹10 per crore (brokers\' lists of charges)';
const stamp = 'Indian Stamp Act as amended, from 2020-07-01: buyer, futures 0.002 %, ' +
  'options 0.003 % (broker\'s circular quoting the gazette of 2019-12-10)';
const mcxFees = 'MCX circular for uniform fees from 2024-10-01: ₹2.10 and ₹41.80 per lakh (press)';
const ctt = 'Three brokers\' lists of charges for commodities that are not agricultural';

/** The day from which exchanges charge everybody alike; before, charges were slabs by turnover. */
const firstDay = '2024-10-01';
const since2026 = '2026-04-01';

type Row = Pick<ChargeRule, 'charge' | 'side' | 'perCrore'> & Partial<ChargeRule>;

function rows(exchange: Exchange, event: ChargedEvent, all: readonly Row[]): ChargeRule[] {
  return all.map((row) => ({
    exchange,
    event,
    symbols: null,
    from: firstDay,
    source: '',
    isVerified: true,
    ...row,
  }));
}

/** The same at NSE and BSE: taxes, the regulator's fee, stamp duty. */
function equityTaxes(exchange: Exchange): ChargeRule[] {
  return [
    ...rows(exchange, 'option', [
      { charge: 'stt', side: 'SELL', perCrore: 10_000, source: budget2024 },
      { charge: 'stt', side: 'SELL', perCrore: 15_000, source: budget2026, from: since2026 },
      { charge: 'sebi', side: 'both', perCrore: 10, source: sebi },
      { charge: 'stamp', side: 'BUY', perCrore: 300, source: stamp },
    ]),
    ...rows(exchange, 'future', [
      { charge: 'stt', side: 'SELL', perCrore: 2_000, source: budget2024 },
      { charge: 'stt', side: 'SELL', perCrore: 5_000, source: budget2026, from: since2026 },
      { charge: 'sebi', side: 'both', perCrore: 10, source: sebi },
      { charge: 'stamp', side: 'BUY', perCrore: 200, source: stamp },
    ]),
    // Index options settle in cash: no stamp duty, no exchange fee that any source names.
    ...rows(exchange, 'exercise', [
      { charge: 'stt', side: 'BUY', perCrore: 12_500, source: exercise2019 },
      { charge: 'stt', side: 'BUY', perCrore: 15_000, source: budget2026, from: since2026 },
    ]),
  ];
}

const nse: ChargeRule[] = [
  ...equityTaxes('NSE'),
  ...rows('NSE', 'option', [
    { charge: 'exchange', side: 'both', perCrore: 3_503, source: uniform },
    { charge: 'ipft', side: 'both', perCrore: 50, source: ipft },
  ]),
  ...rows('NSE', 'future', [
    { charge: 'exchange', side: 'both', perCrore: 173, source: uniform },
    { charge: 'ipft', side: 'both', perCrore: 10, source: ipft },
  ]),
];

const bse: ChargeRule[] = [
  ...equityTaxes('BSE'),
  ...rows('BSE', 'option', [
    { charge: 'exchange', side: 'both', perCrore: 500, source: uniform },
    {
      charge: 'exchange',
      side: 'both',
      perCrore: 3_250,
      source: uniform,
      symbols: ['SENSEX', 'BANKEX'],
    },
  ]),
  ...rows('BSE', 'future', [{ charge: 'exchange', side: 'both', perCrore: 0, source: uniform }]),
];

/** Commodities that are not agricultural. What an exercise costs there was not found. */
const commodities: ChargeRule[] = [
  ...rows('MCX', 'option', [
    { charge: 'stt', side: 'SELL', perCrore: 5_000, source: ctt },
    { charge: 'exchange', side: 'both', perCrore: 4_180, source: mcxFees },
    { charge: 'sebi', side: 'both', perCrore: 10, source: ctt },
    { charge: 'stamp', side: 'BUY', perCrore: 300, source: stamp },
  ]),
  ...rows('MCX', 'future', [
    { charge: 'stt', side: 'SELL', perCrore: 1_000, source: ctt },
    { charge: 'exchange', side: 'both', perCrore: 210, source: mcxFees },
    { charge: 'sebi', side: 'both', perCrore: 10, source: ctt },
    { charge: 'stamp', side: 'BUY', perCrore: 200, source: stamp },
  ]),
];

/** Charges of Indian derivatives since exchanges charge everybody alike. */
export const chargeTable: ChargeTable = {
  from: firstDay,
  rules: [...nse, ...bse, ...commodities],
  gst: [
    {
      percent: 18,
      // Brokers differ on the IPFT: most lists count it as part of the exchange's fee.
      on: ['exchange', 'ipft', 'sebi'],
      from: firstDay,
      source: 'Brokers\' lists of charges: 18 % on brokerage, transaction charges and SEBI fee',
      isVerified: true,
    },
  ],
};
