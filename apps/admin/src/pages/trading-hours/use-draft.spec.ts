import type { HoursTemplateDetail } from '@strikewire/contracts';
import { StrikewireError } from '@strikewire/runtime';
import { templateFormat } from '@strikewire/trading-hours';
import { expect, it, vi } from 'vitest';
import { useDraft } from './use-draft';
import { withDay } from './template-edit';

const id = '018f0000-0000-7000-8000-000000000009';
const detailOf = (version: number): HoursTemplateDetail => ({
  id,
  name: 'Test',
  exchange: 'NSE',
  segment: 'fno',
  timeZone: 'Asia/Kolkata',
  active: true,
  version,
  updatedAt: '2026-11-23T10:00:00+05:30',
  warnings: [],
  versions: [],
  body: {
    format: templateFormat,
    name: 'Test',
    exchange: 'NSE',
    segment: 'fno',
    weeks: [{ from: '2015-01-01', days: { mon: [] } }],
  },
});

async function opened(change = vi.fn(async () => detailOf(4))) {
  const template = vi.fn(async () => detailOf(3));
  const draft = useDraft({ template, change }, id);
  await draft.load();
  const edited = withDay(draft.body.value!, 0, 'tue', []);
  return { draft, edited, change, template };
}

it('is saved over the version that was edited, with its note', async () => {
  const { draft, edited, change, template } = await opened();
  expect(draft.isChanged.value).toBe(false);
  draft.edit(edited);
  expect(draft.isChanged.value).toBe(true);
  template.mockResolvedValueOnce({ ...detailOf(4), body: edited });
  expect(await draft.save('  closed on Tuesdays ')).toBe(true);
  expect(change).toHaveBeenCalledWith(id, {
    body: edited,
    version: 3,
    note: 'closed on Tuesdays',
  });
  expect([draft.saved.value?.version, draft.isChanged.value]).toEqual([4, false]);
});

it('keeps what was edited when somebody was quicker, until it is loaded again', async () => {
  const message = 'somebody has changed this template meanwhile: load it again';
  const refusal = new StrikewireError({ kind: 'rejected', code: 'template_changed', message });
  const { draft, edited, template } = await opened(vi.fn(() => Promise.reject(refusal)));
  draft.edit(edited);
  expect(await draft.save('')).toBe(false);
  expect([draft.isOutdated.value, draft.body.value]).toEqual([true, edited]);
  template.mockResolvedValueOnce(detailOf(4));
  await draft.load();
  expect([draft.isOutdated.value, draft.isChanged.value]).toEqual([false, false]);
  expect(draft.saved.value?.version).toBe(4);
});

it('goes back to what is saved, and tells what it needs while it is changed', async () => {
  const { draft, edited } = await opened();
  draft.edit(withDay(edited, 0, 'mon', [{ phase: 'continuous', start: '10:00', end: '09:00' }]));
  expect(Object.keys(draft.needs.value)).toEqual(['weeks.0.days.mon.0.end']);
  draft.undo();
  expect([draft.isChanged.value, draft.needs.value]).toEqual([false, {}]);
});

it('takes changes back one by one, the last one first', async () => {
  const { draft, edited } = await opened();
  expect(draft.canStepBack.value).toBe(false);
  draft.edit(edited);
  draft.edit(withDay(edited, 0, 'wed', []));
  draft.undo();
  draft.stepBack();
  draft.stepBack();
  expect(draft.body.value).toEqual(edited);
  draft.stepBack();
  expect([draft.isChanged.value, draft.canStepBack.value]).toEqual([false, false]);
});
