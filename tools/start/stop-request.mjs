// @ts-check
/** How often to look whether the npm that started us is still there. */
const parentCheckMs = 200;

/** One Ctrl-C comes twice, from the terminal and from npm; a second one of a person is later. */
const sameRequestMs = 500;

/** A closed terminal counts only where there is one: `nohup` wants to survive it. */
/** @type {NodeJS.Signals[]} */
const signals = process.stdout.isTTY ? ['SIGINT', 'SIGTERM', 'SIGHUP'] : ['SIGINT', 'SIGTERM'];

/**
 * Listens for Ctrl-C and its kin, and for the end of the npm that runs us (killed with -9 it
 * cannot tell). `asked` resolves once; a second request runs what `onSecond` was given.
 */
export function stopRequest() {
  /** @type {() => void} */
  let settle = () => undefined;
  /** @type {() => void} */
  let second = () => undefined;
  const asked = new Promise((resolve) => (settle = () => resolve(undefined)));
  const parent = process.ppid;
  const byNpm = process.env['npm_lifecycle_event'] === 'start';
  let firstMs = 0;
  const request = {
    requested: false,
    /** @type {Promise<undefined>} */
    asked,
    onSecond: (/** @type {() => void} */ run) => void (second = run),
    dispose() {
      clearInterval(timer);
      for (const name of signals) process.off(name, onSignal);
    },
  };
  const onSignal = () => {
    if (!request.requested) firstMs = performance.now();
    else if (performance.now() - firstMs > sameRequestMs) second();
    request.requested = true;
    settle();
  };
  const timer = setInterval(() => {
    if (byNpm && process.ppid !== parent && !request.requested) onSignal();
  }, parentCheckMs);
  for (const name of signals) process.on(name, onSignal);
  return request;
}
