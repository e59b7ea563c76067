import { describe, expect, it } from 'vitest';
import { emptyQuote, type Quote } from '../../market/contract';
import { encodeDisconnect, encodePacket, packetBytes, type PacketName } from './packets-encoder';

const option = { segment: 2, id: 42528 };

/** 2026-06-10 09:49:57 in India; on the wire the same clock reads as if UTC: 1781084997. */
const tradeMs = (1_781_084_997 - 19_800) * 1000;

const quote: Quote = {
  ...emptyQuote(),
  ltpPaise: 13_405,
  lastQuantity: 65,
  tradeMs,
  averagePaise: 14_699,
  volume: 117_567_970,
  sellQuantity: 812_500,
  buyQuantity: 905_125,
  openPaise: 21_000,
  closePaise: 24_485,
  highPaise: 21_550,
  lowPaise: 9_825,
  oi: 3_786_445,
  oiHigh: 4_012_300,
  oiLow: 402_220,
};
quote.depth.set([1625, 1365, 5, 4, 13_355, 13_400]);

const hexOf = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');

function encoded(
  name: Exclude<PacketName, 'disconnect'>,
  subject = option,
  of: Quote = quote,
): string {
  const bytes = new Uint8Array(packetBytes.full);
  return hexOf(bytes.subarray(0, encodePacket(new DataView(bytes.buffer), name, subject, of)));
}

const header = (code: string, length: string): string => `${code} ${length} 00 02 20 a6 00 00`;
const shared =
  'cd 0c 06 43 41 00 45 33 29 6a 71 fd 12 43 e2 f1 01 07 d4 65 0c 00 a5 cf 0d 00';
const day = '00 00 52 43 9a d9 74 43 00 80 57 43 00 80 c4 42';

describe('packets', () => {
  it('encodes a ticker', () => {
    expect(encoded('ticker')).toBe(`${header('02', '10')} cd 0c 06 43 45 33 29 6a`);
  });

  it('encodes the previous close of an index', () => {
    const index = { ...emptyQuote(), closePaise: 2_558_550 };
    expect(encoded('previousClose', { segment: 0, id: 13 }, index)).toBe(
      '06 10 00 00 0d 00 00 00 00 e3 c7 46 00 00 00 00',
    );
  });

  it('encodes open interest', () => {
    expect(encoded('oi')).toBe(`${header('05', '0c')} cd c6 39 00`);
  });

  it('encodes a quote: sell before buy, then open, close, high, low', () => {
    expect(encoded('quote')).toBe(`${header('04', '32')} ${shared} ${day}`);
  });

  it('encodes everything with five levels', () => {
    const level = '59 06 00 00 55 05 00 00 05 00 04 00 cd 8c 05 43 00 00 06 43';
    const oi = 'cd c6 39 00 0c 39 3d 00 2c 23 06 00';
    const rest = Array.from({ length: 80 }, () => '00').join(' ');
    expect(encoded('full')).toBe(`${header('08', 'a2')} ${shared} ${oi} ${day} ${level} ${rest}`);
  });

  it('encodes a disconnection and the market status', () => {
    expect(hexOf(encodeDisconnect(805))).toBe('32 0a 00 00 00 00 00 00 25 03');
    expect(encoded('marketStatus', { segment: 0, id: 0 })).toBe('07 08 00 00 00 00 00 00');
  });

  it('wraps last quantities that need more than two bytes, and dates no trade to 1980', () => {
    const large: Quote = { ...quote, lastQuantity: 65_536 + 9, tradeMs: 0 };
    const bytes = new Uint8Array(packetBytes.quote);
    const view = new DataView(bytes.buffer);
    encodePacket(view, 'quote', option, large);
    expect(view.getUint16(12, true)).toBe(9);
    expect(new Date(view.getUint32(14, true) * 1000).toISOString()).toBe(
      '1980-01-01T00:00:00.000Z',
    );
  });
});
