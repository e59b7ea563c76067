import type { Exchange } from '@strikewire/contracts';
import type { RiskFile } from './risk-file';
import { quoted, refuse } from './risk-file-rows';
import { SpanFileRecords, type SpanFileHead } from './span-file-records';
import { XmlTokens, type XmlLimits } from './xml-tokens';

/** Bounds of a file; one that is over a bound is refused. */
export interface RiskFileLimits extends XmlLimits {
  bytesMax: number;
  /** Wanted contracts of the whole file. */
  contractsMax: number;
  /** Calendar spreads of one underlying. */
  spreadsMax: number;
}

/** Several times what the largest known file has (50 MB, 130,000 contracts). */
export const riskFileLimits: RiskFileLimits = {
  bytesMax: 512 * 1024 * 1024,
  contractsMax: 500_000,
  spreadsMax: 5_000,
  depthMax: 32,
  tokenMax: 4_096,
  namesMax: 512,
};

/** How a file is read. */
export interface RiskFileOptions {
  /** Whose contracts the file has: keys are made with it. */
  exchange: Exchange;
  /** Which underlyings to keep, by symbol; the others pass by. */
  wanted(symbol: string): boolean;
  limits?: Partial<RiskFileLimits>;
}

/**
 * Reads a risk-parameter file (XML, fileFormat 4.00) as its bytes come: what is wanted is kept,
 * never the file.
 * @throws StrikewireError `invalid` for a file that is broken, too large or of another format.
 */
export async function readSpanFile(
  chunks: AsyncIterable<Uint8Array>,
  options: RiskFileOptions,
): Promise<RiskFile> {
  const limits = { ...riskFileLimits, ...options.limits };
  const records = new SpanFileRecords(options.exchange, options.wanted, limits);
  const tokens = new XmlTokens(records, limits);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > limits.bytesMax) refuse(`over ${limits.bytesMax} bytes`, 'fewer');
    tokens.push(decoded(decoder, chunk));
  }
  tokens.push(decoded(decoder));
  tokens.end();
  return { exchange: options.exchange, ...checkedHead(records.head), ...records.wantedPart() };
}

function checkedHead(head: SpanFileHead): Omit<RiskFile, 'exchange' | 'underlyings' | 'warnings'> {
  const { format, businessDate, created, isSettlement } = head;
  if (format === null) refuse('no fileFormat', '4.00');
  if (businessDate === null) refuse('no date of business', 'a date YYYYMMDD');
  return { businessDate, created: created ?? '', isSettlement };
}

function decoded(decoder: TextDecoder, chunk?: Uint8Array): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch (error) {
    return refuse(`bytes that are no text (${quoted(String(error))})`, 'UTF-8');
  }
}
