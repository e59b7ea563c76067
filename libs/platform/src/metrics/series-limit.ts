import { scrubText } from '../log/pino-log';

/** Values of labels by their names. */
export type Labels = Readonly<Record<string, string>>;

/** A label takes no more of a value than this. */
const valueCharsMax = 120;

/** What a label says when there are too many values, and of what has no name. */
export const otherLabel = 'other';

/**
 * Bounds the series of one metric, since each one is kept by whoever reads them: the first
 * `seriesMax` combinations of label values are let through, every later one counts as `other` in
 * all labels. Values are cut to 120 characters, and what looks like a secret is `***`.
 */
export class SeriesLimit {
  private readonly names: readonly string[];
  private readonly seriesMax: number;
  private readonly known = new Map<string, Labels>();
  private readonly surplus: Labels;

  constructor(names: readonly string[], seriesMax: number) {
    this.names = names;
    this.seriesMax = seriesMax;
    this.surplus = Object.fromEntries(names.map((name) => [name, otherLabel]));
  }

  /** The labels to use; always the same object for the same series. */
  admit(labels: Labels): Labels {
    const key = JSON.stringify(this.names.map((name) => labels[name] ?? ''));
    const found = this.known.get(key);
    if (found) return found;
    if (this.known.size >= this.seriesMax) return this.surplus;
    const clean = Object.fromEntries(
      this.names.map((name) => [name, scrubText((labels[name] ?? '').slice(0, valueCharsMax))]),
    );
    this.known.set(key, clean);
    return clean;
  }
}
