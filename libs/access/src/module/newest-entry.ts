import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorMessageOf, type Clock, type Log, type Timer } from '@strikewire/runtime';
import {
  chainStart,
  headOf,
  type ChainHead,
  type ChainLink,
  type Mac,
} from '../core/activity-chain';

/** Where the newest entry of the activity log is remembered, outside of the database. */
export function activityHeadFile(stateDir: string): string {
  return join(stateDir, 'activity.head');
}

export interface NewestEntryDeps {
  clock: Pick<Clock, 'after'>;
  log: Log;
  mac: Mac;
  /** Without one it is remembered in this process alone. */
  file: string | undefined;
}

/** Between two writes of the file. */
const saveMs = 1_000;

/**
 * The newest entry that is known to be kept. Whoever owns the database can put an earlier state of
 * the log back, seal and all: this is what it is compared with.
 */
export class NewestEntry {
  private readonly deps: NewestEntryDeps;
  private head: ChainHead | undefined;
  private isSaved = true;
  private saving: Promise<void> | undefined;
  private timer: Timer | undefined;

  constructor(deps: NewestEntryDeps) {
    this.deps = deps;
  }

  /** The start of the chain when nothing is known. */
  get link(): ChainLink {
    return this.head ?? chainStart;
  }

  /** Whether there is anything to compare the log with. */
  get isKnown(): boolean {
    return this.head !== undefined;
  }

  /** Reads the file. What is of another log, or of none, is as good as nothing. */
  async load(): Promise<void> {
    const { file, mac, log } = this.deps;
    if (file === undefined) return;
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') log.warn('not readable', { file, reason: error.message });
      return undefined;
    });
    if (text === undefined) return;
    this.head = parsed(text, mac);
    if (!this.head) log.warn('the activity log is not the one that was here before', { file });
  }

  /** An entry that is kept; never one of a transaction that is not over. */
  note(head: ChainHead): void {
    if (head.sequence < this.link.sequence) return;
    this.head = head;
    this.isSaved = false;
    this.arm();
  }

  /** Writes what is not written yet; resolves once nothing is being written any more. */
  async stop(): Promise<void> {
    this.timer?.cancel();
    await this.saving;
    this.timer?.cancel();
    if (this.deps.file !== undefined && !this.isSaved) await this.save(this.deps.file);
  }

  private arm(): void {
    const { file, clock } = this.deps;
    if (file === undefined || this.timer || this.saving) return;
    this.timer = clock.after(saveMs, () => {
      this.timer = undefined;
      const { sequence } = this.link;
      this.saving = this.save(file).finally(() => {
        this.saving = undefined;
        // What could not be written is tried again with the next entry, or at the end.
        if (this.link.sequence > sequence) this.arm();
      });
    });
  }

  private async save(file: string): Promise<void> {
    if (!this.head) return;
    const { sequence } = this.head;
    try {
      await writeWhole(file, textOf(this.head));
      this.isSaved = this.link.sequence === sequence;
    } catch (error) {
      this.deps.log.warn('the newest activity is not remembered', {
        file,
        reason: errorMessageOf(error),
      });
    }
  }
}

/** At once and whole, so that a crash leaves the one or the other. */
async function writeWhole(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.part`;
  const handle = await open(draft, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
}

function textOf({ sequence, hash, seal }: ChainHead): string {
  return `${JSON.stringify({ sequence, hash, seal })}\n`;
}

function parsed(text: string, mac: Mac): ChainHead | undefined {
  try {
    const { sequence, hash, seal } = JSON.parse(text) as Partial<ChainHead>;
    const head = headOf(mac, { sequence: Number(sequence), hash: String(hash) });
    return head.seal === seal ? head : undefined;
  } catch {
    return undefined;
  }
}
