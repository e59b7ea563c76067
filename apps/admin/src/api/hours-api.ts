import {
  appliedTemplateSchema,
  holidayImportSchema,
  hoursStatusSchema,
  hoursTemplateDetailSchema,
  hoursTemplateSchema,
  hoursTemplatesSchema,
  sessionRunsSchema,
  sessionScheduleSchema,
  templatePreviewSchema,
  tradingHaltSchema,
  tradingHaltsSchema,
  type AppliedTemplate,
  type HolidayFile,
  type HolidayImport,
  type HoursStatus,
  type HoursTemplate,
  type HoursTemplateChange,
  type HoursTemplateDetail,
  type HoursTemplates,
  type NewHoursTemplate,
  type NewTradingHalt,
  type SessionJob,
  type SessionRuns,
  type SessionSchedule,
  type TemplatePreview,
  type TradingHalt,
  type TradingHalts,
} from '@strikewire/contracts';
import type { Call } from './call';
import type { StepUpGate } from './step-up-gate';

/** What a preview is asked for; over the template `id`, else over the one that counts. */
export interface PreviewAsk {
  body: Record<string, unknown>;
  id?: string;
  days: number;
}

/** Which runs are asked for: those of the first page, or those after one. */
export interface RunsAsk {
  exchange?: string;
  job?: SessionJob;
  after?: string;
}

/** Trading hours: everybody reads, admins change. */
export interface HoursApi {
  status(): Promise<HoursStatus>;
  templates(): Promise<HoursTemplates>;
  template(id: string): Promise<HoursTemplateDetail>;
  add(template: NewHoursTemplate): Promise<HoursTemplate>;
  /** Refused with `template_changed` when another version was saved meanwhile. */
  change(id: string, change: HoursTemplateChange): Promise<HoursTemplate>;
  duplicate(id: string, name: string): Promise<HoursTemplate>;
  remove(id: string): Promise<void>;
  /** Makes it the one that counts for its exchange and segment, at once. */
  apply(id: string): Promise<AppliedTemplate>;
  preview(ask: PreviewAsk): Promise<TemplatePreview>;
  /** Dates of a file over those that are saved; unless `save` is set, only shows what it does. */
  holidays(id: string, file: HolidayFile): Promise<HolidayImport>;
  /** What the scheduler does next, and how far feeds are up. */
  schedule(): Promise<SessionSchedule>;
  /** What the scheduler has done, newest first. */
  runs(ask: RunsAsk): Promise<SessionRuns>;
  halts(): Promise<TradingHalts>;
  /** Trading of a segment has stopped. */
  halt(halt: NewTradingHalt): Promise<TradingHalt>;
  /** Trading goes on. */
  endHalt(id: string): Promise<TradingHalt>;
}

export function hoursApi(call: Call, gate: StepUpGate): HoursApi {
  const at = (id: string, rest = ''): string => `trading-hours/templates/${id}${rest}`;
  const post = (path: string, body: unknown) => ({ method: 'POST', path, body }) as const;
  return {
    status: () => call({ method: 'GET', path: 'trading-hours/status' }, hoursStatusSchema),
    templates: () =>
      call({ method: 'GET', path: 'trading-hours/templates' }, hoursTemplatesSchema),
    template: (id) => call({ method: 'GET', path: at(id) }, hoursTemplateDetailSchema),
    add: (body) =>
      gate.pass(() => call(post('trading-hours/templates', body), hoursTemplateSchema)),
    change: (id, body) =>
      gate.pass(() => call({ method: 'PUT', path: at(id), body }, hoursTemplateSchema)),
    duplicate: (id, name) =>
      gate.pass(() => call(post(at(id, '/duplicate'), { name }), hoursTemplateSchema)),
    remove: (id) => gate.pass(() => call.none({ method: 'DELETE', path: at(id) })),
    apply: (id) =>
      gate.pass(() => call(post('trading-hours/apply', { id }), appliedTemplateSchema)),
    preview: (body) => call(post('trading-hours/preview', body), templatePreviewSchema),
    holidays: (id, file) =>
      gate.pass(() => call(post(at(id, '/holidays'), file), holidayImportSchema)),
    schedule: () => call({ method: 'GET', path: 'trading-hours/schedule' }, sessionScheduleSchema),
    runs: (query) =>
      call({ method: 'GET', path: 'trading-hours/runs', query: { ...query } }, sessionRunsSchema),
    halts: () => call({ method: 'GET', path: 'trading-hours/halts' }, tradingHaltsSchema),
    halt: (body) => gate.pass(() => call(post('trading-hours/halts', body), tradingHaltSchema)),
    endHalt: (id) =>
      gate.pass(() => call(post(`trading-hours/halts/${id}/end`, undefined), tradingHaltSchema)),
  };
}
