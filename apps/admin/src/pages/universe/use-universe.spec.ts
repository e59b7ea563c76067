import type { UniverseChange } from '@strikewire/contracts';
import { StrikewireError } from '@strikewire/runtime';
import { describe, expect, it } from 'vitest';
import { ruleOf, universeOf } from './testing';
import { useUniverse, type UniverseDraft } from './use-universe';

const gold = ruleOf('MCX', 'GOLD', 'commodity');

async function opened(
  change: (change: UniverseChange) => Promise<ReturnType<typeof universeOf>>,
): Promise<UniverseDraft> {
  const draft = useUniverse({ read: async () => universeOf(), change });
  await draft.load();
  return draft;
}

describe('the draft of the universe', () => {
  it('is saved over the revision that was edited', async () => {
    const sent: UniverseChange[] = [];
    const draft = await opened(async (change) => {
      sent.push(change);
      return universeOf({ revision: 2, rules: change.rules });
    });
    expect(draft.isChanged.value).toBe(false);
    draft.edit([...draft.rules.value, gold]);
    expect(draft.isChanged.value).toBe(true);
    expect(await draft.save()).toBe(true);
    expect(sent).toEqual([{ revision: 1, rules: [...universeOf().rules, gold] }]);
    expect([draft.saved.value?.revision, draft.isChanged.value]).toEqual([2, false]);
  });

  it('keeps what was edited when somebody else has saved meanwhile, and says so', async () => {
    const message = 'revision 2 of the universe was saved meanwhile';
    const draft = await opened(() =>
      Promise.reject(new StrikewireError({ kind: 'rejected', code: 'universe_changed', message })),
    );
    draft.edit([gold]);
    expect(await draft.save()).toBe(false);
    expect([draft.isOutdated.value, draft.rules.value]).toEqual([true, [gold]]);
    await draft.load();
    expect([draft.isOutdated.value, draft.rules.value]).toEqual([false, universeOf().rules]);
  });

  it('goes back to what is saved, or to the defaults', async () => {
    const draft = await opened(async () => universeOf());
    draft.edit([]);
    draft.undo();
    expect(draft.isChanged.value).toBe(false);
    draft.reset();
    expect(draft.rules.value).toEqual(universeOf().defaults);
    expect(draft.isChanged.value).toBe(true);
  });
});
