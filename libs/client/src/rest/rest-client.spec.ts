import type { HttpRequest } from '@strikewire/runtime';
import { describe, expect, it } from 'vitest';
import { polledChain } from '../testing/polled-chain';
import { requestIdOf } from './answer-error';
import { createRestClient, type HttpSend } from './rest-client';

function answering(status: number, body: string): { http: HttpSend; sent: HttpRequest[] } {
  const sent: HttpRequest[] = [];
  const send: HttpSend['send'] = async (request) => {
    sent.push(request);
    return { status, headers: {}, body: new TextEncoder().encode(body) };
  };
  return { http: { send }, sent };
}

const httpBase = 'http://platform.example/';

describe('createRestClient', () => {
  it('asks for a chain and checks the answer', async () => {
    const live = polledChain({ generation: 1, version: 2, ltp: 10 });
    const { http, sent } = answering(200, JSON.stringify(live));
    const rest = createRestClient({ httpBase, http });
    expect(await rest.live({ underlying: 'M&M', expiry: '2026-11-24' })).toEqual(live);
    expect(sent[0]?.url).toBe(
      'http://platform.example/api/optionchain/live?underlying=M%26M&expiry=2026-11-24',
    );
  });

  it('sends a key with every request, and none when there is none', async () => {
    const { http, sent } = answering(401, '{}');
    const failing = createRestClient({ httpBase, http, apiKey: 'swk_abc' }).underlyings();
    await expect(failing).rejects.toMatchObject({ kind: 'unauthenticated' });
    await createRestClient({ httpBase, http }).status().catch(() => undefined);
    expect(sent.map(({ headers }) => headers)).toEqual([
      { accept: 'application/json', authorization: 'Bearer swk_abc' },
      { accept: 'application/json' },
    ]);
  });

  it('gives the server\'s error with its request id', async () => {
    const error = { code: 'expiry_not_listed', message: 'not listed', requestId: 'r-1' };
    const { http } = answering(404, JSON.stringify({ error }));
    const failure = await createRestClient({ httpBase, http }).expiries('X').catch((e) => e);
    expect(failure).toMatchObject({ kind: 'not_found', code: 'expiry_not_listed' });
    expect(requestIdOf(failure)).toBe('r-1');
  });

  it.each([
    [502, '<html>', 'unexpected_answer'],
    [200, '{"underlyings":7}', 'answer_malformed'],
    [200, 'not json', 'answer_malformed'],
  ])('is retryable for %i %s', async (status, body, code) => {
    const { http } = answering(status, body);
    const asking = createRestClient({ httpBase, http }).underlyings();
    await expect(asking).rejects.toMatchObject({ kind: 'retryable', code });
  });
});
