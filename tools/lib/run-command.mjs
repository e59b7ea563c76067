// @ts-check
import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { root } from './root.mjs';

/** Output kept of a quiet command, in characters. */
const outputCharsMax = 200_000;

/** Tools of the workspace come first on the path, and Nx asks nothing and draws nothing. */
const environment = {
  ...process.env,
  NX_DAEMON: 'false',
  NX_TUI: 'false',
  PATH: `${join(root, 'node_modules', '.bin')}${delimiter}${process.env['PATH'] ?? ''}`,
};

/**
 * Runs a command in the repository to its end; `quiet` collects its output instead of showing it.
 * A program that cannot be started counts as exit code 127.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ quiet?: boolean, env?: Record<string, string> }} [options]
 * @returns {Promise<{ code: number, output: string, tookMs: number }>}
 */
export function runCommand(program, args, { quiet = false, env = {} } = {}) {
  const startedMs = performance.now();
  return new Promise((resolve) => {
    const child = spawn(program, [...args], {
      cwd: root,
      env: { ...environment, ...env },
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    });
    const forget = forwardSignalsTo(child);
    let output = '';
    const keep = (/** @type {Buffer} */ chunk) => {
      output = (output + chunk).slice(-outputCharsMax);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    const end = (/** @type {number} */ code) => {
      forget();
      resolve({ code, output, tookMs: performance.now() - startedMs });
    };
    child.once('error', (error) => {
      output += `${program}: ${error.message}`;
      end(127);
    });
    child.once('close', (code) => end(code ?? 1));
  });
}

/** What a shell answers for a command that Ctrl-C ended. */
const interruptedCode = 130;

/** How long a command may take to end after it was told to. */
const endWithinMs = 4_000;

/**
 * Passes Ctrl-C and its kin on to a command and ends with it. Answers with what calls that off.
 * @param {import('node:child_process').ChildProcess} child
 */
function forwardSignalsTo(child) {
  const onSignal = (/** @type {NodeJS.Signals} */ name) => {
    console.log('\nStopping ...');
    child.kill(name);
    child.once('close', () => process.exit(interruptedCode));
    setTimeout(() => {
      // It may ignore Ctrl-C, but must not go on without us.
      child.kill('SIGKILL');
      process.exit(interruptedCode);
    }, endWithinMs);
  };
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  return () => void process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
}

/** Milliseconds as `1.2 s`. @param {number} ms */
export function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}
