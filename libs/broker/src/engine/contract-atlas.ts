import {
  indiaDateOf,
  underlyingKey,
  type ContractKey,
  type UnderlyingRef,
} from '@strikewire/contracts';
import { errorMessageOf, type Clock, type Log } from '@strikewire/runtime';
import type { InstrumentToken, ListedUnderlying, MarketDataPort } from '../core/market-data-port';

/** What a broker is asked through: any account of it. */
export interface AtlasBroker {
  /** The plugin's id. */
  broker: string;
  marketData: Pick<MarketDataPort, 'underlyings' | 'resolve'>;
}

/** Contracts of a broker that are remembered; all of the universe's, and some. */
const contractsMax = 100_000;
/** A reading that failed is tried again after this. */
const retryMs = 60_000;
/** What was not found is looked for again after this: new strikes appear once a day. */
const missingMs = 3_600_000;

interface Sheet {
  listed: ReadonlyMap<ContractKey, ListedUnderlying>;
  /** The Indian date when that was read: after an expiry a commodity's spot is another future. */
  day: string;
  tokens: Map<ContractKey, InstrumentToken>;
  missing: Set<ContractKey>;
  /** Nothing is asked before. */
  earliestMono: number;
  missingMono: number;
  reading: Promise<boolean> | undefined;
}

/**
 * What each broker calls the contracts that another one has named: by canonical keys, which are
 * the same everywhere. Read ahead, while all is well, so that a failover needs no request.
 */
export class ContractAtlas {
  private readonly clock: Clock;
  private readonly log: Log;
  private readonly sheets = new Map<string, Sheet>();

  constructor({ clock, log }: { clock: Clock; log: Log }) {
    this.clock = clock;
    this.log = log;
  }

  /** Undefined while it is not known, and when the broker does not have it. */
  tokenOf(broker: string, key: ContractKey): InstrumentToken | undefined {
    const sheet = this.sheets.get(broker);
    return sheet?.tokens.get(key) ?? sheet?.listed.get(key)?.spot;
  }

  /** What a broker calls an underlying; undefined as above. */
  listedAt(broker: string, underlying: UnderlyingRef): ListedUnderlying | undefined {
    return this.sheets.get(broker)?.listed.get(underlyingKey(underlying));
  }

  /**
   * Makes these keys known at a broker, as far as they are not, spots anew on each day. Resolves
   * with whether more is known than before; a failure is a warning, and what is missing is asked
   * for again later.
   */
  async prepare(at: AtlasBroker, keys: readonly ContractKey[]): Promise<boolean> {
    const sheet = this.sheetOf(at.broker);
    // Whoever has waited with others may find the next reading begun by one of them.
    while (sheet.reading) await sheet.reading;
    const now = this.clock.monoMs();
    if (now - sheet.missingMono > missingMs) sheet.missing.clear();
    const unknown = keys.filter((key) => !this.isKnown(sheet, key));
    const isKnown = unknown.length === 0 && sheet.day === this.today();
    if (isKnown || now < sheet.earliestMono) return false;
    sheet.reading = this.read(sheet, at, unknown).finally(() => (sheet.reading = undefined));
    return sheet.reading;
  }

  private async read(
    sheet: Sheet,
    { broker, marketData }: AtlasBroker,
    unknown: readonly ContractKey[],
  ): Promise<boolean> {
    try {
      const day = this.today();
      const listed = await marketData.underlyings();
      sheet.listed = new Map(listed.map((one) => [underlyingKey(one), one]));
      const contracts = unknown.filter((key) => !isUnderlying(key)).slice(0, contractsMax);
      const found = await marketData.resolve(contracts);
      if (sheet.tokens.size + found.size > contractsMax) sheet.tokens.clear();
      for (const [key, token] of found) sheet.tokens.set(key, token);
      for (const key of contracts) if (!found.has(key)) sheet.missing.add(key);
      sheet.missingMono = this.clock.monoMs();
      sheet.day = day;
      const facts = { broker, found: found.size, missing: contracts.length - found.size };
      this.log.info('contracts found at another broker', facts);
      return true;
    } catch (error) {
      sheet.earliestMono = this.clock.monoMs() + retryMs;
      const reason = errorMessageOf(error);
      this.log.warn('contracts could not be looked up at another broker', { broker, reason });
      return false;
    }
  }

  private isKnown({ tokens, missing, listed }: Sheet, key: ContractKey): boolean {
    return isUnderlying(key) ? listed.size > 0 : tokens.has(key) || missing.has(key);
  }

  private today(): string {
    return indiaDateOf(this.clock.wallMs());
  }

  private sheetOf(broker: string): Sheet {
    const held = this.sheets.get(broker);
    if (held) return held;
    const sheet: Sheet = {
      listed: new Map(),
      day: '',
      tokens: new Map(),
      missing: new Set(),
      earliestMono: -Infinity,
      missingMono: -Infinity,
      reading: undefined,
    };
    this.sheets.set(broker, sheet);
    return sheet;
  }
}

function isUnderlying(key: ContractKey): boolean {
  return key.indexOf(':') === key.lastIndexOf(':');
}
