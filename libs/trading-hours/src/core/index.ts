export { alwaysOpenCalendar, weekdayCalendar, type TradingCalendar } from './calendar';
export { isExpiryCurrent, segmentCloseMs } from './segment-close';
