import {
  indiaIsoOf,
  type AppliedTemplate,
  type DayChange,
  type HolidayFile,
  type HolidayImport,
  type HoursFileQuery,
  type HoursStatus,
  type HoursTemplate,
  type HoursTemplateChange,
  type HoursTemplateDetail,
  type NewHoursTemplate,
  type PreviewTemplate,
  type TemplatePreview,
} from '@strikewire/contracts';
import { createTurns, type ActedBy } from '@strikewire/platform';
import { StrikewireError, type Clock, type SecureRandom } from '@strikewire/runtime';
import { z } from 'zod';
import { exportHolidays, mergeDates, parseHolidays } from '../core/holiday-files';
import { createCalendar, type Halt, type TradingHoursCalendar } from '../core/session-calendar';
import {
  templateSchema,
  type TradingHoursInput,
  type TradingHoursTemplate,
} from '../core/template';
import { exportTemplate } from '../core/template-file';
import { templateWarnings } from '../core/template-warnings';
import type { TemplateRow } from './entities';
import { HeldTemplate } from './held-template';
import { isWithin, localDateOf, statusAt, toldSession } from './segment-status';
import type { StoredTemplate, TemplateStore } from './template-store';

/** What trading hours are made of. */
export interface TradingHoursDeps {
  clock: Pick<Clock, 'wallMs'>;
  random: SecureRandom;
  store: TemplateStore;
  /** What the first start brings along; the first of each exchange and segment counts. */
  presets: readonly TradingHoursInput[];
  /** Halts of a segment, above all its hours. */
  haltsOf(exchange: string, segment: string): readonly Halt[];
  /** Another template counts for a segment, or it has changed. */
  applied(exchange: string, segment: string): void;
}

/** Templates that there may be. */
const templatesMax = 200;
const dayMs = 86_400_000;
/** What is shown of what a file of dates would do. */
const previewDays = 60;
const warningsMax = 50;
const mediaTypes = {
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  ics: 'text/calendar; charset=utf-8',
} as const;
/** A year that is not verified is told of so long before it begins. */
const unverifiedSoonMs = 30 * dayMs;

/** Templates of trading hours, and the calendar that counts for each exchange and segment. */
export class TradingHours {
  private readonly deps: TradingHoursDeps;
  private readonly held = new Map<string, HeldTemplate>();
  /** One change after another: each sees what the one before has left. */
  private readonly inTurn = createTurns();

  constructor(deps: TradingHoursDeps) {
    this.deps = deps;
  }

  /** Reads what is stored; the first start stores the presets. */
  async load(): Promise<void> {
    let stored = await this.deps.store.load();
    if (stored.length === 0) {
      await this.deps.store.seed(this.presetRows());
      stored = await this.deps.store.load();
    }
    for (const template of stored) this.hold(template);
  }

  /** The calendar that counts; undefined when no template is applied there. */
  calendarOf(exchange: string, segment: string): TradingHoursCalendar | undefined {
    return this.activeOf(exchange, segment)?.calendar;
  }

  list(): HoursTemplate[] {
    return [...this.held.values()].map((held) => this.shown(held));
  }

  async detail(id: string): Promise<HoursTemplateDetail> {
    const held = this.find(id);
    const versions = await this.deps.store.versionsOf(id);
    return {
      ...this.shown(held),
      body: { ...held.body },
      versions: versions.map(({ at, ...version }) => ({
        ...version,
        at: indiaIsoOf(at.getTime()),
      })),
    };
  }

  async add({ body, note }: NewHoursTemplate, by: ActedBy): Promise<HoursTemplate> {
    const template = checked(body);
    createCalendar(template);
    return this.inTurn(async () => {
      if (this.held.size >= templatesMax) {
        const message = `there are ${templatesMax} templates, the most there may be`;
        throw new StrikewireError({ kind: 'denied', code: 'templates_full', message });
      }
      const stored = { row: this.newRow(template), body: template };
      await this.deps.store.save(by, stored, note ?? '');
      return this.shown(this.hold(stored));
    });
  }

  /** Replaces what a template holds; when it counts, the change takes effect at once. */
  async change(id: string, change: HoursTemplateChange, by: ActedBy): Promise<HoursTemplate> {
    this.find(id);
    const body = checked(change.body);
    const calendar = createCalendar(body);
    return this.inTurn(async () => {
      const { row } = this.find(id);
      if (body.exchange !== row.exchange || body.segment !== row.segment) {
        throw invalid('body.exchange', `needs to stay ${row.exchange} ${row.segment}`);
      }
      if (row.isActive) this.checkToday(calendar);
      const updatedAt = new Date(this.deps.clock.wallMs());
      const version = change.version + 1;
      const stored = { row: { ...row, name: body.name, version, updatedAt }, body };
      await this.deps.store.save(by, stored, change.note ?? '');
      const held = this.hold(stored);
      if (row.isActive) this.deps.applied(row.exchange, row.segment);
      return this.shown(held);
    });
  }

  async duplicate(id: string, name: string, by: ActedBy): Promise<HoursTemplate> {
    const { body, row } = this.find(id);
    const note = `copy of ${row.name}`;
    return this.add({ body: { ...body, name }, note }, by);
  }

  /** Takes a template away; the one that counts stays. */
  remove(id: string, by: ActedBy): Promise<void> {
    return this.inTurn(async () => {
      const { row } = this.find(id);
      if (row.isActive) {
        const { name, exchange, segment } = row;
        const message = `${name} counts for ${exchange} ${segment}: apply another first`;
        throw new StrikewireError({ kind: 'denied', code: 'template_active', message });
      }
      await this.deps.store.remove(by, row);
      this.held.delete(id);
    });
  }

  /** Makes a template count at once, and tells what follows. */
  apply(id: string, by: ActedBy): Promise<AppliedTemplate> {
    return this.inTurn(async () => {
      const wanted = this.find(id);
      const { exchange, segment } = wanted.row;
      const former = this.activeOf(exchange, segment);
      this.checkToday(wanted.calendar);
      if (former !== wanted) {
        await this.deps.store.activate(by, wanted.row, former?.row);
        if (former) this.hold({ body: former.body, row: { ...former.row, isActive: false } });
        this.hold({ body: wanted.body, row: { ...wanted.row, isActive: true } });
        this.deps.applied(exchange, segment);
      }
      const held = this.find(id);
      return { template: this.shown(held), nextSession: this.sessionFrom(held.calendar) };
    });
  }

  status(): HoursStatus {
    const nowMs = this.deps.clock.wallMs();
    const segments = [...this.held.values()]
      .filter(({ row }) => row.isActive)
      .map(({ row, calendar, warnings }) => {
        const { id, name, version, exchange, segment } = row;
        const halts = this.deps.haltsOf(exchange, segment).filter(({ toMs }) => toMs === null);
        const halted = halts.map(({ fromMs, reason }) =>
          `halted since ${indiaIsoOf(fromMs)} until somebody ends it: ${reason}`,
        );
        const about = {
          exchange,
          segment,
          template: { id, name, version },
          warnings: [...halted, ...warnings, ...this.soonUnverified(calendar)],
        };
        return statusAt(calendar, about, nowMs);
      });
    return { now: indiaIsoOf(nowMs), segments };
  }

  /** Day by day, what a template would change. */
  preview({ body, id, days, from }: PreviewTemplate): TemplatePreview {
    const template = checked(body);
    const after = createCalendar(template);
    const held = id === undefined
      ? this.activeOf(template.exchange, template.segment)
      : this.find(id);
    const startMs = from === undefined ? this.deps.clock.wallMs() : Date.parse(from);
    const dates = Array.from({ length: days }, (_, index) =>
      localDateOf(startMs + index * dayMs, template.timeZone),
    ).filter((date) => date >= after.from && date <= after.to);
    return {
      days: dates.map((date) => dayChange(date, held?.calendar, after)),
      warnings: this.warningsOf(template),
    };
  }

  /** Dates of a file in place of, or beside, a template's own; `save` false only shows it. */
  async importHolidays(id: string, file: HolidayFile, by: ActedBy): Promise<HolidayImport> {
    const held = this.find(id);
    const dates = parseHolidays(file.format, file.text, held.body);
    const { dates: merged, ...counts } = mergeDates(held.body.dates, dates, file.mode);
    const body = { ...held.body, dates: merged };
    const preview = this.preview({ body, id, days: previewDays });
    const { version } = held.row;
    const note = `holidays from a file (${file.format})`;
    const template = file.save ? await this.change(id, { body, version, note }, by) : null;
    return { ...counts, body, preview, template };
  }

  /** A template as a file, or its dates. */
  file(id: string, { what, format }: HoursFileQuery): { name: string; type: string; text: string } {
    const { body } = this.find(id);
    const base = `${body.exchange}-${body.segment}`.toLowerCase();
    if (what === 'template') {
      return { name: `${base}.json`, type: mediaTypes.json, text: exportTemplate(body) };
    }
    const text = exportHolidays(format, body, this.deps.clock.wallMs());
    return { name: `${base}-holidays.${format}`, type: mediaTypes[format], text };
  }

  /** Trading of a segment has stopped, or goes on. */
  haltsChanged(exchange: string, segment: string): void {
    // Also for those that are not applied: they may be before the next halt.
    for (const held of this.held.values()) if (held.isOf(exchange, segment)) held.renew();
    this.deps.applied(exchange, segment);
  }

  /** Hours that know nothing of today cannot count today. */
  private checkToday(calendar: TradingHoursCalendar): void {
    if (isWithin(calendar, this.deps.clock.wallMs())) return;
    const { name, from, to } = calendar;
    const message = `${name} knows its hours from ${from} to ${to}: today is not among them`;
    throw new StrikewireError({ kind: 'denied', code: 'template_not_today', message });
  }

  private hold(stored: StoredTemplate): HeldTemplate {
    const { exchange, segment } = stored.row;
    const held = new HeldTemplate(stored, {
      warnings: this.warningsOf(stored.body),
      haltsOf: () => this.deps.haltsOf(exchange, segment),
    });
    this.held.set(stored.row.id, held);
    return held;
  }

  private presetRows(): StoredTemplate[] {
    const taken = new Set<string>();
    return this.deps.presets.map((preset) => {
      const body = templateSchema.parse(preset);
      const key = `${body.exchange} ${body.segment}`;
      const row = { ...this.newRow(body), isActive: !taken.has(key) };
      taken.add(key);
      return { row, body };
    });
  }

  private newRow({ exchange, segment, name }: TradingHoursTemplate): TemplateRow {
    const at = new Date(this.deps.clock.wallMs());
    return {
      id: this.deps.random.uuid(),
      exchange,
      segment,
      name,
      isActive: false,
      version: 1,
      createdAt: at,
      updatedAt: at,
    };
  }

  private shown({ row, body, warnings }: HeldTemplate): HoursTemplate {
    const { id, name, exchange, segment, isActive, version, updatedAt } = row;
    return {
      id,
      name,
      exchange,
      segment,
      timeZone: body.timeZone,
      active: isActive,
      version,
      updatedAt: indiaIsoOf(updatedAt.getTime()),
      warnings,
    };
  }

  /** What is under way, else what comes next. */
  private sessionFrom(calendar: TradingHoursCalendar): AppliedTemplate['nextSession'] {
    const nowMs = this.deps.clock.wallMs();
    const closeMs = calendar.nextClose(nowMs);
    if (closeMs === undefined) return null;
    const openMs = calendar.previousOpen(closeMs) ?? closeMs;
    const [session] = calendar.sessionsBetween(openMs, openMs + 1);
    return session ? toldSession(session, calendar.timeZone) : null;
  }

  private warningsOf(template: TradingHoursTemplate): string[] {
    const { dates, verifiedYears } = template;
    const unknown = dates.filter((entry) => entry.kind === 'special' && entry.windows === null);
    const warnings = [
      ...unknown.map(({ date, name }) => `${date} ${name}: hours are not known yet`),
      ...templateWarnings(template).map(({ date, message }) => `${date}: ${message}`),
    ].slice(0, warningsMax);
    return verifiedYears.length === 0 ? ['no year of it is verified', ...warnings] : warnings;
  }

  private soonUnverified(calendar: TradingHoursCalendar): string[] {
    const soon = localDateOf(this.deps.clock.wallMs() + unverifiedSoonMs, calendar.timeZone);
    if (soon < calendar.from) return [];
    if (soon > calendar.to) return [`the calendar ends at ${calendar.to}`];
    if (calendar.sessionOn(soon).verified) return [];
    return [`${soon.slice(0, 4)} is not verified: its holidays are not known`];
  }

  private activeOf(exchange: string, segment: string): HeldTemplate | undefined {
    return [...this.held.values()].find(
      (held) => held.row.isActive && held.isOf(exchange, segment),
    );
  }

  private find(id: string): HeldTemplate {
    const held = this.held.get(id);
    if (held) return held;
    const message = 'there is no such template';
    throw new StrikewireError({ kind: 'not_found', code: 'template_unknown', message });
  }
}

function dayChange(
  date: string,
  before: TradingHoursCalendar | undefined,
  after: TradingHoursCalendar,
): DayChange {
  const isKnown = before !== undefined && date >= before.from && date <= before.to;
  const was = isKnown ? before.sessionOn(date) : undefined;
  const is = after.sessionOn(date);
  const told = (day: typeof is | undefined): DayChange['before'] =>
    (day?.sessions ?? []).map((session) => toldSession(session, after.timeZone));
  const facts = (day: typeof is | undefined): string =>
    JSON.stringify([day?.state, day?.sessions, day?.phases]);
  return {
    date,
    changed: facts(was) !== facts(is),
    before: told(was),
    after: told(is),
    name: is.name,
    state: is.state,
  };
}

/** The schema's refusal, with each field under `body`. */
function checked(body: Record<string, unknown>): TradingHoursTemplate {
  const parsed = templateSchema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => ({ ...issue, path: ['body', ...issue.path] }));
  throw new z.ZodError(issues);
}

function invalid(field: string, needed: string): StrikewireError {
  return new StrikewireError({
    kind: 'invalid',
    code: 'template_invalid',
    message: `${field}: ${needed}`,
    details: { fields: [{ field, needed }] },
  });
}
