import type { HttpSend } from '@strikewire/client';
import { errorCodeOf, type HttpRequest, type StrikewireError } from '@strikewire/runtime';
import { describe, expect, it, vi } from 'vitest';
import { meOf } from '../testing';
import { retryAfterOf } from './answer-error';
import { createCall } from './call';
import { createConsoleApi } from './console-api';
import { createStepUpGate } from './step-up-gate';

interface Scripted {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** The console's API over answers that are given in turn. */
function scripted(...answers: Scripted[]) {
  const asked: HttpRequest[] = [];
  const http: HttpSend = {
    async send(request) {
      asked.push(request);
      const { status, body, headers = {} } = answers.shift() ?? { status: 500 };
      const text = body === undefined ? '' : JSON.stringify(body);
      return { status, headers, body: new TextEncoder().encode(text) };
    },
  };
  const refused = vi.fn();
  const gate = createStepUpGate();
  const call = createCall({ http, httpBase: 'http://desk', refused });
  return { api: createConsoleApi(call, gate), gate, asked, refused };
}

const refusal = (code: string) => ({ error: { code, message: `no: ${code}`, requestId: 'r-7' } });
const stepUpNeeded = { status: 403, body: refusal('step_up_needed') };
const user = meOf().user;

describe('a call', () => {
  it('sends JSON and reads the agreed shape', async () => {
    const { api, asked } = scripted({ status: 200, body: user });
    expect(await api.users.change('x', { enabled: false })).toEqual(user);
    expect(asked[0]).toMatchObject({
      method: 'PATCH',
      url: 'http://desk/api/users/x',
      body: '{"enabled":false}',
      headers: { 'content-type': 'application/json' },
    });
  });

  it('says so when the shape is another one', async () => {
    const { api } = scripted({ status: 200, body: { users: [{ id: 1 }] } });
    await expect(api.users.list()).rejects.toMatchObject({ code: 'answer_malformed' });
  });

  it('carries code, request id and how long to wait', async () => {
    const body = refusal('sign_in_throttled');
    const { api, refused } = scripted({ status: 429, headers: { 'retry-after': '61' }, body });
    const error = await api.auth
      .signIn({ username: 'a', password: 'b' })
      .catch((thrown: StrikewireError) => thrown);
    expect(error).toMatchObject({
      kind: 'throttled',
      code: 'sign_in_throttled',
      details: { requestId: 'r-7', status: 429 },
    });
    expect(retryAfterOf(error as StrikewireError)).toBe(61);
    expect(refused).toHaveBeenCalledWith(error);
  });

  it('tells an answer that says nothing', async () => {
    const { api } = scripted({ status: 502, headers: { 'x-request-id': 'r-8' } });
    await expect(api.users.list()).rejects.toMatchObject({
      kind: 'retryable',
      code: 'unexpected_answer',
      details: { requestId: 'r-8' },
    });
  });
});

describe('an act that needs the password', () => {
  it('is done again once it was given', async () => {
    const { api, gate, asked } = scripted(stepUpNeeded, { status: 200, body: user });
    const change = api.users.change('x', { enabled: false });
    await vi.waitFor(() => expect(gate.isAsking.value).toBe(true));
    gate.answer(true);
    expect(await change).toEqual(user);
    expect(gate.isAsking.value).toBe(false);
    expect(asked.map(({ url, body }) => `${url} ${String(body)}`)).toEqual([
      'http://desk/api/users/x {"enabled":false}',
      'http://desk/api/users/x {"enabled":false}',
    ]);
  });

  it('is not done when it was not given', async () => {
    const { api, gate, asked } = scripted(stepUpNeeded, { status: 200, body: user });
    const change = api.users.change('x', { enabled: false }).catch(errorCodeOf);
    await vi.waitFor(() => expect(gate.isAsking.value).toBe(true));
    gate.answer(false);
    expect(await change).toBe('step_up_given_up');
    expect(asked).toHaveLength(1);
  });

  it('asks once for acts at the same moment', async () => {
    const { api, gate } = scripted(stepUpNeeded, stepUpNeeded, { status: 204 }, { status: 204 });
    const acts = [api.keys.revoke('a'), api.keys.revoke('b')];
    await vi.waitFor(() => expect(gate.isAsking.value).toBe(true));
    await Promise.resolve();
    gate.answer(true);
    expect(await Promise.all(acts)).toEqual([undefined, undefined]);
  });

  it('passes other refusals on', async () => {
    const { api, gate } = scripted({ status: 403, body: refusal('access_denied') });
    await expect(api.keys.revoke('a')).rejects.toMatchObject({ code: 'access_denied' });
    expect(gate.isAsking.value).toBe(false);
  });
});
