import { EntitySchema } from 'typeorm';

/** An underlying's close of one day. */
export interface CloseRow {
  exchange: string;
  symbol: string;
  tradingDay: string;
  closePaise: number;
  previousClosePaise: number | null;
}

export const closeEntity = new EntitySchema<CloseRow>({
  name: 'underlying_close',
  columns: {
    exchange: { type: 'text', primary: true },
    symbol: { type: 'text', primary: true },
    tradingDay: { name: 'trading_day', type: 'date', primary: true },
    closePaise: { name: 'close_paise', type: 'integer' },
    previousClosePaise: { name: 'previous_close_paise', type: 'integer', nullable: true },
  },
});
