import { describe, expect, it } from 'vitest';
import { restAccounts } from './supervisor-roles';
import { supervisorTimes } from './supervisor-state';
import { account, Drive } from './testing/drive';

const two = [account('a'), account('b')];
const three = [...two, account('x', 'other')];

describe('who carries', () => {
  it('is every account of the broker at home, others in reserve', () => {
    const drive = new Drive(three);
    expect(drive.carriers).toEqual(['a', 'b']);
    expect(drive.state.reserve).toEqual(['x']);
  });

  it('is the next account after five seconds without a live socket, and not before', () => {
    const drive = new Drive(three);
    drive.feed('a', 2, 0);
    drive.pass(4_999);
    expect(drive.carriers).toEqual(['a', 'b']);
    drive.pass(1);
    expect(drive.carriers).toEqual(['b', 'x']);
    expect(drive.switches()).toEqual(['3 feed_lost']);
  });

  it('is the next one sooner when silence was waited for already', () => {
    const drive = new Drive(two);
    drive.tell({ type: 'feed', account: 'a', wanted: 1, live: 0, isMute: true });
    drive.pass(supervisorTimes.muteMs - 1);
    expect(drive.state.carriers).toEqual(['a', 'b']);
    drive.pass(1);
    expect(drive.state.carriers).toEqual(['b']);
  });

  it('stays while one socket of several is live, or none is wanted', () => {
    const drive = new Drive(two);
    drive.feed('a', 4, 1);
    drive.feed('b', 0, 0);
    drive.pass(3_600_000);
    expect(drive.carriers).toEqual(['a', 'b']);
  });

  it('is the account again only when it was well for a while', () => {
    const drive = new Drive(three);
    drive.feed('a', 1, 0);
    drive.pass(5_000);
    drive.feed('a', 1, 1);
    drive.pass(59_000);
    expect(drive.carriers).toEqual(['b', 'x']);
    drive.pass(2_000);
    expect(drive.carriers).toEqual(['a', 'b']);
    expect(drive.switches()).toEqual(['3 feed_lost', '0 recovered']);
  });

  it('is told to be well again, though somebody who did not carry is lost in that moment', () => {
    const drive = new Drive([account('a'), account('x', 'other'), account('y', 'third')]);
    drive.feed('a', 1, 0);
    drive.pass(5_000);
    drive.feed('a', 1, 1);
    drive.feed('y', 1, 0);
    drive.pass(5_000);
    drive.feed('y', 1, 1);
    expect(drive.carriers).toEqual(['x']);
    drive.pass(55_000);
    drive.feed('y', 1, 0);
    drive.pass(5_000);
    expect(drive.carriers).toEqual(['a']);
    expect(drive.state.accounts[2]?.standing).toBe('lost');
    expect(drive.switches()).toEqual(['3 feed_lost', '3 feed_lost', '0 recovered']);
  });

  it('is at once whoever comes back first when nobody is left', () => {
    const drive = new Drive(two);
    drive.feed('a', 1, 0);
    drive.feed('b', 1, 0);
    drive.pass(5_000);
    expect(drive.state.isDegraded).toBe(true);
    expect(drive.carriers).toEqual(['a', 'b']);
    drive.feed('b', 1, 1);
    expect(drive.carriers).toEqual(['b']);
    expect(drive.state.isDegraded).toBe(false);
  });

  it('begins with the account that a person forces, of whichever broker', () => {
    const drive = new Drive(three);
    drive.accounts(three, { forced: 'x' });
    expect(drive.carriers[0]).toBe('x');
    drive.accounts(three);
    expect(drive.carriers).toEqual(['a', 'b']);
    expect(drive.switches()).toEqual(['0 by_hand', '0 by_hand']);
  });

  it('is the account that a person forces at once, and later only when it was well', () => {
    const drive = new Drive(three);
    drive.feed('a', 1, 0);
    drive.pass(5_000);
    drive.feed('a', 1, 1);
    drive.accounts(three, { forced: 'a' });
    expect(drive.carriers).toEqual(['a', 'b']);
    expect(drive.switches()).toEqual(['3 feed_lost', '0 by_hand']);
    drive.feed('a', 1, 0);
    drive.pass(5_000);
    drive.feed('a', 1, 1);
    drive.pass(59_000);
    expect(drive.carriers).toEqual(['b', 'x']);
    drive.pass(2_000);
    expect(drive.carriers).toEqual(['a', 'b']);
  });

  it('is not an account that a person has drained', () => {
    const drive = new Drive(three);
    drive.accounts(three, { drained: ['a'] });
    expect(drive.carriers).toEqual(['b', 'x']);
    expect(drive.state.reserve).toEqual([]);
  });
});

describe('other credentials', () => {
  it('have a broker that was down asked again, and do not lead to and fro', () => {
    const drive = new Drive(three);
    for (let times = 0; times < 6; times++) drive.rest('a', 'failed');
    expect(drive.state.brokers.has('home')).toBe(true);
    drive.tell({ type: 'refused', account: 'a', kind: 'suspended', reason: 'closed' });
    drive.tell({ type: 'refused', account: 'b', kind: 'suspended', reason: 'closed' });
    expect(drive.carriers).toEqual(['x']);
    drive.accounts([{ ...account('a'), version: 1 }, ...three.slice(1)]);
    drive.feed('a', 1, 0);
    drive.feed('a', 1, 1);
    expect(drive.carriers).toEqual(['a', 'x']);
    expect(drive.switches().slice(2)).toEqual(['0 accounts']);
    expect(restAccounts(drive.state, 'chain', drive.nowMono)[0]).toBe('a');
  });
});

describe('a refused token', () => {
  it('is had anew once, behind the next account', () => {
    const drive = new Drive(two);
    drive.tell({ type: 'refused', account: 'a', kind: 'auth', reason: 'expired' });
    expect(drive.carriers).toEqual(['b']);
    expect(drive.effects).toContainEqual({ type: 'renew', account: 'a' });
    drive.tell({ type: 'renewed', account: 'a', isGranted: true, reason: '' });
    expect(drive.carriers).toEqual(['b']);
    drive.feed('a', 1, 1);
    drive.pass(60_000);
    expect(drive.carriers).toEqual(['a', 'b']);
  });

  it('parks the account when it cannot be had anew, or was so just before', () => {
    const drive = new Drive([account('a'), account('b', 'home', false)]);
    drive.tell({ type: 'refused', account: 'b', kind: 'auth', reason: 'dead' });
    expect(drive.effects).toContainEqual({ type: 'parked', account: 'b', reason: 'dead' });
    drive.tell({ type: 'refused', account: 'a', kind: 'auth', reason: 'expired' });
    drive.tell({ type: 'renewed', account: 'a', isGranted: true, reason: '' });
    drive.tell({ type: 'refused', account: 'a', kind: 'auth', reason: 'again' });
    expect(drive.effects).toContainEqual({ type: 'parked', account: 'a', reason: 'again' });
    expect(drive.effects.filter(({ type }) => type === 'renew')).toHaveLength(1);
  });

  it('is not had anew again and again while the newest is refused over REST as well', () => {
    const drive = new Drive([account('a')]);
    const renewals = (): number => drive.effects.filter(({ type }) => type === 'renew').length;
    for (let version = 1; version <= 5; version++) {
      drive.feed('a', 1, 1);
      drive.tell({ type: 'refused', account: 'a', kind: 'auth', reason: '401', isRest: true });
      drive.accounts([{ ...account('a'), version }]);
      drive.pass(60_000);
    }
    expect(renewals()).toBe(1);
    drive.pass(supervisorTimes.renewMs);
    drive.feed('a', 1, 1);
    drive.tell({ type: 'refused', account: 'a', kind: 'auth', reason: '401', isRest: true });
    expect(renewals()).toBe(2);
  });

  it('counts no more with other credentials', () => {
    const drive = new Drive(two);
    drive.tell({ type: 'refused', account: 'a', kind: 'suspended', reason: 'closed' });
    drive.pass(86_400_000);
    expect(drive.carriers).toEqual(['b']);
    drive.accounts([{ ...account('a'), version: 1 }, account('b')]);
    expect(drive.carriers).toEqual(['a', 'b']);
  });
});

describe('what is told', () => {
  it('stays degraded while everybody is refused, though nobody wants a socket then', () => {
    const drive = new Drive([account('a', 'home', false)]);
    drive.tell({ type: 'refused', account: 'a', kind: 'auth', reason: 'dead' });
    drive.feed('a', 0, 0);
    drive.pass(600_000);
    expect(drive.state.isDegraded).toBe(true);
    drive.tell({ type: 'admitted', account: 'a' });
    expect(drive.state.isDegraded).toBe(false);
    const told = drive.effects.filter(({ type }) => type === 'degraded');
    expect(told).toEqual([
      { type: 'degraded', isDegraded: true }, { type: 'degraded', isDegraded: false },
    ]);
  });

  it('is a fault when somebody leaves, though who comes was in trouble once', () => {
    const drive = new Drive([account('a'), account('x', 'other')]);
    drive.feed('x', 1, 0);
    drive.pass(6_000);
    drive.feed('x', 1, 1);
    drive.pass(3_600_000);
    drive.tell({ type: 'refused', account: 'a', kind: 'auth', reason: 'expired' });
    expect(drive.carriers).toEqual(['x']);
    expect(drive.switches()).toEqual(['3 auth']);
  });

  it('is that others are asked over REST, when an account is refused or let in', () => {
    const drive = new Drive([account('a', 'home', false), account('x', 'other')]);
    const isRestTold = (): boolean =>
      drive.effects.splice(0).some(({ type }) => type === 'rest');
    drive.tell({ type: 'refused', account: 'a', kind: 'auth', reason: 'dead' });
    expect(isRestTold()).toBe(true);
    expect(restAccounts(drive.state, 'chain', drive.nowMono)).toEqual(['x']);
    drive.tell({ type: 'admitted', account: 'a' });
    expect(isRestTold()).toBe(true);
    expect(restAccounts(drive.state, 'chain', drive.nowMono)).toEqual(['a']);
  });

  it('is no recovery of a lost account that was given nothing to do', () => {
    const drive = new Drive(two);
    drive.feed('a', 1, 0);
    drive.pass(5_000);
    drive.feed('a', 0, 0);
    drive.pass(600_000);
    expect(drive.carriers).toEqual(['b']);
  });
});

describe('requests over REST', () => {
  const asked = (drive: Drive): readonly string[] =>
    restAccounts(drive.state, 'chain', drive.nowMono);

  it('go to the next account for a quarter of an hour after a throttling, sockets stay', () => {
    const drive = new Drive([account('a'), account('x', 'other')]);
    drive.rest('a', 'throttled');
    expect(asked(drive)).toEqual(['x']);
    expect(drive.carriers).toEqual(['a']);
    drive.pass(899_999);
    expect(asked(drive)).toEqual(['x']);
    drive.pass(1);
    expect(asked(drive)).toEqual(['a']);
  });

  it('go to another broker while this one is down, and come back with an answer', () => {
    const drive = new Drive(three);
    drive.rest('a', 'failed');
    drive.rest('a', 'failed');
    expect(asked(drive)).toEqual(['a', 'b']);
    drive.rest('b', 'failed');
    expect(asked(drive)).toEqual(['x']);
    expect(drive.carriers).toEqual(['a', 'b']);
    drive.pass(30_000);
    expect(asked(drive)).toEqual(['a', 'b']);
    drive.rest('a', 'failed');
    expect(asked(drive)).toEqual(['x']);
    drive.pass(60_000);
    drive.rest('a', 'answered');
    drive.pass(600_000);
    expect(asked(drive)).toEqual(['a', 'b']);
    expect(drive.state.brokers.size).toBe(0);
  });

  it('that fail at one endpoint of one account speak against the broker only in a row', () => {
    const drive = new Drive(three);
    for (let count = 0; count < 50; count++) {
      drive.rest('a', count % 6 === 5 ? 'answered' : 'failed');
      expect(asked(drive)).toEqual(['a', 'b']);
    }
    for (let count = 0; count < 4; count++) drive.rest('a', 'failed');
    expect(asked(drive)).toEqual(['x']);
  });

  it('of a broker that is down, whose sockets are dark, are others at once', () => {
    const drive = new Drive(three);
    for (const id of ['a', 'b']) drive.feed(id, 1, 0);
    for (const id of ['a', 'b', 'a']) drive.rest(id, 'failed');
    expect(drive.carriers).toEqual(['x']);
    expect(drive.switches()).toEqual(['3 broker_down']);
  });
});
