import { StrikewireError } from '@strikewire/runtime';
import type { FastifyInstance } from 'fastify';
import { fieldOfHalfText } from './whole-text';

/** What a body may hold at most, besides its bytes. */
const limits = { depthMax: 16, itemsMax: 10_000, keysMax: 1_000 } as const;

/**
 * Bodies are JSON and nothing else: any other media type is refused (415), so that a foreign form
 * cannot send one. Text that is no JSON, nests too deep, or has lists or objects without end is
 * refused (400) before a schema looks at it.
 */
export function acceptJsonBodies(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(
    'application/json',
    { parseAs: 'string' },
    (_request, text, done) => {
      try {
        done(null, parseJson(String(text)));
      } catch (thrown) {
        done(thrown as Error, undefined);
      }
    },
  );
}

function parseJson(text: string): unknown {
  if (text.trim() === '') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refusal('body_malformed', 'the body is not JSON');
  }
  checkShape(value);
  checkTexts(value);
  return value;
}

/** Level by level, so that no depth of the body can be a depth of calls. */
function checkShape(root: unknown): void {
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth++) {
    const parents = level.filter((value) => typeof value === 'object' && value !== null);
    if (depth >= limits.depthMax && parents.length > 0) {
      throw refusal('body_too_deep', `the body nests deeper than ${limits.depthMax} levels`);
    }
    level = parents.flatMap((parent) => childrenOf(parent as object));
  }
}

function childrenOf(parent: object): unknown[] {
  if (Array.isArray(parent)) {
    if (parent.length <= limits.itemsMax) return parent;
    throw refusal('body_too_long', `a list has ${parent.length} items, ${limits.itemsMax} at most`);
  }
  // It would change what an object is when somebody copies it.
  if (Object.hasOwn(parent, '__proto__')) {
    throw refusal('body_malformed', 'the body has a field __proto__, which none may have');
  }
  const children = Object.values(parent);
  if (children.length <= limits.keysMax) return children;
  const message = `an object has ${children.length} fields, ${limits.keysMax} at most`;
  throw refusal('body_too_long', message);
}

function checkTexts(value: unknown): void {
  const field = fieldOfHalfText(value);
  if (field === undefined) return;
  const needed = 'needs whole characters, this text has half of one';
  throw new StrikewireError({
    kind: 'invalid',
    code: 'invalid_request',
    message: `${field}: ${needed}`,
    details: { fields: [{ field, needed }] },
  });
}

function refusal(code: string, message: string): StrikewireError {
  return new StrikewireError({ kind: 'invalid', code, message });
}
