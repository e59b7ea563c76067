import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** What one client of a crowd has seen. */
export interface CrowdTally {
  /** Of each stream, in the order of their numbers. */
  versions: number[];
  snapshots: number;
  /** Steps that did not join up. */
  faults: number;
  frames: number;
  /** The code that it was closed with. */
  closed: number | null;
}

/** Who is meant: clients in the order in which they were opened. */
export interface CrowdRange {
  from: number;
  to: number;
}

/** Many clients of `/ws` in a process of their own. */
export class SocketCrowd {
  private readonly child: ChildProcess;
  private lastId = 0;

  constructor() {
    this.child = fork(join(import.meta.dirname, 'crowd-clients.mjs'));
    this.child.setMaxListeners(100);
  }

  /** More clients, each of which subscribes to every chain. */
  open(crowd: {
    url: string;
    headers: Record<string, string>;
    count: number;
    encoding: 'binary' | 'json';
    chains: readonly { underlying: string; expiry: string }[];
  }): Promise<unknown> {
    return this.ask({ what: 'open', ...crowd });
  }

  tally(): Promise<CrowdTally[]> {
    return this.ask({ what: 'tally' }) as Promise<CrowdTally[]>;
  }

  /** Milliseconds from a spot's receipt to the frame that told it first, since the last call. */
  delays(range: CrowdRange): Promise<{ count: number; p50: number; p99: number }> {
    return this.ask({ what: 'delays', ...range }) as ReturnType<SocketCrowd['delays']>;
  }

  /** They read nothing any more. */
  pause(range: CrowdRange): Promise<unknown> {
    return this.ask({ what: 'pause', ...range });
  }

  resume(range: CrowdRange): Promise<unknown> {
    return this.ask({ what: 'resume', ...range });
  }

  /** They ask for snapshots of all that they hold. */
  resync(range: CrowdRange): Promise<unknown> {
    return this.ask({ what: 'resync', ...range });
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    this.child.disconnect();
    await once(this.child, 'exit');
  }

  private ask(message: object): Promise<unknown> {
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      const onMessage = (answer: { id: number; answer: unknown }): void => {
        if (answer.id !== id) return;
        this.child.off('message', onMessage);
        resolve(answer.answer);
      };
      this.child.on('message', onMessage);
      this.child.send({ id, ...message }, (error) => error && reject(error));
    });
  }
}
