import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Closes of underlyings, a row a day: those of before are in the chains of the days' ends. */
export class CreateCloseTable1795306000050 implements MigrationInterface {
  readonly name = 'CreateCloseTable1795306000050';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table underlying_close (
        exchange text not null,
        symbol text not null,
        trading_day date not null,
        close_paise integer not null,
        previous_close_paise integer,
        primary key (exchange, symbol, trading_day)
      )`);
    // Only of spots that were heard on the day itself.
    await runner.query(`
      insert into underlying_close
      select distinct on (exchange, symbol, trading_day)
        exchange, symbol, trading_day,
        round((body->'spot'->>'ltp')::numeric * 100)::integer,
        nullif(round((body->'spot'->>'close')::numeric * 100)::integer, 0)
      from chain_day_end
      where (body->'spot'->>'ltp')::numeric > 0
        and left(body->'spot'->>'updatedAt', 10) = trading_day::text
      order by exchange, symbol, trading_day, expiry`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table underlying_close');
  }
}
