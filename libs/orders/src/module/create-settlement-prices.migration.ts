import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Settlement prices that people have stated, for paper positions of expiries nobody saw. */
export class CreateSettlementPrices1795306000040 implements MigrationInterface {
  readonly name = 'CreateSettlementPrices1795306000040';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table paper_settlement_price (
        exchange text not null,
        underlying text not null,
        expiry text not null,
        price_paise bigint not null check (price_paise > 0),
        stated_at timestamptz not null,
        primary key (exchange, underlying, expiry)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table if exists paper_settlement_price');
  }
}
