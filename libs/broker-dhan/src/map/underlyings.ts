import type { InstrumentToken } from '@strikewire/broker';
import { underlyingKey, type UnderlyingRef } from '@strikewire/contracts';

/**
 * Ids of the indices in segment IDX_I, which the option-chain API calls UnderlyingScrip. The
 * instrument master's UNDERLYING_SECURITY_ID (26000 for NIFTY) is another family of numbers.
 */
const indexIds: Readonly<Record<string, string>> = {
  'NSE:NIFTY': '13',
  'NSE:BANKNIFTY': '25',
  'NSE:FINNIFTY': '27',
  'NSE:NIFTYNXT50': '38',
  'NSE:MIDCPNIFTY': '442',
  'BSE:SENSEX': '51',
  'BSE:BANKEX': '69',
  'BSE:SENSEX50': '83',
};

/** The index behind an underlying; undefined when it is not one that Dhan serves chains for. */
export function indexTokenOf(underlying: UnderlyingRef): InstrumentToken | undefined {
  const id = indexIds[underlyingKey(underlying)];
  return id === undefined ? undefined : { segment: 'IDX_I', id };
}
