import type { Log } from '@strikewire/runtime';

/** A row as it was read, or what of it could not be. */
export type ReadRow<T> = { row: T } | { lacks: string };

/** Words that are not known, each told once. */
const wordsMax = 50;

/**
 * The rows of a book. One that cannot be read spoils all of them: without it something would seem
 * not to be there.
 * @param malformed Makes the error of what the book would have needed.
 */
export function readBookRows<T>(
  rows: readonly unknown[],
  readRow: (value: unknown) => ReadRow<T>,
  malformed: (needed: string) => Error,
): T[] {
  return rows.map((value, index) => {
    const read = readRow(value);
    if ('row' in read) return read.row;
    throw malformed(`readable "${read.lacks}" in row ${index + 1} of ${rows.length}`);
  });
}

/**
 * Words for an order's status that an adapter does not know. Nothing ends by such a word, and it
 * hides no other order: it is told in the log, once, and no more than 50 of them.
 */
export class UnknownStatuses {
  private readonly label: string;
  private readonly log: Pick<Log, 'warn'>;
  private readonly words = new Set<string>();

  /** @param label Such as `[broker-north]`: whose words they are. */
  constructor(label: string, log: Pick<Log, 'warn'>) {
    this.label = label;
    this.log = log;
  }

  /** Null: the word was known. */
  tell(word: string | null): void {
    if (word === null || this.words.has(word) || this.words.size >= wordsMax) return;
    this.words.add(word);
    const message = `${this.label} the status of an order is not known: it counts as pending`;
    this.log.warn(message, { status: word });
  }
}
