import type { Exchange } from '@strikewire/contracts';

/** What is to be kept live, in order of priority; `key` names it, whichever account carries it. */
export interface PlanItem {
  key: string;
  exchange: Exchange;
}

/** An account's room, without the sockets that it keeps in reserve. */
export interface PlanAccount {
  id: string;
  socketsPlanned: number;
  instrumentsPerSocketMax: number;
  /** Exchanges whose instruments it can carry; all when not given. */
  exchanges?: readonly Exchange[];
}

/** Where an item lies: an account, and one of its sockets from 0. */
export interface PlanPlace {
  account: string;
  socket: number;
}

/** Which account and socket carries what. */
export interface CapacityPlan {
  places: ReadonlyMap<string, PlanPlace>;
  /** What did not fit, in order of priority. */
  unplaced: readonly string[];
}

/**
 * Deals items, in their order of priority, to the sockets of the accounts in theirs. What fits is
 * decided by priority alone; of that, each item stays where `previous` has it as long as it can,
 * so that a small change moves little, and the rest fills account by account, socket by socket.
 * The same arguments always give the same plan; no account ever carries more than it has room for.
 */
export function planCapacity(
  items: readonly PlanItem[],
  accounts: readonly PlanAccount[],
  previous?: ReadonlyMap<string, PlanPlace>,
): CapacityPlan {
  const { fitting, unplaced } = chooseFitting(items, accounts);
  const places = placeAll(fitting, accounts, previous) ?? placeAll(fitting, accounts, undefined);
  // Without places to keep, what was found to fit is dealt in the same way again: it fits.
  return { places: places ?? new Map(), unplaced };
}

/** What fits: by priority, each with the account that can carry the least else. */
function chooseFitting(
  items: readonly PlanItem[],
  accounts: readonly PlanAccount[],
): { fitting: readonly PlanItem[]; unplaced: readonly string[] } {
  const left = new Map(accounts.map((one) => [one, roomOf(one)]));
  const narrowFirst = [...accounts].sort((a, b) => breadthOf(a) - breadthOf(b));
  const fitting: PlanItem[] = [];
  const unplaced: string[] = [];
  for (const item of items) {
    const account = narrowFirst.find((one) => carries(one, item) && (left.get(one) ?? 0) > 0);
    if (!account) {
      unplaced.push(item.key);
      continue;
    }
    left.set(account, (left.get(account) ?? 0) - 1);
    fitting.push(item);
  }
  return { fitting, unplaced };
}

/** Undefined when what stays where it was leaves no room that the rest can use. */
function placeAll(
  items: readonly PlanItem[],
  accounts: readonly PlanAccount[],
  previous: ReadonlyMap<string, PlanPlace> | undefined,
): Map<string, PlanPlace> | undefined {
  const rooms = accounts.map((account) => new AccountRoom(account));
  const byId = new Map(rooms.map((room) => [room.account.id, room]));
  const kept = new Map<string, PlanPlace>();
  for (const item of items) {
    const before = previous?.get(item.key);
    const room = before && byId.get(before.account);
    if (room && carries(room.account, item) && room.take(before.socket)) kept.set(item.key, before);
  }
  // Narrow accounts fill first, as it was found to fit.
  const order = [...rooms].sort((a, b) => breadthOf(a.account) - breadthOf(b.account));
  const places = new Map<string, PlanPlace>();
  for (const item of items) {
    const place = kept.get(item.key) ?? firstPlace(item, order);
    if (!place) return undefined;
    places.set(item.key, place);
  }
  return places;
}

function firstPlace(item: PlanItem, rooms: readonly AccountRoom[]): PlanPlace | undefined {
  for (const room of rooms) {
    const socket = carries(room.account, item) ? room.takeFirst() : -1;
    if (socket >= 0) return { account: room.account.id, socket };
  }
  return undefined;
}

/** How full each socket of an account is. */
class AccountRoom {
  readonly account: PlanAccount;
  private readonly used: number[];
  private first = 0;

  constructor(account: PlanAccount) {
    this.account = account;
    this.used = new Array<number>(account.socketsPlanned).fill(0);
  }

  /** False when the socket is not there, or full. */
  take(socket: number): boolean {
    const used = this.used[socket];
    if (used === undefined || used >= this.account.instrumentsPerSocketMax) return false;
    this.used[socket] = used + 1;
    return true;
  }

  /** The first socket with room; -1 when there is none. */
  takeFirst(): number {
    while (this.first < this.used.length && !this.take(this.first)) this.first++;
    return this.first < this.used.length ? this.first : -1;
  }
}

function roomOf({ socketsPlanned, instrumentsPerSocketMax }: PlanAccount): number {
  return socketsPlanned * instrumentsPerSocketMax;
}

function carries({ exchanges }: PlanAccount, { exchange }: PlanItem): boolean {
  return exchanges === undefined || exchanges.includes(exchange);
}

function breadthOf({ exchanges }: PlanAccount): number {
  return exchanges?.length ?? Number.MAX_SAFE_INTEGER;
}
