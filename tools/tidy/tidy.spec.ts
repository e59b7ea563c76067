import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../lib/root.mjs';
import { brokerNames } from './broker-names';
import { deadFiles } from './dead-files';
import { readPublicExports, snapshotOf } from './public-exports';
import { readSources, type Offence } from './source-file';
import { textRules } from './text-rules';

const files = readSources(root);
const exports = readPublicExports(root);

/** As an editor links it: path, line, what is wrong. */
const show = ({ path, line, what }: Offence): string => `${path}:${line} ${what}`;

describe('the repository', () => {
  it.each(Object.entries({ ...textRules, brokerNames }))('keeps to %s', (_name, rule) => {
    expect(files.flatMap(rule).map(show)).toEqual([]);
  });

  it('has no file that nothing imports', () => {
    expect(deadFiles(files).map(show)).toEqual([]);
  });

  it('explains everything its libraries export', () => {
    const silent = [...exports.values()].flat().filter(({ documented }) => !documented);
    const places = silent.map(({ path, line, name }) => `${path}:${line} ${name}`);
    expect([...new Set(places)]).toEqual([]);
  });

  it('exports what was agreed; `npm run tidy:accept` agrees to a change', () => {
    const agreed = readFileSync(join(root, 'tools/tidy/public-exports.json'), 'utf8');
    expect(snapshotOf(exports)).toBe(agreed);
  });
});
