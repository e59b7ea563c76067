import type { Page, Request } from 'playwright-core';

/** What a page was doing, for whoever reads why a test of it failed. */
export interface PageWitness {
  /** What the browser's console complained of, and errors that nobody caught. */
  readonly problems: string[];
  /** Its address, what it shows, complaints, and requests that failed or are not answered. */
  account(): Promise<string>;
}

/** Of what is shown. */
const textMax = 2_000;
/** A page that does not tell what it shows within this is stuck. */
const tellWithinMs = 5_000;

export function witnessOf(page: Page): PageWitness {
  const problems: string[] = [];
  const open = new Map<Request, number>();
  const failed: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text());
  });
  page.on('request', (request) => open.set(request, Date.now()));
  page.on('requestfinished', (request) => open.delete(request));
  page.on('requestfailed', (request) => {
    open.delete(request);
    failed.push(`${request.method()} ${request.url()}: ${request.failure()?.errorText ?? ''}`);
  });
  const shown = async (): Promise<string> => {
    const late = new Promise<string>((resolve) => {
      setTimeout(resolve, tellWithinMs, `nothing was told within ${tellWithinMs} ms`);
    });
    const told = page.evaluate(() => `${document.readyState}: ${document.body.innerText}`);
    return Promise.race([told.catch(String), late]);
  };
  return {
    problems,
    async account() {
      const text = await shown();
      const waiting = [...open].map(([request, sinceMs]) =>
        `${request.method()} ${request.url()} for ${Date.now() - sinceMs} ms`);
      return [
        `at ${page.url()}`,
        `shown: ${text.slice(0, textMax)}`,
        `problems: ${problems.join('; ') || 'none'}`,
        `failed requests: ${failed.slice(-10).join('; ') || 'none'}`,
        `unanswered requests: ${waiting.join('; ') || 'none'}`,
      ].join('\n');
    },
  };
}
