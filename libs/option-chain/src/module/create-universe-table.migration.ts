import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is to be served: all rules of a revision in one row, the highest revision counts. */
export class CreateUniverseTable1795306000000 implements MigrationInterface {
  readonly name = 'CreateUniverseTable1795306000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table universe_rules (
        revision integer primary key check (revision > 0),
        rules jsonb not null,
        at timestamptz not null,
        made_by text not null
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table universe_rules');
  }
}
