/** How a case ended. */
export interface CaseResult {
  id: string;
  title: string;
  outcome: 'passed' | 'failed' | 'skipped';
  /** Of a case that failed or was skipped. */
  reason?: string;
}

/** What came of a plugin's cases, in their order. */
export interface ConformanceReport {
  broker: string;
  contract: number;
  results: readonly CaseResult[];
  passed: number;
  failed: number;
  skipped: number;
}

const marks = { passed: 'ok  ', failed: 'FAIL', skipped: 'skip' } as const;

/** One case as a line: how it ended, its number, what has to hold, and why it does not. */
export function resultLine({ id, title, outcome, reason }: CaseResult): string {
  return `${marks[outcome]}  ${id}  ${title}${reason === undefined ? '' : ` - ${reason}`}`;
}

/** A report as a table for people. */
export function reportText(report: ConformanceReport): string {
  const { broker, contract, results, passed, failed, skipped } = report;
  return [
    `${broker}, contract ${contract}: ${passed} passed, ${failed} failed, ${skipped} skipped`,
    ...results.map(resultLine),
  ].join('\n');
}
