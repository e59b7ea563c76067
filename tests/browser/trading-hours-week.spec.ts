import { readFile } from 'node:fs/promises';
import type {
  HoursStatus, HoursTemplate, HoursTemplateDetail, HoursTemplates,
} from '@strikewire/contracts';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import {
  barriersIn, overflowOf, pressBy, soon, type ConsolePage, type Size, type Theme,
} from './console-page';
import { useConsole } from './console-run';

const run = useConsole({ hasChains: false });
const templates = '/api/trading-hours/templates';

interface Window {
  phase: string;
  start: string;
  end: string | { daylight: string; standard: string };
}
interface Body {
  weeks: { from: string; days: Record<string, Window[]> }[];
  dates: { date: string; kind: string; name: string }[];
}

async function templateNamed(name: string): Promise<HoursTemplate> {
  const listed = await run.read<HoursTemplates>(templates);
  return listed.templates.find((one) => one.name === name) as HoursTemplate;
}

async function bodyOf(id: string): Promise<Body> {
  const { body } = await run.read<HoursTemplateDetail>(`${templates}/${id}`);
  return body as unknown as Body;
}

/** Opens a copy of a preset, so that no test sees what another has saved. */
async function visitCopy(
  preset: string,
  name: string,
  screen: { size?: Size; theme?: Theme } = {},
): Promise<ConsolePage & { id: string }> {
  const { id: original } = await templateNamed(preset);
  const answer = await run.platform.fetch(`${templates}/${original}/duplicate`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name }),
  });
  const { id } = (await answer.json()) as HoursTemplate;
  const opened = await run.visit(`/hours/${id}`, screen);
  await opened.page.locator('[data-window]').first().waitFor();
  await opened.page.getByText('As they are saved.').waitFor();
  return { ...opened, id };
}

const windowAt = (page: Page, key: string): Locator => page.locator(`[data-window="${key}"]`);
const button = (page: Page, name: string): Locator =>
  page.getByRole('button', { name, exact: true });

/** Waits until a window says these hours. */
async function untilHours(page: Page, key: string, hours: string): Promise<void> {
  await windowAt(page, key).getByText(hours).waitFor();
}

interface Point {
  x: number;
  y: number;
}

/** Where a window is; `minutes`: how long it lasts. */
async function placeOf(page: Page, key: string, minutes: number) {
  const box = await windowAt(page, key).boundingBox();
  if (!box) throw new Error(`${key} is not drawn`);
  // The border of the window is around it.
  const perMinute = (box.height + 2) / minutes;
  return {
    x: box.x + box.width / 2,
    /** The middle of the step of 5 minutes that begins so many minutes after the window does. */
    at: (after: number): number => box.y - 1 + (after + 2.5) * perMinute,
  };
}

async function dragMouse({ mouse }: Page, from: Point, to: Point): Promise<void> {
  await mouse.move(from.x, from.y);
  await mouse.down();
  await mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 3 });
  await mouse.move(to.x, to.y, { steps: 3 });
  await mouse.up();
}

async function settled({ page, problems }: ConsolePage): Promise<void> {
  expect([await overflowOf(page), await barriersIn(page)]).toEqual([0, []]);
  expect(problems).toEqual([]);
}

describe('the week grid by mouse', () => {
  it('moves, stretches, adds and splits windows, shows conflicts, undoes and saves', async () => {
    const opened = await visitCopy('NSE F&O', 'By mouse');
    const { page, id } = opened;
    await windowAt(page, 'mon-2').scrollIntoViewIfNeeded();
    await untilHours(page, 'mon-2', '09:15–15:40');
    await button(page, 'Smaller').click();

    const monday = await placeOf(page, 'mon-2', 385);
    const { x } = monday;
    await dragMouse(page, { x, y: monday.at(60) }, { x, y: monday.at(80) });
    await untilHours(page, 'mon-2', '09:35–16:00');

    const tuesday = await placeOf(page, 'tue-2', 385);
    const edge = { x: tuesday.x, y: tuesday.at(380) };
    await dragMouse(page, edge, { ...edge, y: tuesday.at(340) });
    await untilHours(page, 'tue-2', '09:15–15:00');
    const top = { x: tuesday.x, y: tuesday.at(0) };
    await dragMouse(page, top, { ...top, y: tuesday.at(30) });
    await untilHours(page, 'tue-2', '09:45–15:00');

    const friday = await placeOf(page, 'fri-2', 385);
    const wide = friday.x - (await placeOf(page, 'thu-2', 385)).x;
    const y = friday.at(100);
    await dragMouse(page, { x: friday.x, y }, { x: friday.x + wide, y });
    await untilHours(page, 'sat-0', '09:15–15:40');
    await windowAt(page, 'fri-2').waitFor({ state: 'detached' });

    const sunday = friday.x + 2 * wide;
    await dragMouse(page, { x: sunday, y: friday.at(30) }, { x: sunday, y: friday.at(85) });
    await untilHours(page, 'sun-0', '09:45–10:45');
    await button(page, 'Split it').click();
    await page.keyboard.press('Enter');
    await untilHours(page, 'sun-1', '10:15–10:45');
    await button(page, 'Remove it').click();
    await windowAt(page, 'sun-1').waitFor({ state: 'detached' });

    await windowAt(page, 'wed-0').scrollIntoViewIfNeeded();
    const wednesday = await placeOf(page, 'wed-2', 385);
    const start = { x: wednesday.x, y: wednesday.at(0) };
    await dragMouse(page, start, { ...start, y: wednesday.at(-30) });
    const conflicts = page.getByRole('list', { name: 'Conflicts of the week' });
    await conflicts.getByText(/Wednesday, pre-open, .*needs to be at or after 15:40/).waitFor();
    await expect.poll(() => button(page, 'Save').isDisabled(), soon).toBe(true);
    await page.locator('.window.wrong').first().waitFor();
    await settled(opened);
    await button(page, 'Undo').click();
    await conflicts.waitFor({ state: 'detached' });
    await untilHours(page, 'wed-2', '09:15–15:40');

    await button(page, 'Save').click();
    await page.getByText('Saved as version 2.').waitFor();
    const { weeks } = await bodyOf(id);
    const days = weeks.at(-1)?.days ?? {};
    const hoursOf = (day: string): string[] =>
      (days[day] ?? []).map(({ start, end }) => `${start}-${String(end)}`);
    expect(hoursOf('mon').at(-1)).toBe('09:35-16:00');
    expect(hoursOf('tue').at(-1)).toBe('09:45-15:00');
    expect(hoursOf('wed').at(-1)).toBe('09:15-15:40');
    expect([hoursOf('fri').length, hoursOf('sat')]).toEqual([2, ['09:15-15:40']]);
    expect(hoursOf('sun')).toEqual(['09:45-10:15']);
  });
});

describe('the week grid by keys alone', () => {
  it('moves, stretches, splits, removes and adds; what happened is said', async () => {
    const opened = await visitCopy('NSE F&O', 'By keys', { theme: 'light' });
    const { page, id } = opened;
    const said = page.locator('.week-grid [aria-live]');
    const press = (key: string): Promise<void> => page.keyboard.press(key);
    const untilFocused = (key: string): Promise<void> =>
      page.locator(`[data-window="${key}"]:focus`).waitFor();
    await windowAt(page, 'mon-1').focus();
    await press('Tab');
    await untilFocused('mon-2');
    await press('ArrowDown');
    await untilHours(page, 'mon-2', '09:20–15:45');
    await said.getByText('Monday, continuous trading, 09:20 to 15:45, tradable.').waitFor();
    await press('Shift+ArrowUp');
    await untilHours(page, 'mon-2', '09:20–15:40');
    await press('Alt+ArrowDown');
    await untilHours(page, 'mon-2', '09:25–15:40');
    await untilFocused('mon-2');

    await press('s');
    await page.getByLabel('Split the picked window at').waitFor();
    await page.keyboard.type('16:00');
    await press('Enter');
    await page.getByText('needs a time within the window').waitFor();
    await press('ControlOrMeta+a');
    await page.keyboard.type('1200');
    await press('Enter');
    await untilFocused('mon-3');
    await untilHours(page, 'mon-3', '12:00–15:40');
    await press('Alt+ArrowDown');
    await untilHours(page, 'mon-3', '12:05–15:40');
    await press('ArrowUp');
    await page.getByRole('list', { name: 'Conflicts of the week' }).getByText(
      /12:00 to 15:35, .*needs to be at or after 12:00/,
    ).waitFor({ state: 'detached' });
    await press('ArrowUp');
    const conflicts = page.getByRole('list', { name: 'Conflicts of the week' });
    await conflicts.getByText(/11:55 to 15:30, .*needs to be at or after 12:00/).waitFor();
    await press('ControlOrMeta+z');
    await conflicts.waitFor({ state: 'detached' });

    await windowAt(page, 'fri-2').focus();
    await press('ArrowRight');
    await untilFocused('sat-0');
    await press('n');
    await untilFocused('sat-1');
    await untilHours(page, 'sat-1', '15:40–16:40');
    await press('Delete');
    await windowAt(page, 'sat-1').waitFor({ state: 'detached' });
    await untilFocused('sat-0');
    await settled(opened);

    await press('Enter');
    await page.locator('select[aria-label="Saturday window 1 phase"]:focus').waitFor();
    await windowAt(page, 'sat-0').focus();
    await press('Escape');
    await page.locator('.week button:focus').waitFor();
    await pressBy(button(page, 'Save'));
    await page.getByText('Saved as version 2.').waitFor();
    const { weeks } = await bodyOf(id);
    const { mon = [], sat } = weeks.at(-1)?.days ?? {};
    expect(mon.slice(2)).toEqual([
      { phase: 'continuous', start: '09:25', end: '12:00' },
      { phase: 'continuous', start: '12:00', end: '15:35' },
    ]);
    expect(sat).toEqual([{ phase: 'continuous', start: '09:15', end: '15:40' }]);
  });

  it('says why an end that follows New York is not moved', async () => {
    const { page } = await visitCopy('MCX non-agri', 'By New York', { size: 'tablet' });
    const key = await page.locator('.window.ruled [data-window^=mon]').getAttribute('data-window');
    const window = windowAt(page, key ?? '');
    const before = await window.innerText();
    await window.focus();
    await page.keyboard.press('Shift+ArrowDown');
    await page.getByText(/^Its end follows New York's daylight time/).waitFor();
    expect(await window.innerText()).toBe(before);
    expect(await page.locator('.window.ruled .edge.foot').count()).toBe(0);
    expect(await page.locator('.window.ruled .edge.top').count()).toBeGreaterThan(0);
    expect([await overflowOf(page), await barriersIn(page)]).toEqual([0, []]);
  });
});

describe('the week grid on a phone', () => {
  it('shows a day at a time, and windows are dragged by touch', async () => {
    const opened = await visitCopy('NSE equity', 'By touch', { size: 'phone' });
    const { page } = opened;
    const days = page.getByRole('group', { name: 'Day' });
    await days.getByRole('button', { name: 'Tuesday' }).click();
    await windowAt(page, 'tue-0').waitFor();
    await windowAt(page, 'mon-0').waitFor({ state: 'detached' });
    // Second in the list, though not of the day: of block deals.
    const window = windowAt(page, 'tue-1');
    await window.scrollIntoViewIfNeeded();
    await window.getByText('14:05–14:20').waitFor();
    const { x, at } = await placeOf(page, 'tue-1', 15);
    const touch = await page.context().newCDPSession(page);
    const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', y?: number): Promise<unknown> =>
      touch.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: y === undefined ? [] : [{ x, y }],
      });
    await send('touchStart', at(5));
    await page.locator('.window.lifted').last().waitFor();
    await send('touchMove', at(0));
    await send('touchMove', at(-5));
    await send('touchEnd');
    await untilHours(page, 'tue-5', '13:55–14:10');
    await settled(opened);
    await button(page, 'To the day after').click();
    await windowAt(page, 'wed-0').waitFor();
    const wednesday = days.getByRole('button', { name: 'Wednesday' });
    await expect.poll(() => wednesday.getAttribute('aria-pressed'), soon).toBe('true');
  });
});

describe('holidays from a file', () => {
  const header = 'date,exchange,kind,open,close,description,source';
  const fileOf = (text: string, name = 'nse-2027.csv') => {
    return { name, mimeType: 'text/csv', buffer: Buffer.from(text) };
  };

  /** A weekday within the 60 days that are shown, and a day years ahead; neither is known. */
  async function freeDates(known: readonly string[]): Promise<[near: string, far: string]> {
    const { now } = await run.read<HoursStatus>('/api/trading-hours/status');
    const days = Array.from({ length: 40 }, (_, day) =>
      new Date(Date.parse(`${now.slice(0, 10)}T00:00:00Z`) + (day + 5) * 86_400_000));
    const near = days.filter((day) => day.getUTCDay() % 6 !== 0)
      .map((day) => day.toISOString().slice(0, 10))
      .find((day) => !known.includes(day));
    return [near ?? '', `${Number(now.slice(0, 4)) + 3}-01-26`];
  }

  it('are shown before they are taken; a bad file is refused whole', async () => {
    const opened = await visitCopy('NSE F&O', 'From a file', { size: 'phone', theme: 'light' });
    const { page, id, problems } = opened;
    const before = (await bodyOf(id)).dates;
    const [near, far] = await freeDates(before.map(({ date }) => date));
    const taken = before.find(({ date }) => date.slice(0, 4) === near.slice(0, 4));
    await button(page, 'Import holidays').click();
    await page.locator('.el-dialog input:focus').waitFor();
    const dialog = page.getByRole('dialog');
    const choose = (text: string, name?: string): Promise<void> =>
      dialog.getByLabel('File', { exact: true }).setInputFiles(fileOf(text, name));
    await choose('x', 'holidays.xlsx');
    await dialog.getByText('Needs a .csv, .ics or .json file').waitFor();

    const bad = [header, '2027-02-30,NSE,full_day,,,Nowhere,', '2027-03-05,NSE,holiday,,,Odd,'];
    await choose(bad.join('\n'));
    await dialog.getByRole('row', { name: /^line 2, date / }).waitFor();
    await dialog.getByRole('row', { name: /^line 3, kind / }).waitFor();
    expect([await overflowOf(page), await barriersIn(page)]).toEqual([0, []]);
    // The browser notes the refusal; nothing else.
    expect(problems.splice(0).filter((text) => !text.includes('status of 400'))).toEqual([]);

    const rows = [
      `${near},NSE,full_day,,,Elections,circular`,
      `${far},NSE,full_day,,,Republic Day,circular`,
    ];
    await choose([header, ...rows].join('\n'));
    await dialog.getByText(/^2 added, \d+ removed/).waitFor();
    const list = dialog.getByRole('list', { name: 'Dates that change' });
    await list.getByText(taken?.name ?? '').first().waitFor();
    await dialog.getByText('Merge', { exact: true }).click();
    await dialog.getByText('2 added, 0 removed').waitFor();
    await list.getByText('Republic Day').waitFor();
    await dialog.getByText('Of the next 60 days').waitFor();
    await dialog.locator('.days').getByText('Elections').waitFor();
    expect((await bodyOf(id)).dates).toEqual(before);
    await settled(opened);

    await button(page, 'Apply and save').click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('holidays from nse-2027.csv').waitFor();
    const after = (await bodyOf(id)).dates;
    expect(after.length).toBe(before.length + 2);
    expect(after).toContainEqual(
      expect.objectContaining({ date: far, kind: 'closed', name: 'Republic Day' }),
    );

    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Export dates as CSV' }).click(),
    ]);
    expect(file.suggestedFilename()).toBe('nse-fno-holidays.csv');
    expect(await readFile(await file.path(), 'utf8')).toContain(`${far},NSE,full_day`);
  });
});
