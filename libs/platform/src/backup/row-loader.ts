import { escapeIdentifier } from 'pg';
import type { QueryRunner } from 'typeorm';
import { identifiers, type Table } from './catalogue';

/** A statement is sent at whichever comes first. */
const batchRowsMax = 500;
const batchCharsMax = 1024 * 1024;

/** Inserts the rows of one table in batches. Not for use by two at once. */
export class RowLoader {
  readonly table: string;
  private readonly runner: QueryRunner;
  private readonly sql: string;
  private rows: string[] = [];
  private chars = 0;

  /** `order`: the columns as the rows have them. */
  constructor(runner: QueryRunner, table: Table, order: readonly string[]) {
    this.runner = runner;
    this.table = table.name;
    const values = order.map((name, index) => {
      const type = table.columns.find((column) => column.name === name)?.type ?? 'text';
      return `(row ->> ${index})::${type}`;
    });
    // Numbers that the database gives out itself are taken from the backup as well.
    this.sql = `
      insert into ${escapeIdentifier(table.name)} (${identifiers(order)}) overriding system value
      select ${values.join(', ')} from jsonb_array_elements($1::jsonb) as row`;
  }

  async add(row: string): Promise<void> {
    this.rows.push(row);
    this.chars += row.length;
    if (this.rows.length >= batchRowsMax || this.chars >= batchCharsMax) await this.finish();
  }

  /** Sends what is left. */
  async finish(): Promise<void> {
    if (this.rows.length === 0) return;
    const batch = `[${this.rows.join(',')}]`;
    [this.rows, this.chars] = [[], 0];
    await this.runner.query(this.sql, [batch]);
  }
}
