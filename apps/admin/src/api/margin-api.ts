import {
  basketMarginSchema,
  marginPortfolioSchema,
  marginReconciliationsSchema,
  riskFilesSchema,
  type BasketMargin,
  type MarginPortfolio,
  type MarginReconciliations,
  type OrderTrial,
  type RiskFiles,
} from '@strikewire/contracts';
import type { Call } from './call';
import type { StepUpGate } from './step-up-gate';

/** Margin of accounts and of baskets: for those who trade. */
export interface MarginApi {
  /** Of what an account holds. */
  portfolio(account: string): Promise<MarginPortfolio>;
  /** What a basket would need beside what is held. */
  estimate(trial: OrderTrial): Promise<BasketMargin>;
  reconciliations(): Promise<MarginReconciliations>;
  riskFiles(): Promise<RiskFiles>;
  /** An exchange's risk file as it is, for admins. */
  upload(exchange: string, file: Uint8Array): Promise<void>;
}

export function marginApi(call: Call, gate: StepUpGate): MarginApi {
  const path = 'margin/risk-files';
  return {
    portfolio: (account) =>
      call({ method: 'GET', path: 'margin', query: { account } }, marginPortfolioSchema),
    estimate: (body) =>
      call({ method: 'POST', path: 'margin/estimate', body }, basketMarginSchema),
    reconciliations: () =>
      call({ method: 'GET', path: 'margin/reconciliations' }, marginReconciliationsSchema),
    riskFiles: () => call({ method: 'GET', path }, riskFilesSchema),
    upload: (exchange, file) =>
      gate.pass(() => call.none({ method: 'POST', path, query: { exchange }, file })),
  };
}
