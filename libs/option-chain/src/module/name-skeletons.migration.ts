import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Each stored skeleton tells whose tokens it has. Of those that do not, the day's list of expiries
 * does: it came from the same broker. What not even that tells is built anew.
 */
export class NameSkeletons1795306000010 implements MigrationInterface {
  readonly name = 'NameSkeletons1795306000010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      update chain_skeleton as skeleton
      set body = jsonb_set(skeleton.body, '{broker}', to_jsonb(listed.source))
      from expiry_registry as listed
      where listed.trading_day = skeleton.trading_day
        and listed.exchange = skeleton.exchange
        and listed.symbol = skeleton.symbol
        and listed.expiry = skeleton.expiry
        and not skeleton.body ? 'broker'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`update chain_skeleton set body = body - 'broker'`);
  }
}
