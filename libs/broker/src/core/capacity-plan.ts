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
  /** Whether its broker has an item; it has all when not given. */
  has?(key: string): boolean;
  /** Sockets that are to carry nothing for now. */
  without?: ReadonlySet<number>;
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
 * so that a small change moves little, and the rest fills account by account, socket by socket,
 * in their order where everything finds a place by it.
 * The same arguments always give the same plan; no account ever carries more than it has room for.
 */
export function planCapacity(
  items: readonly PlanItem[],
  accounts: readonly PlanAccount[],
  previous?: ReadonlyMap<string, PlanPlace>,
): CapacityPlan {
  const { fitting, unplaced } = chooseFitting(items, accounts);
  const narrow = narrowFirst(accounts);
  const places =
    placeAll(fitting, accounts, previous) ??
    placeAll(fitting, narrow, previous) ??
    // Without places to keep, what was found to fit is dealt in the same way again: it fits.
    placeAll(fitting, narrow, undefined);
  return { places: places ?? new Map(), unplaced };
}

/** What fits: by priority, each with the account that can carry the least else. */
function chooseFitting(
  items: readonly PlanItem[],
  accounts: readonly PlanAccount[],
): { fitting: readonly PlanItem[]; unplaced: readonly string[] } {
  const left = new Map(accounts.map((one) => [one, roomOf(one)]));
  const order = narrowFirst(accounts);
  const fitting: PlanItem[] = [];
  const unplaced: string[] = [];
  for (const item of items) {
    const account = order.find((one) => carries(one, item) && (left.get(one) ?? 0) > 0);
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
  const places = new Map<string, PlanPlace>();
  for (const item of items) {
    const place = kept.get(item.key) ?? firstPlace(item, rooms, lostWith(item, accounts, previous));
    if (!place) return undefined;
    places.set(item.key, place);
  }
  return places;
}

/** Elsewhere than at the account `avoided`, where that can be. */
function firstPlace(
  item: PlanItem,
  rooms: readonly AccountRoom[],
  avoided: string | undefined,
): PlanPlace | undefined {
  const isAvoided = ({ account }: AccountRoom): boolean => account.id === avoided;
  const ordered = avoided === undefined
    ? rooms : [...rooms.filter((one) => !isAvoided(one)), ...rooms.filter(isAvoided)];
  for (const room of ordered) {
    const socket = carries(room.account, item) ? room.takeFirst() : -1;
    if (socket >= 0) return { account: room.account.id, socket };
  }
  return undefined;
}

/** The account at which its socket is to carry nothing: perhaps the account does not deliver it. */
function lostWith(
  { key }: PlanItem,
  accounts: readonly PlanAccount[],
  previous: ReadonlyMap<string, PlanPlace> | undefined,
): string | undefined {
  const before = previous?.get(key);
  const account = before && accounts.find(({ id }) => id === before.account);
  return account?.without?.has(before?.socket ?? -1) ? account.id : undefined;
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

  /** False when the socket is not there, full, or to carry nothing. */
  take(socket: number): boolean {
    const { instrumentsPerSocketMax, without } = this.account;
    const used = this.used[socket];
    if (used === undefined || used >= instrumentsPerSocketMax || without?.has(socket)) return false;
    this.used[socket] = used + 1;
    return true;
  }

  /** The first socket with room; -1 when there is none. */
  takeFirst(): number {
    while (this.first < this.used.length && !this.take(this.first)) this.first++;
    return this.first < this.used.length ? this.first : -1;
  }
}

function roomOf({ socketsPlanned, instrumentsPerSocketMax, without }: PlanAccount): number {
  const out = [...(without ?? [])].filter((socket) => socket < socketsPlanned).length;
  return (socketsPlanned - out) * instrumentsPerSocketMax;
}

function carries(account: PlanAccount, { key, exchange }: PlanItem): boolean {
  const { exchanges } = account;
  return (exchanges === undefined || exchanges.includes(exchange)) && (account.has?.(key) ?? true);
}

/** Accounts that can carry the least first: what others can carry as well goes to them. */
function narrowFirst(accounts: readonly PlanAccount[]): PlanAccount[] {
  return [...accounts].sort((a, b) => breadthOf(a) - breadthOf(b));
}

function breadthOf({ exchanges }: PlanAccount): number {
  return exchanges?.length ?? Number.MAX_SAFE_INTEGER;
}
