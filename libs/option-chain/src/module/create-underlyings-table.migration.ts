import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What each broker lists options on, as last read: one row a broker. */
export class CreateUnderlyingsTable1795305950000 implements MigrationInterface {
  readonly name = 'CreateUnderlyingsTable1795305950000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table broker_underlyings (
        broker text primary key,
        day date not null,
        underlyings jsonb not null
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table broker_underlyings');
  }
}
