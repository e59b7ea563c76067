import { z } from 'zod';

/** The little of JSON Schema that our schemas turn into. */
interface JsonSchema {
  type?: string;
  format?: string;
  const?: unknown;
  enum?: unknown[];
  default?: unknown;
  minimum?: number;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  additionalProperties?: JsonSchema | boolean;
  propertyNames?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
}

/** Where a field lies, by names and indices. */
export type FieldPath = readonly string[];
/** What a text field holds when it is not the one under test. */
export type Usual = (name: string, schema: { format?: string }) => unknown;

/** One whole value that a schema takes, and the paths of its fields. */
export interface Sample {
  value: unknown;
  fields: FieldPath[];
}

/** A sample of each form that the schema has. */
export function samplesOf(schema: z.ZodType, usual: Usual): Sample[] {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  return formsOf(json, '', usual).map((value) => ({ value, fields: fieldsOf(value) }));
}

/** The same value with another text at a path. */
export function withField(value: unknown, [name, ...rest]: FieldPath, text: unknown): unknown {
  if (name === undefined) return text;
  if (Array.isArray(value)) {
    return value.map((one, index) => (String(index) === name ? withField(one, rest, text) : one));
  }
  const held = value as Record<string, unknown>;
  return { ...held, [name]: withField(held[name], rest, text) };
}

/** What lies at a path; undefined when nothing. */
export function atField(value: unknown, path: FieldPath): unknown {
  return path.reduce<unknown>(
    (held, name) => (held as Record<string, unknown> | null | undefined)?.[name],
    value,
  );
}

function formsOf(schema: JsonSchema, name: string, usual: Usual): unknown[] {
  const forms = schema.anyOf ?? schema.oneOf;
  if (forms) return forms.flatMap((one) => formsOf(one, name, usual));
  if (schema.const !== undefined) return [schema.const];
  const told = usual(name, schema);
  if (told !== undefined) return [told];
  if (schema.enum) return [schema.enum[0]];
  if (schema.type === 'array') return [[formsOf(schema.items ?? {}, name, usual)[0]]];
  if (schema.type === 'object') return objectsOf(schema, usual);
  if (schema.type === 'number' || schema.type === 'integer') return [schema.minimum ?? 1];
  return [schema.type === 'boolean' ? true : schema.type === 'null' ? null : 'text'];
}

/** One object for each form of each of its fields, the others being in their first. */
function objectsOf({ properties = {} }: JsonSchema, usual: Usual): unknown[] {
  const forms = Object.entries(properties).map(
    ([name, one]) => [name, formsOf(one, name, usual)] as const,
  );
  const first = Object.fromEntries(forms.map(([name, [value]]) => [name, value]));
  const others = forms.flatMap(([name, [, ...more]]) =>
    more.map((value) => ({ ...first, [name]: value })),
  );
  return [first, ...others];
}

function fieldsOf(value: unknown): FieldPath[] {
  if (typeof value !== 'object' || value === null) return [[]];
  return Object.entries(value).flatMap(([name, one]) =>
    fieldsOf(one).map((path) => [name, ...path]),
  );
}
