import { z } from 'zod';
import { idSchema, instantSchema, lineSchema } from './access';

/**
 * A template in the format of docs/trading-hours.md. What it holds is checked where calendars are
 * made; here only that it is an object.
 */
export const templateBodySchema = z.record(z.string(), z.unknown());

/** A template, without what it holds. */
export const hoursTemplateSchema = z.object({
  id: idSchema,
  name: z.string(),
  exchange: z.string(),
  segment: z.string(),
  timeZone: z.string(),
  /** The one that counts for its exchange and segment. */
  active: z.boolean(),
  /** Rises with each change. */
  version: z.number().int(),
  updatedAt: z.string(),
  /** What is odd about it, in plain words. */
  warnings: z.array(z.string()),
});
/** A template, without what it holds. */
export type HoursTemplate = z.infer<typeof hoursTemplateSchema>;

/** Answer of `GET /api/trading-hours/templates`. */
export const hoursTemplatesSchema = z.object({ templates: z.array(hoursTemplateSchema) });
/** All templates. */
export type HoursTemplates = z.infer<typeof hoursTemplatesSchema>;

/** Answer of `GET /api/trading-hours/templates/:id`: with what it holds. */
export const hoursTemplateDetailSchema = hoursTemplateSchema.extend({
  body: templateBodySchema,
  versions: z.array(
    z.object({ version: z.number().int(), at: z.string(), by: z.string(), note: z.string() }),
  ),
});
/** A template with what it holds. */
export type HoursTemplateDetail = z.infer<typeof hoursTemplateDetailSchema>;

const noteSchema = lineSchema(200).optional();

/** Body of `POST /api/trading-hours/templates`. */
export const newHoursTemplateSchema = z.strictObject({
  body: templateBodySchema,
  note: noteSchema,
});
/** A template to be added. */
export type NewHoursTemplate = z.infer<typeof newHoursTemplateSchema>;

/** Body of `PUT /api/trading-hours/templates/:id`: the whole template, over a known version. */
export const hoursTemplateChangeSchema = z.strictObject({
  body: templateBodySchema,
  /** The version that was edited: another one meanwhile is refused. */
  version: z.number().int().min(1),
  note: noteSchema,
});
/** A change of a template. */
export type HoursTemplateChange = z.infer<typeof hoursTemplateChangeSchema>;

/** Body of `POST /api/trading-hours/templates/:id/duplicate`. */
export const duplicateTemplateSchema = z.strictObject({ name: lineSchema(100) });
/** Under which name a template is copied. */
export type DuplicateTemplate = z.infer<typeof duplicateTemplateSchema>;

/** A stretch of trading. */
export const hoursSessionSchema = z.object({
  date: z.string(),
  open: z.string(),
  close: z.string(),
});

/** How a segment stands now. */
export const segmentStatusSchema = z.object({
  exchange: z.string(),
  segment: z.string(),
  template: z.object({ id: idSchema, name: z.string(), version: z.number().int() }),
  timeZone: z.string(),
  phase: z.string(),
  isOpen: z.boolean(),
  /** When something else begins. */
  phaseUntil: z.string().nullable(),
  nextOpen: z.string().nullable(),
  nextClose: z.string().nullable(),
  minutesToClose: z.number().nullable(),
  /** Of the present date: ordinary, changed and why, or not known yet. */
  today: z.object({
    date: z.string(),
    state: z.enum(['open', 'closed', 'hours_unknown']),
    name: z.string().nullable(),
    verified: z.boolean(),
  }),
  warnings: z.array(z.string()),
});
/** How a segment stands now. */
export type SegmentStatus = z.infer<typeof segmentStatusSchema>;

/** Answer of `GET /api/trading-hours/status`. */
export const hoursStatusSchema = z.object({
  now: z.string(),
  segments: z.array(segmentStatusSchema),
});
/** How all segments stand now. */
export type HoursStatus = z.infer<typeof hoursStatusSchema>;

/** Body of `POST /api/trading-hours/apply`. */
export const applyTemplateSchema = z.strictObject({ id: idSchema });
/** The template that is to count. */
export type ApplyTemplate = z.infer<typeof applyTemplateSchema>;

/** Answer of `POST /api/trading-hours/apply`. */
export const appliedTemplateSchema = z.object({
  template: hoursTemplateSchema,
  /** What follows: the present session when it is open, else the next; null when there is none. */
  nextSession: hoursSessionSchema.nullable(),
});
/** What follows from an applied template. */
export type AppliedTemplate = z.infer<typeof appliedTemplateSchema>;

/** One date as it is and as it would be. */
export const dayChangeSchema = z.object({
  date: z.string(),
  changed: z.boolean(),
  before: z.array(hoursSessionSchema),
  after: z.array(hoursSessionSchema),
  /** Why the date is as it would be; null on an ordinary one. */
  name: z.string().nullable(),
  state: z.enum(['open', 'closed', 'hours_unknown']),
});
/** One date as it is and as it would be. */
export type DayChange = z.infer<typeof dayChangeSchema>;

/** Body of `POST /api/trading-hours/preview`: what a template would do, before it is saved. */
export const previewTemplateSchema = z.strictObject({
  body: templateBodySchema,
  /** Over this one; default: the one that counts for its exchange and segment. */
  id: idSchema.optional(),
  days: z.number().int().min(1).max(400).default(14),
  from: instantSchema.optional(),
});
/** What is to be looked at. */
export type PreviewTemplate = z.infer<typeof previewTemplateSchema>;

/** Answer of `POST /api/trading-hours/preview`. */
export const templatePreviewSchema = z.object({
  days: z.array(dayChangeSchema),
  warnings: z.array(z.string()),
});
/** What a template would do. */
export type TemplatePreview = z.infer<typeof templatePreviewSchema>;

/** Body of `POST /api/trading-hours/templates/:id/holidays`: a file of dates. */
export const holidayFileSchema = z.strictObject({
  format: z.enum(['json', 'csv', 'ics']),
  text: z.string().max(200_000),
  /** `replace`: of the years that the file has, nothing else stays; `add`: beside what is there. */
  mode: z.enum(['replace', 'add']).default('replace'),
  /** False: only shows what it would do. */
  save: z.boolean().default(false),
});
/** A file of dates. */
export type HolidayFile = z.infer<typeof holidayFileSchema>;

/** Answer to a file of dates: the template as it would be, and what that changes. */
export const holidayImportSchema = z.object({
  added: z.number().int(),
  removed: z.number().int(),
  unchanged: z.number().int(),
  body: templateBodySchema,
  preview: templatePreviewSchema,
  /** The saved template; null when it was only shown. */
  template: hoursTemplateSchema.nullable(),
});
/** What a file of dates does. */
export type HolidayImport = z.infer<typeof holidayImportSchema>;

/** Query of `GET /api/trading-hours/templates/:id/file`: the template itself, or its dates. */
export const hoursFileQuerySchema = z.strictObject({
  what: z.enum(['template', 'holidays']).default('template'),
  /** Of dates; a template is JSON. */
  format: z.enum(['json', 'csv', 'ics']).default('json'),
});
/** Which file is wanted. */
export type HoursFileQuery = z.infer<typeof hoursFileQuerySchema>;
