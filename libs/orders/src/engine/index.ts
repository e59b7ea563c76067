export { accountOf, mayTrade, paperAccountOf, shownAccount, type Asker } from './asker';
export { feasibilitySettings, type FeasibilitySettings } from './feasibility';
export { type KillSwitch } from './kill-switch';
export { openOrderDesk, type OpenedOrders } from './open-order-desk';
export { orderDeskLimits, type OrderDesk } from './order-desk';
export { type OrderDeskDeps, type OrderListener, type OrderNotice } from './order-floor-deps';
export { type OrderFloor } from './order-floor';
export {
  killReleased,
  type FillRecord,
  type JournalContents,
  type KillState,
  type OrderAct,
  type OrderJournal,
  type OrderRecord,
  type OrderSave,
  type PositionRecord,
  type SentCall,
} from './order-journal';
export {
  planSettings,
  type LegProblem,
  type OrderCalendar,
  type PlannedLeg,
  type PlanSettings,
} from './order-plan';
export { type OrderVenue, type VenueFeed, type VenueNews } from './order-venue';
export { MemoryJournal, type JournalFault } from './testing/memory-journal';
