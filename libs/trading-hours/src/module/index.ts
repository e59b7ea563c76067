export { CreateHoursTables1795305750000 } from './create-hours-tables.migration';
export { tradingHoursEntities } from './entities';
export { TemplateStore } from './template-store';
export { TradingHours, type TradingHoursDeps } from './trading-hours';
export { TradingHoursModule } from './trading-hours.module';
