import { StrikewireError } from '@strikewire/runtime';
import type { z } from 'zod';

/** What is wrong with a file, and where. */
export interface FileProblem {
  /** From 1 on. */
  line: number;
  /** Name of a column or property, or the path to it; `file` for the whole. */
  field: string;
  /** What was needed there. */
  needed: string;
}

/** Problems that are told; the rest is only counted. */
const toldMax = 50;
/** Characters that a file may have. */
export const fileCharactersMax = 2_000_000;

/** Throws when there are any: a bad file is refused as a whole. Kind `invalid`. */
export function refuseIfAny(problems: readonly FileProblem[]): void {
  const told = [...problems].sort((a, b) => a.line - b.line).slice(0, toldMax);
  const [first] = told;
  if (first === undefined) return;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  throw new StrikewireError({
    kind: 'invalid',
    code: 'file_invalid',
    message: `line ${first.line}, ${first.field}: ${first.needed}${more}`,
    details: { problems: told, count: problems.length },
  });
}

/** Refuses what is too long to be read. */
export function refuseIfLong(text: string): void {
  if (text.length <= fileCharactersMax) return;
  const needed = `needs at most ${fileCharactersMax} characters, has ${text.length}`;
  refuseIfAny([{ line: 1, field: 'file', needed }]);
}

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** A schema's findings as problems of a file; `lineOf` tells where a path is. */
export function problemsOf(
  issues: readonly Issue[],
  lineOf: (path: Path) => number,
): FileProblem[] {
  return issues.flatMap((issue) => closest(issue, [])).map(({ path, message }) => ({
    line: lineOf(path),
    field: path.map(String).join('.') || 'file',
    needed: neededBy(message),
  }));
}

/** The schema's own words turned into what is needed. */
function neededBy(message: string): string {
  if (message.startsWith('needs')) return message;
  const [, expected, found] = /expected (.*?)(?:, received (.*))?$/.exec(message) ?? [];
  if (expected === undefined) return `needs to be otherwise: ${message}`;
  return `needs ${expected}${found === undefined ? '' : `, found ${found}`}`;
}

/** Of the forms that a value may have, the one that fits best tells what is missing. */
function closest(issue: Issue, before: Path): { path: Path; message: string }[] {
  const path = [...before, ...issue.path];
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) {
    return [{ path, message: issue.message }];
  }
  const forms = issue.errors.map((errors) => errors.flatMap((error) => closest(error, path)));
  const depth = (form: { path: Path }[]): number => Math.max(...form.map((one) => one.path.length));
  const isOther = (form: { message: string }[]): boolean =>
    form.every(({ message }) => message.startsWith('Invalid input: expected'));
  return forms.reduce((best, form) => {
    if (depth(form) !== depth(best)) return depth(form) > depth(best) ? form : best;
    return isOther(best) && !isOther(form) ? form : best;
  });
}
