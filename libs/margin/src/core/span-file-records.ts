import { isSymbol, type ContractKey, type Exchange } from '@strikewire/contracts';
import type { CalendarSpread } from './calendar-charge';
import type { RiskContract, RiskFile, RiskUnderlying } from './risk-file';
import {
  contractOf,
  isoDateOf,
  paiseOf,
  quoted,
  refuse,
  spreadOf,
  type Leaves,
} from './risk-file-rows';
import { scenarioCount } from './scenarios';
import type { XmlEvents } from './xml-tokens';

/** What the file says of itself; null: not yet. */
export interface SpanFileHead {
  format: string | null;
  businessDate: string | null;
  created: string | null;
  isSettlement: boolean;
}

/** An element that is open, with what has been read of it. */
interface Element {
  name: string;
  leaves: Map<string, string>;
  /** Values of a risk array, at the array and then at the contract that has it. */
  array: string[];
  delta: string | undefined;
  legs: Leaves[];
  otherLegs: number;
  rate: string | undefined;
  /** Of a combined commodity: its spreads by priority, and the portfolios it joins. */
  spreads: [number, CalendarSpread][];
  codes: string[];
  shortMinimumPaise: number;
}

interface Kept {
  spotPaise: number | null;
  contracts: Map<ContractKey, RiskContract>;
  spreads: CalendarSpread[];
  shortOptionMinimumPaise: number;
}

/** Warnings that are kept; of more there is a count. */
const warningsMax = 50;

/** Collects from the elements of a risk-parameter file what is wanted, one contract at a time. */
export class SpanFileRecords implements XmlEvents {
  readonly head: SpanFileHead = {
    format: null,
    businessDate: null,
    created: null,
    isSettlement: false,
  };
  private readonly exchange: Exchange;
  private readonly wanted: (symbol: string) => boolean;
  private readonly limits: { contractsMax: number; spreadsMax: number };
  /** Open elements that have elements inside. */
  private readonly stack: Element[] = [];
  /** The element opened last, while it may be a leaf: of those there are millions. */
  private pending: string | null = null;
  private readonly kept = new Map<string, Kept>();
  private readonly warnings: string[] = [];
  private warningCount = 0;
  private contractCount = 0;
  /** Depth inside of a portfolio that nobody wants; 0 outside. */
  private passing = 0;

  constructor(
    exchange: Exchange,
    wanted: (symbol: string) => boolean,
    limits: { contractsMax: number; spreadsMax: number },
  ) {
    this.exchange = exchange;
    this.wanted = wanted;
    this.limits = limits;
  }

  open(name: string): void {
    if (this.passing > 0) {
      this.passing++;
      return;
    }
    const isRoot = this.stack.length === 0 && this.pending === null;
    if (isRoot && name !== 'spanFile') refuse(`root ${quoted(name)}`, 'spanFile');
    if (this.pending !== null) this.stack.push(newElement(this.pending));
    this.pending = name;
  }

  close(name: string, text: string): void {
    if (this.passing > 1) {
      this.passing--;
      return;
    }
    this.passing = 0;
    const isLeaf = this.pending !== null;
    this.pending = null;
    const element = isLeaf ? undefined : this.stack.pop();
    const parent = this.stack.at(-1);
    if (!parent) return;
    if (element) this.record(element, parent);
    else this.leaf(name, text.trim(), parent);
  }

  /** What was kept, once the file is at its end. */
  wantedPart(): Pick<RiskFile, 'underlyings' | 'warnings'> {
    const hidden = this.warningCount - this.warnings.length;
    const warnings = hidden > 0 ? [...this.warnings, `${hidden} more`] : this.warnings;
    // Portfolios may come after the combined commodity that joins them, or without one.
    const found = [...this.kept].filter(([, one]) => one.contracts.size > 0);
    return { underlyings: new Map<string, RiskUnderlying>(found), warnings };
  }

  private leaf(name: string, text: string, parent: Element): void {
    if (name === 'a' && parent.name === 'ra') {
      if (parent.array.length >= scenarioCount) refuse('over 16 scenarios', 'exactly 16');
      parent.array.push(text);
      return;
    }
    if (!parent.leaves.has(name)) parent.leaves.set(name, text);
    if (name === 'pfCode' && parent.name.endsWith('Pf')) {
      // The portfolio is open still: one to be passed by ends with its own closing tag.
      if (!isPortfolio(parent) || !this.isWanted(text)) this.passing = 1;
    } else if (parent.name === 'pointInTime' || parent.name === 'spanFile') {
      this.headLeaf(name, text);
    }
  }

  private headLeaf(name: string, text: string): void {
    if (name === 'fileFormat') {
      if (text !== '4.00') refuse(`fileFormat ${quoted(text)}`, '4.00');
      this.head.format = text;
    }
    if (name === 'created') this.head.created = text.slice(0, 40);
    if (name === 'date') this.head.businessDate = isoDateOf(text, 'date of business');
    if (name === 'isSetl') this.head.isSettlement = text === '1' || text === 'true';
  }

  private record(element: Element, parent: Element): void {
    switch (element.name) {
      case 'ra':
        parent.array = element.array;
        parent.delta = element.leaves.get('d');
        return;
      case 'fut':
      case 'opt':
        this.contract(element, parent);
        return;
      case 'phy':
        this.spot(element, parent);
        return;
      case 'ccDef':
        this.commodity(element);
        return;
      default:
        this.spreadPart(element, parent);
    }
  }

  private contract(element: Element, parent: Element): void {
    const isOption = element.name === 'opt';
    const portfolio = isOption ? this.stack.at(-2) : parent;
    const symbol = portfolio?.leaves.get('pfCode');
    if (!portfolio || symbol === undefined) {
      refuse(`a contract (${element.name}) before its pfCode`, 'the code first');
    }
    const factors = [element, parent, portfolio].map((one) => one.leaves.get('cvf'));
    if (element.array.length === 0) {
      this.warn(`${symbol}: a contract without a risk array was left out`);
      return;
    }
    const [key, contract] = contractOf({
      exchange: this.exchange,
      symbol,
      isOption,
      leaves: element.leaves,
      expiry: (isOption ? parent : element).leaves.get('pe'),
      factor: factors.find((factor) => factor !== undefined),
      array: element.array,
      delta: element.delta,
    });
    const { contracts } = this.keptOf(symbol);
    if (contracts.has(key)) this.warn(`${key} is there more than once; the last counts`);
    else this.contractCount++;
    const { contractsMax } = this.limits;
    if (this.contractCount > contractsMax) refuse(`over ${contractsMax} contracts`, 'fewer');
    contracts.set(key, contract);
  }

  private spot(element: Element, portfolio: Element): void {
    const symbol = portfolio.leaves.get('pfCode');
    const price = element.leaves.get('p');
    if (symbol === undefined || price === undefined) return;
    this.keptOf(symbol).spotPaise ??= paiseOf(price, `spot price of ${symbol}`);
  }

  private spreadPart(element: Element, parent: Element): void {
    const { name } = element;
    if (name === 'pLeg') parent.legs.push(element.leaves);
    if (name === 'tLeg' || name === 'rpLeg') parent.otherLegs++;
    if (name === 'pfLink') parent.codes.push(element.leaves.get('pfCode') ?? '');
    if (name === 'rate') parent.rate ??= element.leaves.get('val');
    if (name === 'dSpread') this.spread(element, parent);
    // The dearest tier of a short option counts: which one applies depends on nothing we know.
    if (name === 'tier' && element.rate !== undefined) {
      const paise = paiseOf(element.rate, 'short option minimum');
      parent.shortMinimumPaise = Math.max(parent.shortMinimumPaise, paise);
    }
    if (name === 'somTiers') parent.shortMinimumPaise = element.shortMinimumPaise;
    if (parent.legs.length > 8 || parent.codes.length > 1_000) {
      refuse(`${parent.legs.length} legs, ${parent.codes.length} links`, 'at most 8 and 1000');
    }
  }

  private spread(element: Element, commodity: Element): void {
    if (commodity.name !== 'ccDef') return;
    const codes = [commodity.leaves.get('cc') ?? '', ...commodity.codes];
    if (!codes.some((code) => this.isWanted(code))) return;
    const spread = spreadOf(element);
    if (typeof spread === 'string') {
      this.warn(`${commodity.leaves.get('cc') ?? ''}: ${spread}`);
      return;
    }
    commodity.spreads.push(spread);
    const { spreadsMax } = this.limits;
    if (commodity.spreads.length > spreadsMax) refuse(`over ${spreadsMax} spreads`, 'fewer');
  }

  private commodity(element: Element): void {
    const codes = new Set([element.leaves.get('cc') ?? '', ...element.codes]);
    const spreads = element.spreads.sort(([a], [b]) => a - b).map(([, spread]) => spread);
    for (const code of codes) {
      if (!this.isWanted(code)) continue;
      const kept = this.keptOf(code);
      kept.spreads = spreads;
      kept.shortOptionMinimumPaise = element.shortMinimumPaise;
    }
  }

  private isWanted(symbol: string): boolean {
    return isSymbol(symbol) && this.wanted(symbol);
  }

  private keptOf(symbol: string): Kept {
    const known = this.kept.get(symbol);
    if (known) return known;
    const fresh: Kept = {
      spotPaise: null,
      contracts: new Map(),
      spreads: [],
      shortOptionMinimumPaise: 0,
    };
    this.kept.set(symbol, fresh);
    return fresh;
  }

  private warn(text: string): void {
    if (this.warningCount++ < warningsMax) this.warnings.push(text);
  }
}

function isPortfolio({ name }: Element): boolean {
  return name === 'phyPf' || name === 'futPf' || name === 'oopPf';
}

function newElement(name: string): Element {
  return {
    name,
    leaves: new Map(),
    array: [],
    delta: undefined,
    legs: [],
    otherLegs: 0,
    rate: undefined,
    spreads: [],
    codes: [],
    shortMinimumPaise: 0,
  };
}
