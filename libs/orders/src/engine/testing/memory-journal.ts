import { isComplete } from '../../core/order-look-up';
import { positionKey } from '../../core/positions';
import {
  killReleased,
  type FillRecord,
  type JournalContents,
  type KillState,
  type OrderAct,
  type OrderJournal,
  type OrderRecord,
  type OrderSave,
  type PositionRecord,
  type SentCall,
} from '../order-journal';

/** What may go wrong at a write: before it is stored, after, or not at all. */
export type JournalFault = 'before' | 'after' | null;

/** A journal that outlives the desks over it, with faults as a test wants them. */
export class MemoryJournal implements OrderJournal {
  readonly records = new Map<string, string>();
  readonly fills = new Map<string, FillRecord>();
  readonly positions = new Map<string, PositionRecord>();
  readonly calls = new Map<string, SentCall>();
  readonly acts: OrderAct[] = [];
  readonly live = new Set<string>();
  kill: KillState = killReleased;
  writes = 0;
  /** Asked at each write; with a fault the write rejects. */
  fault: (what: string) => JournalFault = () => null;

  load(sinceMs: number, callsSinceMs: number): Promise<JournalContents> {
    const all = [...this.records.values()].map(parsed);
    const open = all.filter(({ state }) => !isComplete(state) || state.createdMs >= sinceMs);
    const calls = [...this.calls.values()];
    const modifications = new Map<string, number>();
    for (const { call, orderId } of calls) {
      if (call === 'modify') modifications.set(orderId, (modifications.get(orderId) ?? 0) + 1);
    }
    return Promise.resolve({
      records: open,
      fills: [...this.fills.values()].filter(({ tradedMs, orderId }) =>
        tradedMs >= sinceMs || /^(settlement|adopted)-/.test(orderId)),
      positions: [...this.positions.values()],
      calls: calls.filter(({ sentMs }) => sentMs >= callsSinceMs).map((one) => ({ ...one })),
      modifications,
      kill: this.kill,
      liveAccounts: [...this.live],
    });
  }

  byRequest(userId: string, requestId: string): Promise<OrderRecord[]> {
    const all = [...this.records.values()].filter((text) => text.includes(requestId)).map(parsed);
    return Promise.resolve(all.filter((one) =>
      one.placedBy.userId === userId && one.requestId === requestId));
  }

  create(records: readonly OrderRecord[], act: OrderAct): Promise<void> {
    return this.write('create', () => {
      for (const record of records) {
        const id = record.state.order.clientOrderId;
        if (this.records.has(id)) throw new Error(`order ${id} is there already`);
        this.records.set(id, JSON.stringify(record));
      }
      this.acts.push(act);
    });
  }

  save({ record, storedVersion, fills, positions, call, act }: OrderSave): Promise<void> {
    return this.write('save', () => {
      const id = record.state.order.clientOrderId;
      const { version } = parsed(this.records.get(id) ?? '{"state":{"version":0}}').state;
      if (version < storedVersion || version > record.state.version) {
        throw new Error(`order ${id} is stored as ${version}, not ${storedVersion}`);
      }
      this.records.set(id, JSON.stringify(record));
      this.keep(fills, positions);
      if (call) this.calls.set(call.callId, { ...call });
      if (act && version !== record.state.version) this.acts.push(act);
    });
  }

  saveFills(
    fills: readonly FillRecord[],
    positions: readonly PositionRecord[],
    act?: OrderAct,
  ): Promise<void> {
    return this.write('saveFills', () => {
      const isNew = fills.some(({ orderId, tradeId }) => !this.fills.has(`${orderId} ${tradeId}`));
      this.keep(fills, positions);
      if (act && isNew) this.acts.push(act);
    });
  }

  dropPositions(account: string, keys: readonly string[]): Promise<void> {
    return this.write('dropPositions', () => {
      for (const key of keys) this.positions.delete(`${account} ${key}`);
    });
  }

  called(call: SentCall): Promise<void> {
    return this.write('called', () => void this.calls.set(call.callId, { ...call }));
  }

  callEnded({ callId }: SentCall, answeredMs: number | null): Promise<void> {
    return this.write('callEnded', () => {
      const call = this.calls.get(callId);
      if (answeredMs === null) this.calls.delete(callId);
      else if (call) call.answeredMs = answeredMs;
    });
  }

  saveKill(kill: KillState, act: OrderAct | null): Promise<void> {
    return this.write('saveKill', () => {
      this.kill = kill;
      if (act) this.acts.push(act);
    });
  }

  saveLive(account: string, live: boolean, act: OrderAct): Promise<void> {
    return this.write('saveLive', () => {
      if (live) this.live.add(account);
      else this.live.delete(account);
      this.acts.push(act);
    });
  }

  note(act: OrderAct): Promise<void> {
    return this.write('note', () => void this.acts.push(act));
  }

  find(orderId: string): Promise<OrderRecord | undefined> {
    const text = this.records.get(orderId);
    return Promise.resolve(text === undefined ? undefined : parsed(text));
  }

  history(accounts: readonly string[], sinceMs: number): Promise<OrderRecord[]> {
    const all = [...this.records.values()].map(parsed);
    return Promise.resolve(all.filter(({ state }) =>
      accounts.includes(state.account) && state.createdMs >= sinceMs));
  }

  fillHistory(accounts: readonly string[], sinceMs: number): Promise<FillRecord[]> {
    return Promise.resolve([...this.fills.values()].filter((one) =>
      accounts.includes(one.account) && one.tradedMs >= sinceMs));
  }

  private keep(fills: readonly FillRecord[], positions: readonly PositionRecord[]): void {
    for (const fill of fills) {
      const id = `${fill.orderId} ${fill.tradeId}`;
      if (!this.fills.has(id)) this.fills.set(id, fill);
    }
    for (const one of positions) {
      const { key, product } = one.position;
      this.positions.set(`${one.account} ${positionKey(key, product)}`, one);
    }
  }

  private async write(what: string, change: () => void): Promise<void> {
    await Promise.resolve();
    this.writes += 1;
    const fault = this.fault(what);
    if (fault === 'before') throw new Error(`${what} failed`);
    change();
    if (fault === 'after') throw new Error(`${what} was stored, but nobody heard`);
  }
}

function parsed(text: string): OrderRecord {
  return JSON.parse(text) as OrderRecord;
}
