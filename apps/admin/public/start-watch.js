// Before all others, which it watches too. The first files of the console are asked for once by a
// browser: when one of them does not come, nothing runs that could say so, and the page would stay
// empty. It is opened anew once, as soon as the platform answers, and what is wrong is told when
// that did not help. A file of its own, because the content policy allows no inline script.
(() => {
  const triedKey = 'strikewire.start-tried';
  const lateMs = 30_000;
  const askAgainMs = 5_000;
  let isLost = false;

  const place = () => document.getElementById('app');
  // Put there by Vue.
  const hasBegun = () => place()?.hasAttribute('data-v-app') === true;
  const memory = (use) => {
    try {
      return use(sessionStorage);
    } catch {
      // Forbidden: then it is not opened by itself, which would have no end.
      return undefined;
    }
  };

  const tell = () => {
    const [root, title, what, again] = ['div', 'h1', 'p', 'button'].map((name) =>
      document.createElement(name));
    root.setAttribute('role', 'alert');
    root.style.padding = '24px';
    title.textContent = 'The console could not be loaded';
    what.textContent = 'Its files did not come. Check the connection, and that the server runs.';
    what.style.margin = '8px 0 16px';
    again.textContent = 'Load again';
    again.className = 'button primary';
    again.addEventListener('click', () => location.reload());
    root.append(title, what, again);
    place()?.replaceChildren(root);
  };

  const openAnew = async (isNeeded) => {
    // Not only that it answers: while it is updated there may be no page for a moment.
    const answer = await fetch('/index.html', {
      cache: 'no-store',
      signal: AbortSignal.timeout(askAgainMs),
    }).catch(() => undefined);
    if (!isNeeded()) return;
    if (answer?.ok !== true) {
      setTimeout(openAnew, askAgainMs, isNeeded);
      return;
    }
    memory((storage) => storage.setItem(triedKey, 'yes'));
    if (memory((storage) => storage.getItem(triedKey)) === 'yes') location.reload();
  };

  const lost = (isUnstyled) => {
    if (isLost || hasBegun()) return;
    isLost = true;
    // Without its styles it can be used, and says what it has to.
    if (!isUnstyled) tell();
    const isTried = memory((storage) => storage.getItem(triedKey)) === 'yes';
    if (!isTried) void openAnew(() => isUnstyled || !hasBegun());
  };

  // What does not come is told to its element alone, and on the way there.
  addEventListener('error', ({ target }) => {
    const isStyle = target instanceof HTMLLinkElement && target.rel === 'stylesheet';
    const isEntry = target instanceof HTMLScriptElement && target.type === 'module';
    // Styles hold back the entry: once it has run they are those of a page, which is looked after.
    if (isStyle) lost(true);
    if (isEntry) onceRead(() => lost(false));
  }, true);
  addEventListener('load', () => {
    if (hasBegun()) memory((storage) => storage.removeItem(triedKey));
  });
  setTimeout(lost, lateMs, false);

  /** The head is read before there is a place to tell it. */
  function onceRead(act) {
    if (document.readyState !== 'loading') act();
    else document.addEventListener('DOMContentLoaded', act, { once: true });
  }
})();
