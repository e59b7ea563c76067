import type { FailoverEvent, FeedTarget, Supervision } from '@strikewire/broker/engine';
import type { Clock } from '@strikewire/runtime';
import type { Simulator } from '@strikewire/simulator';

/** What is looked at of a run. */
export interface Watched {
  readonly clock: Pick<Clock, 'monoMs'>;
  readonly simulator: Pick<Simulator, 'market'>;
  readonly supervision: Pick<Supervision, 'feed'>;
  readonly targets: readonly FeedTarget[];
}

/** A socket is replaced when it has not ticked for so long. */
const quietMs = 8_000;
/** A change is told within a minute, and is looked for now and then. */
const toldWithinMs = 70_000;
/** A socket that was taken for lost may take its account with it: the next one is as quiet. */
const silence = /^no tick for|was silent$|^no live socket for/;

/** A socket that carries, whose it is, and when something of that moved last. */
interface Carrying {
  account: string;
  movedMono: number;
}

/**
 * Remembers whose socket had nothing to bring, because nothing that it carries moved in the market
 * itself: of a few contracts that happens by chance, and to take it for a loss is right.
 */
export class QuietWatch {
  private readonly run: Watched;
  private readonly movedIds = new Set<number>();
  /** By the socket's number. */
  private carrying = new Map<number, Carrying>();
  private readonly quietMono = new Map<string, number>();

  constructor(run: Watched) {
    this.run = run;
    run.simulator.market.listen(
      ({ id }) => void this.movedIds.add(id),
      () => this.look(),
    );
  }

  /** Whether an account is told to have been silent, and its market was. */
  explains({ reason, from }: FailoverEvent): boolean {
    const now = this.run.clock.monoMs();
    this.noteQuiet(now);
    const wasQuiet = from.some((one) =>
      now - (this.quietMono.get(one) ?? -Infinity) < quietMs + toldWithinMs);
    return wasQuiet && silence.test(reason);
  }

  private look(): void {
    const { clock, targets, supervision: { feed } } = this.run;
    const now = clock.monoMs();
    this.noteQuiet(now);
    const before = this.carrying;
    this.carrying = new Map();
    for (const { key, token } of targets) {
      const socket = feed.socketOf(key);
      if (socket === undefined) continue;
      const known = this.carrying.get(socket) ?? before.get(socket) ?? {
        account: feed.accountOf(socket)?.label ?? '', movedMono: now,
      };
      if (this.movedIds.has(Number(token.id))) known.movedMono = now;
      this.carrying.set(socket, known);
    }
    this.movedIds.clear();
  }

  /** Of those that carried when the market last moved: whoever was lost since carries nothing. */
  private noteQuiet(nowMono: number): void {
    for (const { account, movedMono } of this.carrying.values()) {
      if (nowMono - movedMono >= quietMs) this.quietMono.set(account, nowMono);
    }
  }
}
