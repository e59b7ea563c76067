import { effectScope, type EffectScope } from 'vue';
import { afterEach, describe, expect, it } from 'vitest';
import { useChainKeys, type ChainKeys } from './chain-keys';

let scope: EffectScope;
afterEach(() => scope.stop());

/** Presses a key; true when the page took it. */
function press(key: string, init: KeyboardEventInit = {}, target: EventTarget = window): boolean {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init });
  return !target.dispatchEvent(event);
}

function listening(keys: Partial<ChainKeys>): void {
  scope = effectScope();
  scope.run(() => useChainKeys(keys));
}

describe('keys of a page', () => {
  it('do what they are for', () => {
    const done: string[] = [];
    listening({
      move: (step) => done.push(`move ${step}`),
      across: (step) => done.push(`across ${step}`),
      heat: () => done.push('heat'),
      greeks: () => done.push('greeks'),
      columns: () => done.push('columns'),
      trade: (side) => done.push(side),
      future: () => done.push('future'),
    });
    const keys = ['ArrowUp', 'PageDown', 'ArrowLeft', 'ArrowRight', 'h', 'g', 'c', 'b', 's', 'f'];
    expect(keys.map((key) => press(key))).not.toContain(false);
    const moved = ['move -1', 'move 15', 'across -1', 'across 1'];
    expect(done).toEqual([...moved, 'heat', 'greeks', 'columns', 'BUY', 'SELL', 'future']);
  });

  it('stay the browser’s without an act, with a modifier, and in fields', () => {
    listening({ find: () => {}, greeks: () => {} });
    const field = document.createElement('input');
    document.body.append(field);
    expect(press('ArrowDown')).toBe(false);
    expect(press('toString')).toBe(false);
    expect(press('b')).toBe(false);
    expect(press('g', { ctrlKey: true })).toBe(false);
    expect(press('g', {}, field)).toBe(false);
    expect(press('g')).toBe(true);
    field.remove();
  });
});
