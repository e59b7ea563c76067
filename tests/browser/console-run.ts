import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, vi } from 'vitest';
import { launchChromium } from '../../tools/services/chromium';
import { eventually, startRealPlatform, type RealPlatform } from '../support/real-platform';
import { openConsole, type ConsolePage, type Size, type Theme } from './console-page';

/** Of what the API printed, when a test failed. */
const apiTextMax = 3_000;

/** Of one test: each step may take a minute, and with ten programs beside it many take seconds. */
const testWithinMs = 300_000;

/** A running platform and a browser for the tests of one file. */
export interface ConsoleRun {
  readonly platform: RealPlatform;
  /** Opens a page of the console; it is closed after the test. */
  visit(path: string, screen?: { size?: Size; theme?: Theme }): Promise<ConsolePage>;
  /** The body of an answer of the API. */
  read<T>(path: string): Promise<T>;
}

/**
 * Starts both before the first test, and ends them after the last. Chains are live by then, unless
 * the pages under test have none: building them takes the broker's time.
 */
export function useConsole({ hasChains = true }: { hasChains?: boolean } = {}): ConsoleRun {
  vi.setConfig({ testTimeout: testWithinMs, hookTimeout: testWithinMs });
  let platform: RealPlatform;
  let browser: Browser;
  const open = new Set<ConsolePage>();
  const read = async <T>(path: string): Promise<T> =>
    (await (await platform.fetch(path)).json()) as T;

  beforeAll(async () => {
    [platform, browser] = await Promise.all([startRealPlatform(), launchChromium()]);
    if (!hasChains) return;
    const status = (): Promise<{ phase: string }> => read('/api/optionchain/status');
    await eventually(status, ({ phase }) => phase === 'live');
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') {
      for (const opened of open) console.error(`${task.name}\n${await opened.account()}`);
      console.error(platform.api.output().slice(-apiTextMax));
    }
    await Promise.all([...open].map(({ page }) => page.close()));
    open.clear();
  });
  afterAll(async () => {
    await browser?.close();
    await platform?.stop();
  });
  return {
    get platform() {
      return platform;
    },
    async visit(path, screen = {}) {
      const opened = await openConsole(browser, platform.url(path), {
        ...screen,
        headers: platform.headers,
      });
      open.add(opened);
      return opened;
    },
    read,
  };
}
