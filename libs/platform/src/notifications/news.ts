import type { Severity } from '@strikewire/contracts';

/** Something that people should know. No secrets: it leaves the platform. */
export interface News {
  /** For programs: a noun and what became of it, for example `account.parked`. */
  readonly kind: string;
  readonly severity: Severity;
  /** One line. */
  readonly title: string;
  readonly text: string;
  /** The same within ten minutes is counted, and not told again. */
  readonly key?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** News on the way to a channel; plain JSON. */
export interface Dispatch {
  /** The same for all tries and channels: receivers tell a repetition by it. */
  readonly id: string;
  /** ISO-8601. */
  readonly at: string;
  readonly severity: Severity;
  readonly kind: string;
  readonly title: string;
  readonly text: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Tells people. */
export interface Notifier {
  /**
   * Keeps the news and hands it to the channels; settles when that is done or waits for its turn.
   * It never rejects: what cannot be kept is told to the log.
   */
  raise(news: News): Promise<void>;
}

const charsMax = { kind: 64, key: 200, title: 200, text: 4_000, details: 16_384 } as const;

/** News as they are kept. */
export type TrimmedNews = Required<Omit<News, 'key'>> & { readonly key: string | null };

/** Cuts news to what is kept, and takes out what neither the database nor a mail's head bears. */
export function trimNews(news: News): TrimmedNews {
  return {
    kind: oneLine(news.kind, charsMax.kind),
    severity: news.severity,
    title: oneLine(news.title, charsMax.title),
    text: wellFormed(news.text.slice(0, charsMax.text).replace(/[^\P{Cc}\n\t]/gu, ' ')),
    key: news.key === undefined ? null : oneLine(news.key, charsMax.key),
    details: trimDetails(news.details ?? {}),
  };
}

function oneLine(text: string, max: number): string {
  return wellFormed(text.slice(0, max).replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' '));
}

/** Half a character becomes a mark: no database stores it. */
function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}

function trimDetails(details: Readonly<Record<string, unknown>>): Record<string, unknown> {
  try {
    const text = JSON.stringify(details, (_name, value: unknown) =>
      typeof value === 'string' ? wellFormed(value.replaceAll('\0', ' ')) : value,
    );
    const isFit = text.length <= charsMax.details && !/\\u(0000|d[89a-f])/i.test(text);
    return isFit ? (JSON.parse(text) as Record<string, unknown>) : { cut: true };
  } catch {
    // Not JSON: the text has to do.
    return { cut: true };
  }
}
