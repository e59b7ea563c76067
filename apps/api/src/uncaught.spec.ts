import { EventEmitter } from 'node:events';
import { createPinoLog } from '@strikewire/platform';
import { describe, expect, it } from 'vitest';
import { watchUncaught } from './uncaught';

function createBench() {
  const events = new EventEmitter();
  const lines: Record<string, unknown>[] = [];
  const log = createPinoLog('info', { write: (line) => void lines.push(JSON.parse(line)) });
  const fails: number[] = [];
  watchUncaught({ log, events, fail: () => void fails.push(lines.length) });
  return { events, lines, fails };
}

describe('what nobody has caught', () => {
  it('is told when it is a promise, with where it comes from, and the platform goes on', () => {
    const { events, lines, fails } = createBench();
    events.emit('unhandledRejection', new Error('left behind'));
    events.emit('unhandledRejection', 'no error at all');
    expect(lines).toMatchObject([
      { level: 'error', reason: 'left behind', stack: expect.stringContaining('uncaught.spec') },
      { level: 'error', reason: 'no error at all' },
    ]);
    expect(fails).toEqual([]);
  });

  it('ends the platform when it is an exception, after it was told', () => {
    const { events, lines, fails } = createBench();
    events.emit('uncaughtException', new TypeError('x is undefined'));
    expect(lines).toMatchObject([{ level: 'error', reason: 'x is undefined' }]);
    expect(fails).toEqual([1]);
  });
});
