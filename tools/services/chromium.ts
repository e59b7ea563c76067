import { chromium, type Browser } from 'playwright-core';
import { oneAtATime } from './one-at-a-time';

/**
 * The npm build of Chromium runs anywhere without installed libraries, but only when it believes
 * to be on AWS Lambda does it unpack those it brings along.
 */
const lambdaMark = 'AWS_Lambda_nodejs20.x';

/** No sandbox and no shared memory: containers have neither. Drawing is done in software. */
const args = [
  '--no-sandbox',
  '--disable-dev-shm-usage',
  '--use-gl=angle',
  '--use-angle=swiftshader',
];

/**
 * Starts a headless browser: the one at CHROMIUM_PATH, else the npm build (Linux on x64 only).
 * The caller closes it.
 */
export async function launchChromium(): Promise<Browser> {
  const given = process.env['CHROMIUM_PATH'];
  const executablePath = given === undefined || given === '' ? await npmChromium() : given;
  return chromium.launch({ executablePath, args, headless: true });
}

async function npmChromium(): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `no Chromium for ${process.platform}-${process.arch} comes from npm: set CHROMIUM_PATH`,
    );
  }
  process.env['AWS_EXECUTION_ENV'] ??= lambdaMark;
  const { default: packed } = await import('@sparticuz/chromium');
  // It unpacks itself when it is first used; another suite must not start it half written.
  return oneAtATime('chromium', () => packed.executablePath());
}
