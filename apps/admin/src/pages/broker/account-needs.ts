import type { StrikewireError } from '@strikewire/runtime';
import { fieldNeedsOf, type FieldNeeds } from '../../ui/problem-words';

/** What the platform misses, by the names that the form has for its fields. */
export function accountNeedsOf(problem: StrikewireError | null): FieldNeeds {
  const needs = Object.entries(fieldNeedsOf(problem));
  return Object.fromEntries(
    needs.map(([name, need]) => [name.replace(/^credentials\./, ''), need]),
  );
}
