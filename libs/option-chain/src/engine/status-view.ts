import { underlyingKey, type Exchange, type PlatformStatus } from '@strikewire/contracts';
import type { StatusChange } from '@strikewire/contracts';
import type { Clock } from '@strikewire/runtime';
import type { StreamNews, StreamView } from './stream-view';

type Part = Exclude<keyof PlatformStatus, 'underlyings'>;

/** Parts whose figures always move: told when something else of them changes, and now and then. */
const figuresMs = 5_000;
/** Fields that move by themselves: a change of these alone is no news. */
const moving = new Set(['now', 'ticksPerSecond', 'packets', 'used', 'waiting', 'clients']);

/** How platform and chains stand: the channel `status`. */
export class StatusView implements StreamView {
  readonly pace = 'second';
  readonly chain = null;
  private readonly clock: Clock;
  private readonly read: () => PlatformStatus;
  private version = 1;
  private status: PlatformStatus;
  /** What subscribers hold of each part and underlying, without what moves by itself. */
  private held: Map<string, string>;
  private figuresDueMono: number;

  constructor(clock: Clock, read: () => PlatformStatus) {
    this.clock = clock;
    this.read = read;
    this.status = read();
    this.held = textsOf(this.status);
    this.figuresDueMono = clock.monoMs() + figuresMs;
  }

  layout(stream: number): object {
    return { type: 'layout', channel: 'status', stream };
  }

  snapshot(stream: number): string {
    const { version, status } = this;
    return JSON.stringify({ type: 'snapshot', channel: 'status', stream, version, status });
  }

  isAnew(): boolean {
    return false;
  }

  advance(stream: number): StreamNews | undefined {
    this.status = this.read();
    const texts = textsOf(this.status);
    const change = this.changeTo(texts);
    this.held = texts;
    if (Object.keys(change).length === 0) return undefined;
    const previous = this.version++;
    const { version } = this;
    const step = { type: 'delta', channel: 'status', stream, previous, version, status: change };
    return { data: JSON.stringify(step) };
  }

  private changeTo(texts: ReadonlyMap<string, string>): StatusChange {
    const { held, status } = this;
    const hasChanged = (name: string): boolean => texts.get(name) !== held.get(name);
    const areFiguresDue = this.clock.monoMs() >= this.figuresDueMono;
    if (areFiguresDue) this.figuresDueMono = this.clock.monoMs() + figuresMs;
    const parts = partsOf(status).filter(
      ([name, value]) => hasChanged(name) || (areFiguresDue && isMoving(name, value)),
    );
    const underlyings = status.underlyings.filter((one) => hasChanged(nameOf(one)));
    const gone = [...held.keys()].filter((name) => name.includes(':') && !texts.has(name));
    return {
      ...Object.fromEntries(parts),
      ...(underlyings.length > 0 && { underlyings }),
      ...(gone.length > 0 && { gone }),
    };
  }
}

function partsOf({ underlyings: _, ...parts }: PlatformStatus): [Part, unknown][] {
  return Object.entries(parts) as [Part, unknown][];
}

function nameOf({ exchange, symbol }: PlatformStatus['underlyings'][number]): string {
  return underlyingKey({ exchange: exchange as Exchange, symbol });
}

/** Whether there is something in it that moves by itself. */
function isMoving(name: string, value: unknown): boolean {
  return JSON.stringify({ [name]: value }) !== textOf(name, value);
}

function textsOf(status: PlatformStatus): Map<string, string> {
  return new Map([
    ...partsOf(status).map(([name, value]) => [name, textOf(name, value)] as const),
    ...status.underlyings.map((one) => [nameOf(one), textOf('', one)] as const),
  ]);
}

function textOf(name: string, value: unknown): string {
  return JSON.stringify({ [name]: value }, (field, inner: unknown) =>
    moving.has(field) || /[aA]geMs$/.test(field) ? undefined : inner,
  );
}
