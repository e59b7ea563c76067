import { parseArgs } from 'node:util';
import { errorMessageOf, silentLog } from '@strikewire/runtime';
import { findDatabase, type FoundDatabase } from '@strikewire/platform/backup';
// eslint-disable-next-line @nx/enforce-module-boundaries -- a command does as the API does
import { readEnvironment, type Environment } from '../../apps/api/src/environment';

/** What a command works with. */
export interface CommandRun {
  environment: Environment;
  database: FoundDatabase;
  args: readonly string[];
  flags: ReadonlySet<string>;
}

/** How a command is called. */
export interface CommandShape {
  usage: string;
  argsMin: number;
  argsMax: number;
  flags: readonly string[];
  /** Whether to make a database when there is none. */
  make: boolean;
}

/** Runs a command on the platform's database; ends the process with 1 when it fails. */
export async function runCommand(
  shape: CommandShape,
  work: (run: CommandRun) => Promise<void>,
): Promise<void> {
  let database: FoundDatabase | undefined;
  try {
    const { args, flags } = argumentsOf(shape);
    const environment = readEnvironment(process.env);
    database = await findDatabase({
      databaseUrl: environment.DATABASE_URL,
      stateDir: environment.STRIKEWIRE_STATE_DIR,
      make: shape.make,
      log: silentLog,
    });
    await work({ environment, database, args, flags });
  } catch (error) {
    console.error(errorMessageOf(error));
    process.exitCode = 1;
  } finally {
    await database?.close();
  }
}

function argumentsOf(shape: CommandShape): { args: string[]; flags: ReadonlySet<string> } {
  const options = Object.fromEntries(
    shape.flags.map((name) => [name, { type: 'boolean' as const }]),
  );
  const { positionals: args, values } = parsed(shape, options);
  const isCountRight = args.length >= shape.argsMin && args.length <= shape.argsMax;
  if (!isCountRight) throw new Error(`usage: ${shape.usage}`);
  return { args, flags: new Set(Object.keys(values)) };
}

function parsed(
  { usage }: CommandShape,
  options: Record<string, { type: 'boolean' }>,
): { positionals: string[]; values: object } {
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    throw new Error(`${errorMessageOf(error)}\nusage: ${usage}`, { cause: error });
  }
}

/** Counts by table as a few words. */
export function told(rows: Readonly<Record<string, number>>): string {
  const counts = Object.values(rows);
  const total = counts.reduce((sum, count) => sum + count, 0);
  return `${total} rows of ${counts.length} tables`;
}
