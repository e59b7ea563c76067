import { runCommand } from '../../lib/run-command.mjs';

/** How a command has ended. */
export interface Ended {
  code: number;
  output: string;
}

/** Runs a command of package.json as a person does, with these settings and no others. */
export function runNpmCommand(
  name: string,
  args: string[],
  settings: Record<string, string>,
): Promise<Ended> {
  const env = {
    STRIKEWIRE_STATE_DIR: '', DATABASE_URL: '', NODE_ENV: '', STRIKEWIRE_MASTER_KEY: '',
    STRIKEWIRE_MASTER_KEY_PREVIOUS: '', ...settings,
  };
  return runCommand('node', [`tools/${name}.mjs`, ...args], { quiet: true, env });
}
