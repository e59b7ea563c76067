import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { indiaDateOf, indiaIsoOf, type Exchange, type RiskFiles } from '@strikewire/contracts';
import { actorName, type ActedBy, type ActivityRecorder } from '@strikewire/platform';
import { errorMessageOf, StrikewireError, type Clock, type Log } from '@strikewire/runtime';
import type { DataSource } from 'typeorm';
import { isRiskFileCurrent } from '../core/estimate-margin';
import type { RiskFile } from '../core/risk-file';
import { riskFileBody, riskFileOf, type RiskFileBody } from '../core/risk-file-body';
import { riskFileEntity, type RiskFileRow } from './entities';
import { readRiskFileBytes } from './risk-file-bytes';

/** What the shelf of risk files needs. */
export interface RiskFileShelfDeps {
  clock: Pick<Clock, 'wallMs'>;
  log: Log;
  database: DataSource;
  activity: ActivityRecorder;
  /** Which underlyings are kept of a file: those that are served. */
  isWanted(exchange: Exchange, symbol: string): boolean;
}

interface Shelved {
  file: RiskFile;
  row: Omit<RiskFileRow, 'body'>;
}

const pack = promisify(gzip);
const unpack = promisify(gunzip);
/** A stored file unpacked: what is wanted of one is a fraction of this. */
const bodyBytesMax = 512 * 1024 * 1024;

/** The exchanges' risk files that are in use: one of each, in memory and in the database. */
export class RiskFileShelf {
  private readonly deps: RiskFileShelfDeps;
  private readonly shelved = new Map<Exchange, Shelved>();
  private isImporting = false;

  constructor(deps: RiskFileShelfDeps) {
    this.deps = deps;
  }

  /** One that cannot be read is left out: estimates then go by the own scenarios. */
  async load(): Promise<void> {
    const { database, log } = this.deps;
    for (const { body, ...row } of await database.getRepository(riskFileEntity).find()) {
      try {
        const text = (await unpack(body, { maxOutputLength: bodyBytesMax })).toString();
        const file = riskFileOf(JSON.parse(text) as RiskFileBody);
        this.shelved.set(row.exchange, { file, row });
      } catch (thrown) {
        const { exchange } = row;
        log.error('risk file not read back', { exchange, reason: errorMessageOf(thrown) });
      }
    }
  }

  files(): readonly RiskFile[] {
    return [...this.shelved.values()].map(({ file }) => file);
  }

  list(): RiskFiles {
    const today = indiaDateOf(this.deps.clock.wallMs());
    const rows = [...this.shelved.values()].map(({ row }) => ({
      exchange: row.exchange,
      businessDate: row.businessDate,
      created: row.created,
      importedAt: indiaIsoOf(row.importedAt.getTime()),
      underlyings: row.underlyings,
      contracts: row.contracts,
      current: isRiskFileCurrent(row, today),
    }));
    return { files: rows.sort((a, b) => (a.exchange < b.exchange ? -1 : 1)) };
  }

  /** Takes a file in place of the one before; one at a time, because each is long work. */
  async import(exchange: Exchange, source: Readable, by: ActedBy): Promise<RiskFiles> {
    if (this.isImporting) {
      const message = 'another risk file is being read: try again when it is done';
      throw new StrikewireError({ kind: 'throttled', code: 'risk_file_busy', message });
    }
    this.isImporting = true;
    try {
      const wanted = (symbol: string): boolean => this.deps.isWanted(exchange, symbol);
      const file = await readRiskFileBytes(source, { exchange, wanted });
      this.check(file);
      await this.keep(file, by);
    } finally {
      this.isImporting = false;
    }
    return this.list();
  }

  private check(file: RiskFile): void {
    const { exchange, businessDate, created } = file;
    if (file.underlyings.size === 0) {
      const message = `the file has no underlying of ${exchange} that is served, needs one`;
      throw new StrikewireError({ kind: 'invalid', code: 'risk_file_empty', message });
    }
    const known = this.shelved.get(exchange)?.file;
    const today = indiaDateOf(this.deps.clock.wallMs());
    if (!known || !isRiskFileCurrent(known, today)) return;
    const [ours, theirs] = [known, file].map((one) => `${one.businessDate} ${one.created}`.trim());
    if (`${businessDate} ${created}` >= `${known.businessDate} ${known.created}`) return;
    const message = `the file of ${exchange} in use is of ${ours}, this one is older: ${theirs}`;
    throw new StrikewireError({ kind: 'rejected', code: 'risk_file_older', message });
  }

  private async keep(file: RiskFile, by: ActedBy): Promise<void> {
    const { clock, database, activity } = this.deps;
    const { exchange, businessDate, created, underlyings } = file;
    const contracts = [...underlyings.values()].reduce((sum, one) => sum + one.contracts.size, 0);
    const importedAt = new Date(clock.wallMs());
    const importedBy = actorName(by);
    const figures = { underlyings: underlyings.size, contracts };
    const row = { exchange, businessDate, created, importedAt, importedBy, ...figures };
    const body = await pack(JSON.stringify(riskFileBody(file)));
    const before = this.shelved.get(exchange)?.row;
    const subject = { kind: 'risk_file', id: exchange, name: `Risk file of ${exchange}` };
    await database.transaction(async (manager) => {
      await manager.upsert(riskFileEntity, { ...row, body }, ['exchange']);
      await activity.record(manager, by, {
        action: 'risk_file.imported',
        subject,
        before: before ? { businessDate: before.businessDate, created: before.created } : null,
        after: { businessDate, created, ...figures },
      });
    });
    this.shelved.set(exchange, { file, row });
  }
}
