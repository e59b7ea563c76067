import { expect, it } from 'vitest';

// The machine's own zone has no say; it has to be set before anything looks at it.
process.env['TZ'] = 'Asia/Kolkata';

it('runs on a machine in Asia/Kolkata', () => {
  expect(new Date(2026, 0, 15).getTimezoneOffset()).toBe(-330);
});

await import('./foreign-hours.spec');
await import('./minute-scan.spec');
await import('../presets/named-cases.spec');
