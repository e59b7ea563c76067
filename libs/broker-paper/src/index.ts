export { createMemoryPaperStore } from './memory-paper-store';
export { createPaperMarket, paperSettings, type PaperMarket } from './paper-market';
export type { PaperFacts } from './paper-facts';
export type {
  PaperCalendar,
  PaperChange,
  PaperContracts,
  PaperHolding,
  PaperMarketDeps,
  PaperPositionRecord,
  PaperReading,
  PaperSettings,
  PaperStore,
  PaperTotals,
} from './paper-ports';
export type { PaperOrderRecord, PaperTradeRecord } from './paper-record';
