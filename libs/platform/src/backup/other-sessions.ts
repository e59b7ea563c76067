import { StrikewireError } from '@strikewire/runtime';

const othersSql = `
  select count(*)::int as others from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid()
    and backend_type = 'client backend'`;

/**
 * For what must not happen behind the platform's back: it would go on with what it remembers.
 * @throws StrikewireError `database_in_use` when anybody but this session is in the database
 */
export async function refuseOtherSessions(
  query: (sql: string) => Promise<{ others: number }[]>,
): Promise<void> {
  const [found] = await query(othersSql);
  if (!found || found.others === 0) return;
  throw new StrikewireError({
    kind: 'invalid',
    code: 'database_in_use',
    message:
      `other programs are connected to the database (connections: ${found.others}): stop the ` +
      'platform, and whatever else uses it, first',
  });
}
