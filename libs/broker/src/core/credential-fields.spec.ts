import { errorCodeOf, errorMessageOf } from '@strikewire/runtime';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { credentialFields } from './credential-fields';
import type { AnyBrokerPlugin } from './plugin';

const fieldsOf = (credentials: z.ZodType) =>
  credentialFields({ id: 'desk', credentials } as unknown as AnyBrokerPlugin);
const label = { label: 'X' };

describe('credentialFields', () => {
  it('tells of each field what a form needs', () => {
    const help = 'needs four digits';
    const credentials = z.object({
      client: z.string().regex(/^\d{4}$/, { error: help }).meta({ label: 'Client', help: 'Here' }),
      token: z.string().min(20).max(40).meta({ label: 'Token', secret: true }),
      lots: z.number().int().optional().meta({ label: 'Lots' }),
      live: z.boolean().default(true).meta({ label: 'Live' }),
      segment: z.enum(['fo', 'cash']).meta({ label: 'Segment' }),
    });
    const usual = {
      help: null, secret: false, required: true, choices: null,
      charsMin: null, charsMax: null, pattern: null, patternHelp: null,
    };
    expect(fieldsOf(credentials)).toEqual([
      {
        ...usual, name: 'client', label: 'Client', help: 'Here', kind: 'text',
        pattern: '^\\d{4}$', patternHelp: help,
      },
      {
        ...usual, name: 'token', label: 'Token', kind: 'text', secret: true,
        charsMin: 20, charsMax: 40,
      },
      { ...usual, name: 'lots', label: 'Lots', kind: 'number', required: false },
      { ...usual, name: 'live', label: 'Live', kind: 'boolean', required: false },
      { ...usual, name: 'segment', label: 'Segment', kind: 'choice', choices: ['fo', 'cash'] },
    ].map((field) => expect.objectContaining({ ...field, help: field.help })));
  });

  it.each<[why: string, schema: z.ZodType]>([
    ['no object', z.string()],
    ['no object', z.union([z.object({ a: z.string() }), z.object({ b: z.string() })])],
    ['a has no label', z.object({ a: z.string() })],
    ['a is neither', z.object({ a: z.object({ b: z.string() }).meta(label) })],
    ['a is neither', z.object({ a: z.array(z.string()).meta(label) })],
    ['a is neither', z.object({ a: z.date().meta(label) })],
    ['a is neither', z.object({ a: z.string().nullable().meta(label) })],
  ])('refuses a plugin of which no form can be drawn: %s', (why, schema) => {
    let thrown: unknown;
    try {
      fieldsOf(schema);
    } catch (error) {
      thrown = error;
    }
    expect(errorCodeOf(thrown)).toBe('plugin_unfit');
    expect(errorMessageOf(thrown)).toContain('desk cannot be loaded');
    expect(errorMessageOf(thrown)).toContain(why);
  });
});
