import { stepSupervisor } from '../supervisor';
import {
  emptySupervisor,
  type SupervisedAccount,
  type SupervisorEffect,
  type SupervisorEvent,
  type SupervisorState,
} from '../supervisor-state';

/** An account that nothing is known of yet. */
export const account = (id: string, broker = 'home', canRenew = true): SupervisedAccount =>
  ({ id, broker, version: 0, canRenew });

/** A supervisor, driven by hand. */
export class Drive {
  state: SupervisorState = emptySupervisor;
  nowMono = 0;
  effects: SupervisorEffect[] = [];

  constructor(accounts: readonly SupervisedAccount[]) {
    this.accounts(accounts);
    for (const { id } of accounts) this.feed(id, 1, 1);
    this.effects = [];
  }

  tell(event: SupervisorEvent, nowMono = this.nowMono): SupervisorEffect[] {
    this.nowMono = nowMono;
    const step = stepSupervisor(this.state, event, nowMono);
    this.state = step.state;
    this.effects.push(...step.effects);
    return step.effects;
  }

  accounts(
    accounts: readonly SupervisedAccount[],
    { forced = null, drained = [] }: { forced?: string | null; drained?: string[] } = {},
  ): void {
    this.tell({ type: 'accounts', accounts, forced, drained: new Set(drained) });
  }

  feed(id: string, wanted: number, live: number): void {
    this.tell({ type: 'feed', account: id, wanted, live });
  }

  rest(id: string, outcome: 'answered' | 'throttled' | 'failed', endpoint = 'chain'): void {
    this.tell({ type: 'rest', account: id, class: 'chain', endpoint, outcome });
  }

  /** Lets time pass, looking whenever the supervisor wants to. */
  pass(ms: number): void {
    const untilMono = this.nowMono + ms;
    for (let looks = 0; looks < 1_000; looks++) {
      const wake = stepSupervisor(this.state, { type: 'look' }, this.nowMono).effects.find(
        (effect) => effect.type === 'wake',
      );
      if (!wake || wake.atMono > untilMono) break;
      this.tell({ type: 'look' }, wake.atMono);
    }
    this.tell({ type: 'look' }, untilMono);
  }

  get carriers(): readonly string[] {
    return this.state.carriers;
  }

  switches(): string[] {
    return this.effects.flatMap((effect) =>
      effect.type === 'switched' ? [`${effect.record.level} ${effect.record.cause}`] : []);
  }
}
