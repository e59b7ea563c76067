export { alwaysOpenCalendar, weekdayCalendar, type TradingCalendar } from './calendar';
export { isExpiryCurrent, segmentCloseMs } from './segment-close';
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
