import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Accounts of brokers, one of them primary, and who may trade them. */
export class CreateAccountTables1795305650000 implements MigrationInterface {
  readonly name = 'CreateAccountTables1795305650000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table broker_account (
        id uuid primary key,
        broker text not null,
        label text not null unique,
        enabled boolean not null,
        is_primary boolean not null,
        origin text not null check (origin in ('console', 'environment')),
        credentials jsonb not null,
        created_at timestamptz not null,
        updated_at timestamptz not null
      )`);
    await runner.query(
      'create unique index one_primary_account on broker_account (is_primary) where is_primary',
    );
    await runner.query(`
      create table broker_account_trader (
        account_id uuid not null references broker_account on delete cascade,
        person_id uuid not null references person,
        primary key (account_id, person_id)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table broker_account_trader, broker_account');
  }
}
