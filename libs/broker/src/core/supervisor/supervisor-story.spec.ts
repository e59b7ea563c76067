import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { supervisorTimes, type SupervisorState } from './supervisor-state';
import { account, Drive } from './testing/drive';

describe('whatever happens', () => {
  const ids = ['a', 'b', 'x', 'y'];
  const accounts = [account('a'), account('b', 'home', false), account('x', 'other'),
    account('y', 'third', false)];
  const id = fc.constantFrom(...ids);
  const event = fc.oneof(
    { weight: 6, arbitrary: fc.record({
      type: fc.constant('feed' as const), account: id,
      wanted: fc.constantFrom(0, 1, 4), live: fc.constantFrom(0, 0, 1),
    }) },
    fc.record({
      type: fc.constant('refused' as const), account: id,
      kind: fc.constantFrom('auth' as const, 'suspended' as const, 'parked' as const),
      reason: fc.constant('refused'), isRest: fc.boolean(),
    }),
    fc.record({ type: fc.constant('renewed' as const), account: id, isGranted: fc.boolean(),
      reason: fc.constant('') }),
    fc.record({ type: fc.constant('admitted' as const), account: id }),
    { weight: 3, arbitrary: fc.record({
      type: fc.constant('rest' as const), account: id, class: fc.constant('chain'),
      endpoint: fc.constantFrom('chain', 'quote'),
      outcome: fc.constantFrom('answered' as const, 'throttled' as const, 'failed' as const),
    }) },
    fc.record({
      type: fc.constant('accounts' as const), accounts: fc.subarray(accounts),
      forced: fc.option(id), drained: fc.subarray(ids).map((some) => new Set(some.slice(0, 1))),
    }),
    fc.constant({ type: 'look' as const }),
  );
  const story = fc.array(fc.tuple(fc.integer({ min: 0, max: 40_000 }), event), { maxLength: 120 });

  it('nobody who was refused, drained or taken away carries, and somebody always tries', () => {
    fc.assert(fc.property(story, (steps) => {
      const drive = new Drive(accounts);
      for (const [ms, next] of steps) {
        drive.pass(ms);
        drive.tell(next);
        const { state } = drive;
        const able = state.accounts.filter(({ standing, id: one }) =>
          (standing === 'fit' || standing === 'lost') && !state.drained.has(one));
        for (const one of [...state.carriers, ...state.reserve]) {
          expect(able.map((it) => it.id)).toContain(one);
        }
        expect(new Set([...state.carriers, ...state.reserve]).size).toBe(able.length);
        expect(state.carriers.length > 0).toBe(able.length > 0);
      }
    }));
  });

  it('whoever fails comes back late, unless nobody else is well', () => {
    fc.assert(fc.property(story, (steps) => {
      const drive = new Drive(accounts);
      for (const [ms, next] of steps) {
        if (next.type === 'accounts') continue;
        drive.pass(ms);
        const before = drive.state;
        drive.tell(next);
        const came = drive.carriers.filter((one) => !before.carriers.includes(one));
        for (const one of came) {
          const it = drive.state.accounts.find((other) => other.id === one);
          if (!it || it.standing !== 'fit' || it.fitMono === -Infinity) continue;
          const rested = drive.nowMono - it.fitMono >= supervisorTimes.returnMs;
          const others = drive.carriers.filter((other) => other !== one);
          expect(rested || others.every((other) => came.includes(other))).toBe(true);
        }
      }
    }));
  });

  it('no token is had anew twice within its time, and looks are always ahead', () => {
    fc.assert(fc.property(story, (steps) => {
      const drive = new Drive(accounts);
      const renewedMono = new Map<string, number>();
      const versions = new Map<string, number>();
      /** A token that was had anew makes other credentials. */
      const granted = (id: string): void => {
        versions.set(id, (versions.get(id) ?? 0) + 1);
        drive.accounts(drive.state.accounts.map((one) => ({
          ...one, version: versions.get(one.id) ?? 0,
        })));
      };
      for (const [ms, any] of steps) {
        drive.pass(ms);
        const next = any.type !== 'accounts' ? any : {
          ...any,
          accounts: any.accounts.map((one) => ({ ...one, version: versions.get(one.id) ?? 0 })),
        };
        const present = new Set(drive.state.accounts.map((one) => one.id));
        for (const one of ids) if (!present.has(one)) renewedMono.delete(one);
        for (const effect of drive.tell(next)) {
          if (effect.type === 'wake') expect(effect.atMono).toBeGreaterThan(drive.nowMono);
          if (effect.type !== 'renew') continue;
          const last = renewedMono.get(effect.account) ?? -Infinity;
          expect(drive.nowMono - last).toBeGreaterThanOrEqual(supervisorTimes.renewMs);
          renewedMono.set(effect.account, drive.nowMono);
          granted(effect.account);
        }
      }
    }));
  });

  it('the same story ends the same', () => {
    fc.assert(fc.property(story, (steps) => {
      const run = (): SupervisorState => {
        const drive = new Drive(accounts);
        for (const [ms, next] of steps) {
          drive.pass(ms);
          drive.tell(next);
        }
        return drive.state;
      };
      expect(run()).toEqual(run());
    }), { numRuns: 20 });
  });
});
