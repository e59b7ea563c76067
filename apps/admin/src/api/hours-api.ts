import {
  appliedTemplateSchema,
  hoursStatusSchema,
  hoursTemplateDetailSchema,
  hoursTemplateSchema,
  hoursTemplatesSchema,
  templatePreviewSchema,
  type AppliedTemplate,
  type HoursStatus,
  type HoursTemplate,
  type HoursTemplateChange,
  type HoursTemplateDetail,
  type HoursTemplates,
  type NewHoursTemplate,
  type TemplatePreview,
} from '@strikewire/contracts';
import type { Call } from './call';
import type { StepUpGate } from './step-up-gate';

/** What a preview is asked for; over the template `id`, else over the one that counts. */
export interface PreviewAsk {
  body: Record<string, unknown>;
  id?: string;
  days: number;
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
  };
}
