import { StrikewireError } from '@strikewire/runtime';
import { z } from 'zod';
import type { AnyBrokerPlugin } from './plugin';

/** One field of a plugin's credentials, as data: a form is drawn and checked beforehand by it. */
export interface CredentialField {
  name: string;
  label: string;
  help: string | null;
  kind: 'text' | 'number' | 'boolean' | 'choice';
  secret: boolean;
  required: boolean;
  choices: string[] | null;
  charsMin: number | null;
  charsMax: number | null;
  pattern: string | null;
  patternHelp: string | null;
}

interface FieldSchema {
  type?: string;
  enum?: unknown[];
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  label?: string;
  help?: string;
  secret?: boolean;
  default?: unknown;
}

/**
 * The fields of a plugin's credentials schema. Throws (`fatal`) for one that is no flat object of
 * texts, numbers, switches and choices with a label each: such a plugin cannot be loaded.
 */
export function credentialFields({ id, credentials }: AnyBrokerPlugin): CredentialField[] {
  const shape = z.toJSONSchema(credentials, { io: 'input', unrepresentable: 'any' }) as {
    type?: string;
    properties?: Record<string, FieldSchema>;
    required?: string[];
  };
  if (shape.type !== 'object' || !shape.properties) {
    throw unfit(id, 'its credentials are no object');
  }
  const required = new Set(shape.required);
  return Object.entries(shape.properties).map(([name, field]) => ({
    name,
    label: field.label ?? unfitField(id, name, 'has no label'),
    help: field.help ?? null,
    kind: kindOf(field) ?? unfitField(id, name, 'is neither text, number, switch nor choice'),
    secret: field.secret === true,
    required: required.has(name),
    choices: field.enum?.map(String) ?? null,
    charsMin: field.minLength ?? null,
    charsMax: field.maxLength ?? null,
    pattern: field.pattern ?? null,
    patternHelp: field.pattern === undefined ? null : patternHelp(credentials, name),
  }));
}

function kindOf({ type, enum: choices }: FieldSchema): CredentialField['kind'] | undefined {
  if (choices) return 'choice';
  if (type === 'string') return 'text';
  if (type === 'number' || type === 'integer') return 'number';
  return type === 'boolean' ? 'boolean' : undefined;
}

/** What the schema itself says of a text that does not match: here of none at all. */
function patternHelp(credentials: z.ZodType, name: string): string | null {
  const { error } = credentials.safeParse({ [name]: '' });
  return error?.issues.find(({ path }) => path[0] === name)?.message ?? null;
}

function unfitField(id: string, name: string, why: string): never {
  throw unfit(id, `its field ${name} ${why}`);
}

function unfit(id: string, why: string): StrikewireError {
  return new StrikewireError({
    kind: 'fatal',
    code: 'plugin_unfit',
    message: `the broker plugin ${id} cannot be loaded: ${why}`,
  });
}
