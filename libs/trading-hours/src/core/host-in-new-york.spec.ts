import { expect, it } from 'vitest';

// The machine's own zone has no say; it has to be set before anything looks at it.
process.env['TZ'] = 'America/New_York';

it('runs on a machine in America/New_York', () => {
  expect(new Date(2026, 0, 15).getTimezoneOffset()).toBe(300);
});

await import('./foreign-hours.spec');
await import('./minute-scan.spec');
await import('../presets/named-cases.spec');
