export type { ConformanceCase, ConformanceNeed } from './case';
export { conformanceCases } from './cases';
export type {
  ConformanceFault,
  ConformanceFaultKind,
  ConformanceHarness,
  ConformanceTruth,
  SignInVisit,
  TrueFuture,
  TrueLeg,
  TrueLevel,
  TrueListing,
  TrueQuote,
  TrueStrike,
} from './harness';
export type { ConformanceOrders, TrueFill, TrueOrder } from './orders-harness';
export { createRecordingSink, type Commit, type RecordingSink } from './recording-sink';
export { reportText, resultLine, type CaseResult, type ConformanceReport } from './report';
export { runConformance, type ConformanceOptions } from './run-conformance';
