import type { BrokerPosition } from '@strikewire/broker';
import type { AdoptPosition } from '@strikewire/contracts';
import type { ContractFacts } from '@strikewire/option-chain/engine';
import { errorMessageOf, sleep } from '@strikewire/runtime';
import { positionKey, type Position } from '../core/positions';
import { adoptedPrefix } from './account-ledger';
import { adoptedPaise, type AdoptedTerms } from './adopted-price';
import type { Asker } from './asker';
import { deniedError, type OrderAccess } from './order-access';
import type { OrderFloor } from './order-floor';
import { newOrderId } from './order-ids';
import type { FillRecord, OrderAct, OrderJournal } from './order-journal';
import { nameOf } from './order-track';
import { listLagMs, type OrderVenue } from './order-venue';
import type { PositionCheck, PositionDifference } from './position-check';

/** Of a write without an answer: it is written again, and counts once. */
const retryMs = [500, 1_000, 2_000, 4_000];

/** A position here and at its broker at one moment. */
interface Compared extends AdoptedTerms {
  venue: OrderVenue;
  /** When the broker was asked. */
  readMs: number;
}

/** What people do about positions that are others at the broker. */
export class PositionActs {
  private readonly floor: OrderFloor;
  private readonly access: OrderAccess;
  private readonly check: PositionCheck;

  constructor(floor: OrderFloor, access: OrderAccess, check: PositionCheck) {
    this.floor = floor;
    this.access = access;
    this.check = check;
  }

  /** As they were compared last, of accounts that somebody may trade. */
  differences(asker: Asker): (PositionDifference & { blocked: string | null })[] {
    const live = this.floor.venues.of(asker).filter(({ mode }) => mode === 'live');
    return live.flatMap((venue) => this.check.differencesOf(venue.account).map((one) =>
      ({ ...one, blocked: this.blockedBecause(venue.account, one.key) })));
  }

  /** Asks the broker now; who asks within a second of another has the same answer. */
  async compare(asker: Asker, account: string): Promise<void> {
    await this.check.readShared(this.liveVenue(asker, account));
  }

  /**
   * Makes the book agree with the broker's, by a fill without an order. Refused while an order of
   * the contract is unfinished: that explains a difference, and closes it by itself.
   */
  async adopt(asker: Asker, body: AdoptPosition): Promise<void> {
    const venue = this.liveVenue(asker, body.account);
    const { account } = venue;
    const { contract: key, product } = body;
    const ledger = this.floor.ledger(account);
    const blocked = this.blockedBecause(account, key);
    if (blocked !== null) throw deniedError('position_blocked', blocked);
    const ours = this.held(account, body);
    if (ours) this.refuseMoving(ours, ledger.updatedMs(ours));
    const { rows, net, unnamed, atMs: readMs } = await this.check.read(venue);
    const name = positionKey(key, product);
    const row = rowOf(venue, rows, name);
    if (row.netQuantity !== body.netQuantity) {
      const found = `the broker holds ${row.netQuantity} of ${key} now`;
      throw deniedError('position_changed', `${found}, ${body.netQuantity} were to be adopted`);
    }
    if (!net.has(name) && unnamed.some((one) => one.product === product)) {
      const found = `the broker holds ${product} positions that have no name here yet`;
      throw deniedError('position_unclear', `${found}: ${key} may be one of them`);
    }
    await ledger.inTurn(async () => {
      const again = this.blockedBecause(account, key);
      if (again !== null) throw deniedError('position_blocked', again);
      if (this.held(account, body) !== ours) {
        throw deniedError('position_changed', `${key} was traded meanwhile: look at it again`);
      }
      const facts = this.factsOf(account, key);
      if (!facts) throw deniedError('contract_unknown', `nobody serves ${key}`);
      const ltpPaise = this.floor.deps.contracts.read(key)?.ltpPaise ?? null;
      const found = { venue, facts, ours, there: row.netQuantity, ltpPaise, readMs, ...row };
      await this.book(asker, body, found);
    });
  }

  private async book(asker: Asker, body: AdoptPosition, found: Compared): Promise<void> {
    const { floor } = this;
    const { clock, random } = floor.deps;
    const { venue: { account }, facts, ours, there } = found;
    const here = ours?.netQuantity ?? 0;
    if (there === here) {
      throw deniedError('position_agrees', `${body.contract} is ${here} here and at the broker`);
    }
    const nowMs = clock.wallMs();
    const fill: FillRecord = {
      account,
      orderId: `${adoptedPrefix}${newOrderId(clock, random)}`,
      tradeId: '1',
      key: body.contract,
      side: there > here ? 'BUY' : 'SELL',
      product: body.product,
      quantity: Math.abs(there - here),
      pricePaise: adoptedPaise(body, found),
      // It was charged where it was traded.
      chargesPaise: 0,
      // What was traded until then is in it.
      tradedMs: found.readMs,
    };
    const ledger = floor.ledger(account);
    const change = ledger.changeBySettlement(fill, facts, nowMs);
    if (!change) return;
    await this.store(change.fills, change.positions, actOf(asker, body, found, fill));
    ledger.commit(change);
    floor.positionsMoved(account);
  }

  /** It may have been stored though nobody heard: the same again makes nothing twice. */
  private async store(...save: Parameters<OrderJournal['saveFills']>): Promise<void> {
    const { clock, journal, log } = this.floor.deps;
    for (const waitMs of retryMs) {
      try {
        return await journal.saveFills(...save);
      } catch (error) {
        log.error('a position is not stored yet', { reason: errorMessageOf(error), waitMs });
        await sleep(clock, waitMs);
      }
    }
    return journal.saveFills(...save);
  }

  private liveVenue(asker: Asker, account: string): OrderVenue {
    const venue = this.access.venue(asker, account);
    if (venue.mode === 'paper') {
      throw deniedError('paper_account', 'a paper account has no broker beside it');
    }
    const absent = this.floor.venues.unreachable(venue.account);
    if (absent) throw deniedError(absent.code, `${absent.reason}: its positions cannot be read`);
    return venue;
  }

  private held(
    account: string,
    { contract, product }: Pick<AdoptPosition, 'contract' | 'product'>,
  ): Position | undefined {
    return this.floor.ledger(account).positions
      .find((one) => one.key === contract && one.product === product);
  }

  private factsOf(account: string, key: string): ContractFacts | undefined {
    return this.floor.deps.contracts.find(key) ?? this.floor.ledger(account).factsOf(key);
  }

  /** Why a difference is not one to adopt; null: nothing speaks against it. */
  private blockedBecause(account: string, key: string): string | null {
    const facts = this.factsOf(account, key);
    if (!facts) return `nobody serves ${key}`;
    // What is counted otherwise there is not what it seems.
    const refused = this.floor.venues.find(account)?.refuses?.(facts) ?? null;
    if (refused !== null) return refused;
    const open = this.floor.unfinished(account).filter(({ record }) => record.facts.key === key);
    if (open.length === 0) return null;
    return `orders of it have not ended: ${open.map(nameOf).join(', ')}`;
  }

  private refuseMoving({ key }: Position, updatedMs: number): void {
    const sinceMs = this.floor.deps.clock.wallMs() - updatedMs;
    if (sinceMs >= listLagMs) return;
    const found = `${key} was traded ${sinceMs} ms ago`;
    throw deniedError('position_moving', `${found}, the broker's list may need ${listLagMs} ms`);
  }
}

/** Of rows of one contract and product, all together. */
function rowOf(
  venue: OrderVenue,
  rows: readonly BrokerPosition[],
  wanted: string,
): { netQuantity: number; averagePaise: number | null } {
  const its = rows.filter(({ token, product }) => {
    const key = venue.keyOf(token);
    return key !== undefined && positionKey(key, product) === wanted;
  });
  const netQuantity = its.reduce((sum, one) => sum + one.netQuantity, 0);
  const averagePaise = its.length === 1 ? (its[0]?.averagePaise ?? null) : null;
  return { netQuantity, averagePaise };
}

function actOf(
  { by }: Asker,
  { contract, product, reason }: AdoptPosition,
  { venue, ours, there }: Compared,
  { orderId, pricePaise }: FillRecord,
): OrderAct {
  return {
    by,
    action: 'position.adopted',
    subject: { kind: 'account', id: venue.account, name: venue.label },
    before: { contract, product, netQuantity: ours?.netQuantity ?? 0 },
    after: { contract, product, netQuantity: there, pricePaise, reason, fill: orderId },
  };
}
