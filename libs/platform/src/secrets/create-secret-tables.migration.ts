import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Secrets of the platform itself, sealed. */
export class CreateSecretTables1795305600000 implements MigrationInterface {
  readonly name = 'CreateSecretTables1795305600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table platform_secret (
        name text not null primary key,
        sealed text not null check (sealed like 'sw1.%'),
        created_at timestamptz not null,
        updated_at timestamptz not null
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table platform_secret');
  }
}
