import type { HoursStatus, HoursTemplateDetail, HoursTemplates } from '@strikewire/contracts';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { barriersIn, overflowOf, pressBy, soon } from './console-page';
import { useConsole } from './console-run';

const run = useConsole({ hasChains: false });
const copy = 'NSE F&O with Muhurat';

async function typeInto(page: Page, label: string, text: string): Promise<void> {
  const field = page.getByLabel(label, { exact: true });
  await field.focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type(text);
}

const button = (page: Page, name: string): Locator =>
  page.getByRole('button', { name, exact: true });

async function templateNamed(name: string): Promise<HoursTemplateDetail> {
  const { templates } = await run.read<HoursTemplates>('/api/trading-hours/templates');
  const id = templates.find((one) => one.name === name)?.id ?? '';
  return run.read(`/api/trading-hours/templates/${id}`);
}

/** The first Sunday after today of which a template says nothing: some are special already. */
async function nextSunday(template: string): Promise<string> {
  const { now } = await run.read<HoursStatus>('/api/trading-hours/status');
  const { body } = await templateNamed(template);
  const { dates } = body as unknown as { dates: { date: string }[] };
  const today = Date.parse(`${now.slice(0, 10)}T00:00:00Z`);
  const days = 7 - new Date(today).getUTCDay();
  const sundays = [days, days + 7].map((more) =>
    new Date(today + more * 86_400_000).toISOString().slice(0, 10));
  return sundays.find((sunday) => !dates.some(({ date }) => date === sunday)) ?? '';
}

describe.each([
  ['desktop', 'dark'],
  ['desktop', 'light'],
  ['phone', 'dark'],
  ['phone', 'light'],
] as const)('on a %s screen, %s', (size, theme) => {
  it('hours and a template are readable for everybody and fit', async () => {
    const { page, problems } = await run.visit('/hours', { size, theme });
    await page.locator('.segments').getByText('NSE F&O', { exact: true }).first().waitFor();
    expect([await overflowOf(page), await barriersIn(page)]).toEqual([0, []]);
    await pressBy(page.getByRole('link', { name: 'Edit NSE F&O', exact: true }));
    await page.getByText('As they are saved.').waitFor();
    await pressBy(page.locator('.week').getByRole('button', { name: /^Monday/ }));
    await page.getByLabel('Monday window 1 start').waitFor();
    expect([await overflowOf(page), await barriersIn(page)]).toEqual([0, []]);
    expect(problems).toEqual([]);
  });
});

describe('an admin', () => {
  it('copies a template, adds a special day, saves and applies it, by keys alone', async () => {
    const { page, problems } = await run.visit('/hours');
    await pressBy(button(page, 'Duplicate NSE F&O'));
    await page.locator('.el-dialog input:focus').waitFor();
    await typeInto(page, 'Name', copy);
    await page.keyboard.press('Enter');
    await pressBy(page.getByRole('link', { name: `Edit ${copy}`, exact: true }));
    await page.getByText('As they are saved.').waitFor();

    const sunday = await nextSunday(copy);
    await pressBy(button(page, 'Add a date'));
    await page.locator('.el-dialog input:focus').waitFor();
    await page.getByLabel('Date', { exact: true }).fill(sunday);
    await pressBy(button(page, 'Add'));
    await page.getByRole('dialog').locator('.need').first().waitFor();
    await typeInto(page, 'Name', 'Muhurat trading');
    await page.getByLabel('Kind').focus();
    await page.keyboard.type('Special');
    await typeInto(page, 'Special window 1 end', '1930');
    expect(await barriersIn(page)).toEqual([]);
    await page.keyboard.press('Enter');
    const day = page.locator('.days li.changed');
    await day.getByText('Muhurat trading').waitFor();
    await day.filter({ hasText: '18:00–19:30' }).waitFor();
    expect(await day.count()).toBe(1);

    await typeInto(page, 'Note optional', 'Diwali');
    await page.keyboard.press('Enter');
    await page.getByText('Saved as version 2.').waitFor();
    await page.getByRole('listitem').filter({ hasText: 'Diwali' }).waitFor();
    const { body } = await templateNamed(copy);
    expect((body as { dates: unknown[] }).dates).toContainEqual({
      kind: 'special',
      date: sunday,
      name: 'Muhurat trading',
      windows: [{ phase: 'continuous', start: '18:00', end: '19:30' }],
    });

    await pressBy(page.getByRole('link', { name: 'All templates' }));
    await pressBy(button(page, `Apply ${copy}`));
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Of the next 14 days 1 will be others:').waitFor();
    await dialog.getByText('Muhurat trading').waitFor();
    await pressBy(dialog.getByRole('button', { name: 'Apply', exact: true }));
    await dialog.getByText('The session that follows:').waitFor();
    await pressBy(dialog.getByRole('button', { name: 'Close', exact: true }));
    await page.getByRole('row', { name: copy }).getByText('applied', { exact: true }).waitFor();
    const { segments } = await run.read<HoursStatus>('/api/trading-hours/status');
    expect(segments.map(({ template }) => template.name)).toContain(copy);
    await page.locator('.segments').getByText(copy).waitFor();
    expect(problems).toEqual([]);
  });

  it('is told of a conflict at the field, and can split, remove and undo', async () => {
    const { page } = await run.visit('/hours');
    await pressBy(page.getByRole('link', { name: 'Edit 24x7' }));
    await pressBy(page.locator('.week').getByRole('button', { name: /^Tuesday/ }));
    await pressBy(button(page, 'Split Tuesday window 1'));
    await typeInto(page, 'Tuesday window 1 split at', '24:30');
    await page.keyboard.press('Enter');
    await page.getByText('needs a time within the window').waitFor();
    await typeInto(page, 'Tuesday window 1 split at', '1200');
    await page.keyboard.press('Enter');
    await typeInto(page, 'Tuesday window 2 start', '11:30');
    await page.getByText(/^needs to be at or after 12:00/).waitFor();
    await expect.poll(() => button(page, 'Save').isDisabled(), soon).toBe(true);
    await typeInto(page, 'Tuesday window 2 start', '12:30');
    await page.locator('.days li.changed').first().waitFor();
    await expect.poll(() => button(page, 'Save').isEnabled(), soon).toBe(true);
    await pressBy(button(page, 'Copy Tuesday to other days'));
    await pressBy(page.getByRole('checkbox', { name: 'Wednesday' }), 'Space');
    await pressBy(button(page, 'Copy'));
    await expect.poll(() => page.locator('.days li.changed').count(), soon).toBe(4);
    await pressBy(button(page, 'Undo all changes'));
    await page.getByText('As they are saved.').waitFor();
  });

  it('never overwrites what somebody else has saved meanwhile', async () => {
    const { page } = await run.visit('/hours');
    await pressBy(page.getByRole('link', { name: 'Edit 24x7' }));
    await pressBy(page.locator('.week').getByRole('button', { name: /^Tuesday/ }));
    await pressBy(button(page, 'Remove Tuesday window 1'));
    const { id, body, version } = await templateNamed('24x7');
    const answer = await run.platform.fetch(`/api/trading-hours/templates/${id}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ body, version, note: 'from elsewhere' }),
    });
    expect(answer.status).toBe(200);
    await pressBy(button(page, 'Save'));
    await page.getByText('Somebody has saved another version meanwhile').waitFor();
    expect(await barriersIn(page)).toEqual([]);
    await pressBy(button(page, 'Drop mine and load again'));
    await page.getByText('from elsewhere').waitFor();
    await page.getByText('As they are saved.').waitFor();
  });

  it('imports what was exported; a bad file is refused whole, each field by name', async () => {
    const { page } = await run.visit('/hours');
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      pressBy(button(page, 'Export 24x7')),
    ]);
    expect(file.suggestedFilename()).toBe('24x7.json');
    const { body } = await templateNamed('24x7');
    const given = async (changes: Record<string, unknown>): Promise<void> => {
      const text = JSON.stringify({ ...body, ...changes }, null, 2);
      const buffer = Buffer.from(text);
      const input = page.getByLabel('File');
      await input.setInputFiles({ name: '24x7.json', mimeType: 'application/json', buffer });
      await pressBy(button(page, 'Import').last());
    };
    await pressBy(button(page, 'Import'));
    // Once it has the focus, the dialog has faded in.
    await page.locator('.el-dialog input:focus').waitFor();
    await given({ exchange: 'nse', timeZone: 'India' });
    const row = (name: RegExp): Locator => page.getByRole('dialog').getByRole('row', { name });
    await row(/line \d+, exchange capitals and digits/).waitFor();
    await row(/line \d+, timeZone an IANA time zone/).waitFor();
    expect(await barriersIn(page)).toEqual([]);
    await given({ name: 'Imported' });
    await page.getByRole('row', { name: 'Imported' }).waitFor();
    await pressBy(button(page, 'Delete Imported'));
    await page.locator('.el-dialog input:focus').waitFor();
    await page.keyboard.type('delete');
    await page.keyboard.press('Enter');
    await page.getByRole('row', { name: 'Imported' }).waitFor({ state: 'detached' });
  });
});
