/** A figure at a moment; null: there was none to be had. */
export interface SparkSample {
  atMs: number;
  value: number | null;
}

/** The drawing's size, and what of time lies on it: it ends at the newest sample. */
export interface SparkFrame {
  width: number;
  height: number;
  spanMs: number;
}

/** Room for the line's own breadth at the top and at the bottom. */
const marginPx = 2;
/** Samples further apart than this are not joined: nobody knows what was between them. */
const gapMs = 10_000;

/**
 * Lines through the samples, each a list of points for an SVG polyline. Zero is the bottom, the
 * greatest of them the top; there is one line for each stretch without a gap.
 */
export function sparkLines(samples: readonly SparkSample[], frame: SparkFrame): string[] {
  const endMs = samples.at(-1)?.atMs ?? 0;
  const most = Math.max(1, ...samples.map(({ value }) => value ?? 0));
  const { width, height, spanMs } = frame;
  const lines: string[][] = [];
  let lastMs = -Infinity;
  for (const { atMs, value } of samples) {
    if (value === null) lastMs = -Infinity;
    if (value === null || endMs - atMs > spanMs) continue;
    const x = (width - marginPx) * (1 - (endMs - atMs) / spanMs);
    const y = height - marginPx - (height - 2 * marginPx) * (value / most);
    if (atMs - lastMs > gapMs) lines.push([]);
    lines.at(-1)?.push(`${x.toFixed(1)},${y.toFixed(1)}`);
    lastMs = atMs;
  }
  // A line of one point is drawn by its round ends.
  return lines.map((points) => (points.length > 1 ? points : [...points, ...points]).join(' '));
}
