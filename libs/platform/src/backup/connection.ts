import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';

/** A migration as the list of the API has it. */
export type MigrationClass = new () => MigrationInterface;

const connectTimeoutMs = 10_000;

/** Runs `work` in one transaction on one connection of its own; what it throws undoes it all. */
export async function inTransaction<T>(
  url: string,
  isolation: 'READ COMMITTED' | 'REPEATABLE READ',
  work: (runner: QueryRunner) => Promise<T>,
): Promise<T> {
  const extra = { max: 1, connectionTimeoutMillis: connectTimeoutMs };
  const source = new DataSource({ type: 'postgres', url, synchronize: false, extra });
  await source.initialize();
  const runner = source.createQueryRunner();
  try {
    await runner.startTransaction(isolation);
    const result = await work(runner);
    await runner.commitTransaction();
    return result;
  } catch (error) {
    // A connection that is gone has undone it already; the first error is the one to tell.
    await runner.rollbackTransaction().catch(() => undefined);
    throw error;
  } finally {
    await runner.release();
    await source.destroy();
  }
}
