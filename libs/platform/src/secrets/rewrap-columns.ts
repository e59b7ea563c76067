import { errorMessageOf, StrikewireError } from '@strikewire/runtime';
import { escapeIdentifier, type ClientBase } from 'pg';
import { isSealed, sealedPrefix } from './sealed-text';
import type { Vault } from './vault';

/** Where a library keeps sealed text; each one declares its own, for the rotation. */
export interface SealedColumn {
  table: string;
  column: string;
  /** The column that tells the rows apart. */
  id: string;
  /** The column is jsonb, and those of its object's values that are sealed are meant. */
  json?: boolean;
}

/** What a rotation did. */
export interface RewrapCount {
  /** Secrets found. */
  found: number;
  /** Of these, those that were under another key before. */
  rewrapped: number;
}

interface Place {
  id: string;
  /** The name of the value in a jsonb object. */
  key: string | null;
  sealed: string;
}

/** Rows held at a time. */
const pageRows = 200;

/**
 * Puts every secret under the newest master key, all or none: in one transaction, in which each
 * row is locked. Tables that are not there yet are passed over. May be repeated at will.
 * @throws StrikewireError `fatal` that names the row whose secret cannot be read
 */
export async function rewrapColumns(
  client: ClientBase,
  columns: readonly SealedColumn[],
  vault: Pick<Vault, 'rewrap'>,
): Promise<RewrapCount> {
  const count: RewrapCount = { found: 0, rewrapped: 0 };
  await client.query('begin');
  try {
    for (const column of columns) {
      if (await exists(client, column)) await rewrapColumn(client, column, vault, count);
    }
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
  return count;
}

async function exists(client: ClientBase, { table }: SealedColumn): Promise<boolean> {
  const sql = 'select to_regclass($1) is not null as exists';
  const { rows } = await client.query<{ exists: boolean }>(sql, [escapeIdentifier(table)]);
  return rows[0]?.exists === true;
}

async function rewrapColumn(
  client: ClientBase,
  column: SealedColumn,
  vault: Pick<Vault, 'rewrap'>,
  count: RewrapCount,
): Promise<void> {
  let after: string | undefined;
  do {
    const ids = await lockPage(client, column, after);
    for (const place of await placesIn(client, column, ids)) {
      if (!isSealed(place.sealed)) continue;
      count.found++;
      if (await rewrapPlace(client, column, place, vault)) count.rewrapped++;
    }
    after = ids.length === pageRows ? ids.at(-1) : undefined;
  } while (after !== undefined);
}

async function lockPage(
  client: ClientBase,
  { table, id }: SealedColumn,
  after: string | undefined,
): Promise<string[]> {
  const name = `${escapeIdentifier(id)}::text`;
  const sql = `
    select ${name} as id from ${escapeIdentifier(table)}
    where $1::text is null or ${name} collate "C" > $1
    order by ${name} collate "C" limit ${pageRows} for update`;
  const { rows } = await client.query<{ id: string }>(sql, [after ?? null]);
  return rows.map((row) => row.id);
}

async function placesIn(
  client: ClientBase,
  { table, column, id, json = false }: SealedColumn,
  ids: readonly string[],
): Promise<Place[]> {
  const [name, text] = [`t.${escapeIdentifier(id)}::text`, `t.${escapeIdentifier(column)}`];
  const object = `case jsonb_typeof(${text}) when 'object' then ${text} end`;
  const source = json
    ? `, jsonb_each_text(${object}) as value`
    : `, lateral (select null::text as key, ${text} as value) as value`;
  const sql = `
    select ${name} as id, value.key, value.value as sealed
    from ${escapeIdentifier(table)} as t ${source}
    where ${name} = any($1::text[]) and value.value like $2`;
  return (await client.query<Place>(sql, [ids, `${sealedPrefix}%`])).rows;
}

/** Writes only what changed: other values of an object are not even parsed. */
async function rewrapPlace(
  client: ClientBase,
  { table, column, id }: SealedColumn,
  place: Place,
  vault: Pick<Vault, 'rewrap'>,
): Promise<boolean> {
  const sealed = rewrapped(`${table}.${column} of ${place.id}`, place.sealed, vault);
  if (sealed === place.sealed) return false;
  const target = escapeIdentifier(column);
  const isWhole = place.key === null;
  const value = isWhole ? '$2' : `jsonb_set(${target}, array[$3], to_jsonb($2::text))`;
  const sql = `
    update ${escapeIdentifier(table)} set ${target} = ${value}
    where ${escapeIdentifier(id)}::text = $1`;
  await client.query(sql, [place.id, sealed, ...(isWhole ? [] : [place.key])]);
  return true;
}

function rewrapped(where: string, sealed: string, vault: Pick<Vault, 'rewrap'>): string {
  try {
    return vault.rewrap(sealed);
  } catch (cause) {
    throw new StrikewireError({
      kind: 'fatal',
      code: 'secret_unreadable',
      message: `${where}: ${errorMessageOf(cause)}; nothing was changed`,
      cause,
    });
  }
}
