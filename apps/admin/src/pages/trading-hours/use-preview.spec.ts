import type { TemplatePreview } from '@strikewire/contracts';
import { templateFormat, templateSchema } from '@strikewire/trading-hours';
import type { VirtualClock } from '@strikewire/runtime/virtual';
import { expect, it, vi } from 'vitest';
import { effectScope, nextTick, shallowRef } from 'vue';
import { servicesOf } from '../../testing';
import { usePreview } from './use-preview';

const bodyOf = (name: string) =>
  templateSchema.parse({
    format: templateFormat,
    name,
    exchange: 'NSE',
    segment: 'fno',
    weeks: [{ from: '2015-01-01', days: { mon: [] } }],
  });

it('asks once what was typed last, and drops an answer that comes too late', async () => {
  const asked: string[] = [];
  interface Ask {
    body: { name?: unknown };
  }
  const preview = vi.fn(async ({ body }: Ask): Promise<TemplatePreview> => {
    asked.push(String(body.name));
    return { days: [], warnings: [String(body.name)] };
  });
  const services = servicesOf({}, { api: { hours: { preview } as never } });
  const clock = services.clock as VirtualClock;
  const draft = shallowRef<ReturnType<typeof bodyOf> | null>(bodyOf('first'));
  const scope = effectScope();
  const shown = scope.run(() => usePreview(services, 'id', () => draft.value))!;
  await clock.advance(1);
  expect([asked, shown.isOld.value]).toEqual([['first'], false]);

  for (const name of ['f', 'fi', 'fin']) {
    draft.value = bodyOf(name);
    await nextTick();
    expect(shown.isOld.value).toBe(true);
    await clock.advance(100);
  }
  await clock.advance(400);
  expect([asked, shown.data.value?.warnings]).toEqual([['first', 'fin'], ['fin']]);

  draft.value = null;
  await nextTick();
  await clock.advance(1_000);
  expect([asked.length, shown.isOld.value]).toEqual([2, true]);
  scope.stop();
});
