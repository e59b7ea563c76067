import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '@strikewire/runtime';
import { createVirtualClock } from '@strikewire/runtime/virtual';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NewestEntry } from './newest-entry';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strikewire-newest-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the newest entry', () => {
  const begin = () => {
    const clock = createVirtualClock(0);
    const state = join(folder, 'state');
    const file = join(state, 'activity.head');
    const newest = new NewestEntry({ clock, log: silentLog, mac: (text) => text, file });
    return { clock, newest, state, kept: () => JSON.parse(readFileSync(file, 'utf8')) as unknown };
  };

  it('is alone in its folder after a stop in the middle of writing it', async () => {
    const { clock, newest, state, kept } = begin();
    newest.note({ sequence: 1, hash: 'one', seal: 'a' });
    // It is being written by now.
    await clock.advance(1_000);
    await newest.stop();
    expect(kept()).toMatchObject({ sequence: 1, hash: 'one' });
    expect(readdirSync(state)).toEqual(['activity.head']);
  });

  it('is in its file after a stop in the middle of writing an earlier one', async () => {
    const { clock, newest, kept } = begin();
    newest.note({ sequence: 1, hash: 'one', seal: 'a' });
    await clock.advance(1_000);
    newest.note({ sequence: 2, hash: 'two', seal: 'b' });
    await newest.stop();
    expect(kept()).toMatchObject({ sequence: 2, hash: 'two' });
  });

  it('is written at a stop when its second is not over', async () => {
    const { newest, kept } = begin();
    newest.note({ sequence: 1, hash: 'one', seal: 'a' });
    await newest.stop();
    expect(kept()).toMatchObject({ sequence: 1 });
  });
});
