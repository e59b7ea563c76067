import { isIsoDate } from '@strikewire/contracts';
import { z } from 'zod';
import { secondsOf } from './local-time';
import { windowFaults } from './window-faults';

/** Name and version of the format that templates are kept, imported and exported in. */
export const templateFormat = 'strikewire-trading-hours/1';

/** Days of the week as a template names them, Sunday first. */
export const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
/** A day of the week. */
export type Weekday = (typeof weekdays)[number];

/** What goes on during a window; which of them are tradable the template says by class. */
export const phases = [
  'block_deal',
  'pre_open',
  'pre_open_matching',
  'continuous',
  'break',
  'reference_price',
  'closing_auction',
  'closing_auction_matching',
  'post_close',
  'order_cancel',
  'halt',
] as const;
/** What goes on during a window. */
export type Phase = (typeof phases)[number];

/** The class that is meant when none is named. */
export const usualClass = 'default';

/** Name of an exchange. */
export const exchangeSchema = z.string().regex(/^[A-Z0-9]{1,12}$/, {
  error: 'needs capitals and digits',
});
const timeSchema = z.string().refine((text) => secondsOf(text) !== undefined, {
  error: 'needs a local time, HH:MM or HH:MM:SS, up to 47:59:59',
});
const dateSchema = z.string().refine(isIsoDate, {
  error: 'needs to be an existing date, YYYY-MM-DD',
});
const instantSchema = z.iso.datetime({
  offset: true,
  error: 'needs a time such as 2026-01-12T10:00:00+05:30',
});
const nameSchema = z.string().trim().min(1).max(200);
const classSchema = z.string().regex(/^[a-z0-9_]{1,32}$/, {
  error: 'needs small letters, digits and _',
});
const classesMax = 16;

/**
 * Half-open: the end is not in it. `rule: new_york_dst`: `daylight` while New York is on daylight
 * time on that date, else `standard`. `classes`: only these have the window; left out: all.
 */
const windowSchema = z.strictObject({
  phase: z.enum(phases),
  start: timeSchema,
  end: z.union([
    timeSchema,
    z.strictObject({
      rule: z.literal('new_york_dst'),
      daylight: timeSchema,
      standard: timeSchema,
    }),
  ]),
  classes: z.array(classSchema).min(1).max(classesMax).optional(),
});
/** One phase of a day, in local time. */
export type PhaseWindow = z.infer<typeof windowSchema>;

const windowsMax = 32;
const windowsSchema = z.array(windowSchema).max(windowsMax);
const daySchema = z.union([z.literal('closed').transform((): PhaseWindow[] => []), windowsSchema]);

const weekSchema = z.strictObject({
  /** First date on which these hours hold; a day that is not named goes on as before. */
  from: dateSchema,
  days: z.partialRecord(z.enum(weekdays), daySchema),
  source: nameSchema.optional(),
});

const aboutEntry = {
  date: dateSchema,
  name: nameSchema,
  source: z.string().trim().max(1_000).optional(),
  /** When it became known; left out: always was. */
  knownAt: instantSchema.optional(),
};
/** What a date has instead of its weekday's hours, as files bring it. */
export const dateEntrySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('closed'), ...aboutEntry }),
  /** Other hours, also on a day that is closed otherwise. Null: announced, hours not known yet. */
  z.strictObject({ kind: z.literal('special'), ...aboutEntry, windows: windowsSchema.nullable() }),
  /** The weekday's hours from `opens` on, or up to `closes`. */
  z
    .strictObject({
      kind: z.literal('partial'),
      ...aboutEntry,
      opens: timeSchema.optional(),
      closes: timeSchema.optional(),
    })
    .refine(({ opens, closes }) => opens !== undefined || closes !== undefined, {
      error: 'needs opens, closes, or both',
    }),
  /** The last tradable phase ends later, whatever the hours of the date are. */
  z.strictObject({
    kind: z.literal('extension'),
    ...aboutEntry,
    minutes: z.number().int().min(1).max(600),
  }),
  /** As the weekday has it: takes back what the year's list says of the date. */
  z.strictObject({ kind: z.literal('regular'), ...aboutEntry }),
  /** Trading goes on as it would without; nothing is paid in or out. */
  z.strictObject({ kind: z.literal('settlement_holiday'), ...aboutEntry }),
]);
/** What a date has instead of its weekday's hours. */
export type DateEntry = z.infer<typeof dateEntrySchema>;

const fieldsSchema = z.strictObject({
  format: z.literal(templateFormat),
  name: nameSchema,
  exchange: exchangeSchema,
  segment: z.string().regex(/^[a-z0-9_]{1,24}$/, { error: 'needs small letters, digits and _' }),
  timeZone: z
    .string()
    .max(64)
    .refine(isTimeZone, { error: 'needs an IANA time zone such as Asia/Kolkata' })
    .default('Asia/Kolkata'),
  /** Phases that are tradable, by class of instrument; `default` for what is not named. */
  tradable: z
    .record(classSchema, z.array(z.enum(phases)).max(phases.length))
    .refine((classes) => Object.keys(classes).length <= classesMax, {
      error: `needs at most ${classesMax} classes`,
    })
    .refine((classes) => Object.hasOwn(classes, usualClass), { error: 'needs default' })
    .default({ [usualClass]: ['continuous'] }),
  weeks: z.array(weekSchema).min(1).max(200),
  dates: z.array(dateEntrySchema).max(10_000).default([]),
  /** What operators have changed since, in order; later ones count. */
  overrides: z.array(dateEntrySchema).max(2_000).default([]),
  /** Years whose dates are complete and checked; others follow the weekdays, unverified. */
  verifiedYears: z.array(z.number().int().min(1970).max(2200)).max(300).default([]),
});

/** An exchange segment's trading hours, as data. docs/trading-hours.md describes it. */
export const templateSchema = fieldsSchema.superRefine((fields, context) => {
  const classes = Object.keys(fields.tradable);
  for (const { windows, path } of windowListsOf(fields)) {
    for (const { message, place, field } of windowFaults(windows, classes)) {
      context.addIssue({ code: 'custom', message, path: [...path, place, field] });
    }
  }
});
/** An exchange segment's trading hours, checked. */
export type TradingHoursTemplate = z.infer<typeof templateSchema>;
/** The same as people and files write it, with what has a default left out. */
export type TradingHoursInput = z.input<typeof templateSchema>;

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

interface WindowList {
  windows: readonly PhaseWindow[];
  path: (string | number)[];
}

function windowListsOf({ weeks, dates, overrides }: z.infer<typeof fieldsSchema>): WindowList[] {
  const listed = Object.entries({ dates, overrides }).flatMap(([layer, entries]) =>
    entries.flatMap((entry, place): WindowList[] =>
      entry.kind === 'special' && entry.windows !== null
        ? [{ windows: entry.windows, path: [layer, place, 'windows'] }]
        : [],
    ),
  );
  const byWeek = weeks.flatMap(({ days }, place) =>
    Object.entries(days).map(([day, windows]) => {
      return { windows, path: ['weeks', place, 'days', day] };
    }),
  );
  return [...byWeek, ...listed];
}
