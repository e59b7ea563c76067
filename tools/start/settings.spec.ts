import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { isSupported } from '../lib/node-version.mjs';
import { portsProblem } from './ports.mjs';
import { settingsFrom, type Settings } from './settings.mjs';

function settings(env: Record<string, string>): Settings {
  const found = settingsFrom(env, '/repository');
  if (typeof found === 'string') throw new Error(found);
  return found;
}

describe('settingsFrom', () => {
  it('has usual ports, a state folder in the repository, and the simulator', () => {
    const found = settings({});
    expect(found).toMatchObject({ port: 3000, simulatorPort: 4000 });
    expect(found.stateDir).toBe('/repository/.strikewire');
  });

  it('uses no simulator with an account of the real broker', () => {
    const found = settings({ DHAN_CLIENT_ID: 'a', DHAN_ACCESS_TOKEN: 'b', PORT: '3001' });
    expect(found).toMatchObject({ port: 3001, simulatorPort: undefined });
  });

  it.each([
    [{ PORT: 'web' }, /^PORT is "web"/],
    [{ SIMULATOR_PORT: '70000' }, /^SIMULATOR_PORT is "70000"/],
    [{ PORT: '4000' }, /both 4000/],
    [{ DHAN_CLIENT_ID: 'a' }, /Set both DHAN_CLIENT_ID and DHAN_ACCESS_TOKEN/],
  ])('says what is wrong with %o', (env, message) => {
    expect(settingsFrom(env as Record<string, string>, '/repository')).toMatch(message);
  });
});

describe('portsProblem', () => {
  it('names the variable of a port that is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const taken = { port: 0, simulatorPort: port };
    expect(await portsProblem(taken)).toMatch(`Port ${port} is already in use`);
    expect(await portsProblem(taken)).toContain('SIMULATOR_PORT=');
    server.close();
    await once(server, 'close');
    expect(await portsProblem(taken)).toBeUndefined();
  });
});

describe('isSupported', () => {
  it.each([
    ['20.18.3', false],
    ['20.19.0', true],
    ['21.7.0', false],
    ['22.12.0', false],
    ['22.13.0', true],
    ['23.9.0', false],
    ['24.0.0', true],
    ['18.20.0', false],
  ])('answers for Node %s', (version, expected) => {
    expect(isSupported(version)).toBe(expected);
  });
});
