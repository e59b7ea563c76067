/** Where a date of NSE and BSE comes from, and how sure it is. */
export const equitySources = {
  priced: 'published list; the index has no close on that day; confidence: high',
  listed: 'published list, not checked against prices; confidence: medium',
  fixed: 'closed every year by rule; confidence: high',
};

/** Where a date of MCX comes from, and how sure it is. */
export const mcxSources = {
  published: 'list of the exchange as brokers and the press printed it; confidence: high',
  disputed: 'one published list; another says closed all day; confidence: medium',
  fixed: 'closed every year by rule; confidence: high',
  rule: 'by rule, no list found: NSE is closed, MCX opens in the evening, and on New Year\'s Day '
    + 'the other way round; confidence: medium',
  recalled: 'by rule, no notice found; confidence: low to medium',
};

/** Date, name, source at NSE and BSE (null: they trade), what MCX does, its source, known at. */
export type Holiday = readonly [
  date: string,
  name: string,
  equity: keyof typeof equitySources | null,
  mcx: 'closed' | 'evening' | 'morning',
  mcxSource: keyof typeof mcxSources,
  knownAt?: string,
];
