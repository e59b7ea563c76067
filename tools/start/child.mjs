// @ts-check
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LogFile } from './log-file.mjs';

/** A program must report itself ready within this time; the first start makes a database. */
const readyWithinMs = 60_000;

/** Loaded into each program first: ends it when this process is gone, even killed. */
const leash = fileURLToPath(new URL('./leash.mjs', import.meta.url));

/** One running program, in a process group of its own. */
export class Child {
  /**
   * @param {import('./settings.mjs').Program} program
   * @param {{ env: NodeJS.ProcessEnv, logFolder: string }} options
   */
  constructor({ name, file }, { env, logFolder }) {
    this.name = name;
    this.logPath = join(logFolder, `${name.replaceAll(' ', '-')}.log`);
    this.log = new LogFile(this.logPath);
    // Its own group: Ctrl-C reaches us alone, and we stop the programs in order.
    this.process = fork(file, [], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: ['--enable-source-maps', '--import', leash],
      env,
      detached: true,
    });
    this.process.stdout?.on('data', (chunk) => this.log.write(chunk));
    this.process.stderr?.on('data', (chunk) => this.log.write(chunk));
    this.isRunning = true;
    /** Resolves with how it ended. @type {Promise<string>} */
    this.ended = new Promise((resolve) => {
      const end = (/** @type {string} */ how) => {
        this.isRunning = false;
        resolve(how);
      };
      this.process.once('error', (error) => end(error.message));
      this.process.once('close', (code, signal) => end(signal ?? `exit code ${code}`));
    });
    void this.ended.then(() => this.log.close());
  }

  /**
   * Resolves with its ready message, or undefined when it ended or took too long.
   * @returns {Promise<Record<string, unknown> | undefined>}
   */
  ready() {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(undefined), readyWithinMs);
      void this.ended.then(() => resolve(undefined));
      this.process.on('message', (/** @type {any} */ message) => {
        if (message?.ready !== true) return;
        clearTimeout(timer);
        resolve(message);
      });
      void this.ended.then(() => clearTimeout(timer));
    });
  }

  /**
   * Asks it to stop, and kills its whole group when it has not after `withinMs`.
   * @param {number} withinMs
   */
  async stop(withinMs) {
    if (this.isRunning) this.process.kill('SIGTERM');
    const timer = setTimeout(() => this.kill(), withinMs);
    await this.ended;
    clearTimeout(timer);
    // What it started itself may be left.
    this.kill();
  }

  /** Ends its whole group at once. */
  kill() {
    try {
      if (this.process.pid !== undefined) process.kill(-this.process.pid, 'SIGKILL');
    } catch {
      // Nothing is left of it: that is what was wanted.
    }
  }
}
