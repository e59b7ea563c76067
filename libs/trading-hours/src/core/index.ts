export {
  alwaysOpenCalendar,
  tradingCalendarOf,
  type TradingCalendar,
} from './calendar';
export { diffTemplates, type DayDifference } from './diff-templates';
export { type FileProblem } from './file-problems';
export {
  exportHolidays,
  mergeDates,
  parseHolidays,
  type HolidayFormat,
  type MergedDates,
} from './holiday-files';
export { holidayFormat } from './holiday-json';
export { buildStartMs, type ScheduledSegment } from './schedule/segment-day';
export { segmentCloseMs } from './segment-close';
export {
  createCalendar,
  type CalendarOptions,
  type CalendarQuery,
  type Halt,
  type PhaseNow,
  type Session,
  type TradingDay,
  type TradingHoursCalendar,
} from './session-calendar';
export {
  phases,
  templateFormat,
  templateSchema,
  usualClass,
  weekdays,
  type DateEntry,
  type Phase,
  type PhaseWindow,
  type TradingHoursInput,
  type TradingHoursTemplate,
  type Weekday,
} from './template';
export { exportTemplate, parseTemplate } from './template-file';
export { templateWarnings, type TemplateWarning } from './template-warnings';
