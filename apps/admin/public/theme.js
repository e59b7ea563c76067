// Before the first paint: the theme chosen last, so that a light console does not flash dark.
// A file of its own, because the content policy allows no inline script.
try {
  const isLight = localStorage.getItem('strikewire.theme') === 'light';
  document.documentElement.classList.toggle('dark', !isLight);
} catch {
  // Storage may be forbidden: dark stays.
}
