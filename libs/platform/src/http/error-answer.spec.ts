import { clientMessageSchema, errorBodySchema, liveQuerySchema } from '@strikewire/contracts';
import { errorKinds, StrikewireError, type ErrorKind, type Log } from '@strikewire/runtime';
import { describe, expect, it } from 'vitest';
import { errorAnswer } from './error-answer';

/** The answer to something thrown, with what was logged. */
function answerTo(thrown: unknown) {
  const lines: { level: string; facts: Record<string, unknown> | undefined }[] = [];
  const note =
    (level: string): Log['info'] =>
    (_message, facts) =>
      void lines.push({ level, facts });
  const log: Log = {
    debug: note('debug'),
    info: note('info'),
    warn: note('warn'),
    error: note('error'),
  };
  const answer = errorAnswer(thrown, 'r-7', log);
  expect(errorBodySchema.parse(answer.body)).toEqual(answer.body);
  expect(answer.body.error.requestId).toBe('r-7');
  return { ...answer, error: answer.body.error, lines };
}

const expected: Record<ErrorKind, [status: number, level: string | undefined]> = {
  assertion: [500, 'error'],
  invalid: [400, undefined],
  unauthenticated: [401, undefined],
  forbidden: [403, undefined],
  not_found: [404, undefined],
  throttled: [429, undefined],
  denied: [422, 'info'],
  rejected: [409, 'warn'],
  retryable: [503, 'debug'],
  unknown: [202, 'error'],
  fatal: [503, 'error'],
};

describe('errorAnswer', () => {
  it.each(errorKinds)('gives %s its status and its place in the log', (kind) => {
    const [status, level] = expected[kind];
    const details = { field: 'expiry' };
    const thrown = new StrikewireError({ kind, code: 'some_code', message: 'in words', details });
    const answer = answerTo(thrown);
    expect(answer.status).toBe(status);
    expect(answer.lines.map((line) => line.level)).toEqual(level ? [level] : []);
    const isOurs = kind === 'assertion';
    expect(answer.error.code).toBe(isOurs ? 'internal' : 'some_code');
    expect(answer.error.details).toEqual(isOurs ? undefined : details);
    expect('retry-after' in answer.headers).toBe(status === 503 || status === 429);
  });

  it('tells errors by their kind: a plugin may bring a class of its own', () => {
    const foreign = Object.assign(new Error('no such expiry'), { kind: 'not_found', code: 'x_y' });
    expect(answerTo(foreign)).toMatchObject({
      status: 404,
      error: { code: 'x_y', message: 'no such expiry' },
    });
  });

  it.each([
    ['an error of ours', new TypeError('secret detail of the inside')],
    ['an unknown kind', Object.assign(new Error('secret detail'), { kind: 'odd', code: 'odd' })],
    ['text', 'secret detail'],
    ['nothing', undefined],
    ['null', null],
    ['a number', 7],
  ])('keeps the inside to the log: %s', (_what, thrown) => {
    const { status, error, lines } = answerTo(thrown);
    expect([status, error.code]).toEqual([500, 'internal']);
    expect(JSON.stringify(error)).not.toContain('secret');
    expect(lines[0]?.facts).toMatchObject({ requestId: 'r-7' });
  });
});

describe('a schema\'s refusal', () => {
  const refusal = (read: () => unknown): ReturnType<typeof answerTo> => {
    try {
      read();
    } catch (error) {
      return answerTo(error);
    }
    throw new Error('nothing was refused');
  };

  it.each([
    [{}, 'underlying: is missing, needs a string'],
    [{ underlying: ['NIFTY', 'X'] }, 'underlying: needs a string'],
    [{ underlying: '' }, 'underlying: needs a symbol such as NIFTY or M&M'],
    [{ underlying: 'A'.repeat(40) }, 'underlying: needs at most 32 characters'],
    [{ underlying: 'NIFTY', expiry: '2026-02-30' }, 'expiry: needs to be an existing date'],
    [{ underlying: 'NIFTY', expiry: '24-11-2026' }, 'YYYY-MM-DD'],
  ])('of %o names the field and what it needs', (query, message) => {
    const { status, error, lines } = refusal(() => liveQuerySchema.parse(query));
    expect([status, error.code, lines]).toEqual([400, 'invalid_request', []]);
    expect(error.message).toContain(message);
  });

  it.each([
    [{ type: 'x' }, /^type: needs one of subscribe, unsubscribe, [a-z, ]+$/],
    [{}, /^type: needs one of subscribe, unsubscribe, /],
    [5, /^request: needs an object$/],
    [{ type: 'ping', id: {} }, /^id: needs text of up to 64 characters or a whole number/],
    [{ type: 'resync', stream: 1.5 }, /^stream: needs/],
    [
      { type: 'subscribe', channel: 'chain', underlying: 'NIFTY', encoding: 'xml' },
      /^encoding: needs one of (json, binary|binary, json)$/,
    ],
    [
      { type: 'subscribe', channel: 'news', underlying: 'NIFTY' },
      /^channel: needs (one of )?.*chain.*alerts/,
    ],
  ])('of the message %o too', (message, text) => {
    expect(refusal(() => clientMessageSchema.parse(message)).error.message).toMatch(text);
  });

  it('lists every field at fault', () => {
    const { error } = refusal(() => liveQuerySchema.parse({ underlying: '?', expiry: '?' }));
    const fields = error.details?.['fields'] as { field: string; needed: string }[];
    expect(fields.map(({ field }) => field)).toEqual(['underlying', 'expiry']);
  });
});

describe('the framework\'s refusal', () => {
  it.each([
    [{ statusCode: 413, message: 'Request body is too large' }, 413, 'body_too_large'],
    [{ status: 404, message: 'Cannot GET /x' }, 404, 'route_unknown'],
    [{ statusCode: 415, message: 'Unsupported' }, 415, 'media_type_unsupported'],
    [{ statusCode: 426, message: 'Upgrade' }, 426, 'upgrade_required'],
    [{ statusCode: 418, message: 'odd' }, 418, 'invalid_request'],
  ])('%o', (thrown, status, code) => {
    expect(answerTo(thrown)).toMatchObject({ status, error: { code } });
  });

  it('of 500 and above is ours and says nothing', () => {
    const thrown = Object.assign(new Error('secret'), { statusCode: 503 });
    expect(answerTo(thrown)).toMatchObject({ status: 500, error: { code: 'internal' } });
  });
});
