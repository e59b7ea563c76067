import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
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
  it('is in its file after a stop in the middle of writing an earlier one', async () => {
    const file = join(folder, 'state', 'activity.head');
    const clock = createVirtualClock(0);
    const newest = new NewestEntry({ clock, log: silentLog, mac: (text) => text, file });
    newest.note({ sequence: 1, hash: 'one', seal: 'a' });
    // It is being written by now.
    await clock.advance(1_000);
    newest.stop();
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ sequence: 1, hash: 'one' });
    await wait(200);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ sequence: 1 });
  });
});
