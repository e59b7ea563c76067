import { isComplete } from '../../core/order-look-up';
import { applyFill, positionKey, type PositionBook } from '../../core/positions';
import type { OpenedOrders } from '../open-order-desk';
import type { MemoryJournal } from './memory-journal';
import type { ScriptedVenue } from './scripted-venue';

/** What must never be, at the end of a day that ended fairly. */
export function engineDoubts(
  { floor }: OpenedOrders,
  journal: MemoryJournal,
  venue: ScriptedVenue,
): string[] {
  return [
    ...sendingDoubts(journal, venue),
    ...rateDoubts(venue),
    ...orderDoubts(floor, venue),
    ...fillDoubts(floor, journal, venue),
  ];
}

/** Nothing is sent twice, or without being written down; no request makes its orders twice. */
function sendingDoubts(journal: MemoryJournal, venue: ScriptedVenue): string[] {
  const placed = venue.calls.filter(({ call }) => call === 'place').map(({ id }) => id);
  const doubts = placed.filter((id, index) => placed.indexOf(id) !== index)
    .map((id) => `${id} was sent twice`);
  doubts.push(...placed.filter((id) => !journal.records.has(id))
    .map((id) => `${id} was sent and never written down`));
  const made = [...journal.records.values()].map((text) => {
    const { requestId, leg, slice } = JSON.parse(text) as Record<string, unknown>;
    return `${requestId as string} ${leg as number} ${slice as number}`;
  });
  const twice = made.filter((one, index) => made.indexOf(one) !== index);
  return [...doubts, ...twice.map((one) => `request ${one} was made twice`)];
}

/** In no window, both ends included, are there more calls than its limit. */
function rateDoubts({ calls, rates }: ScriptedVenue): string[] {
  const sent = calls.filter(({ call }) => ['place', 'modify', 'cancel'].includes(call))
    .map(({ atMs }) => atMs);
  return rates.limits.flatMap(({ name, limit, windowMs }) => sent.flatMap((fromMs, index) => {
    const last = sent[index + limit];
    if (last === undefined || last - fromMs > windowMs) return [];
    return [`more than ${limit} calls of ${name} within ${windowMs} ms`];
  }).slice(0, 1));
}

/** Every order has ended as the broker's book has it. */
function orderDoubts(floor: OpenedOrders['floor'], venue: ScriptedVenue): string[] {
  return floor.all.flatMap((track) => {
    const { state, id } = track;
    const row = venue.rowOf(id);
    if (!isComplete(state)) return [`${id} is ${state.status} at the end`];
    if (!row) {
      const isFine = ['rejected', 'expired', 'denied'].includes(state.status);
      return isFine ? [] : [`${id} is ${state.status}, and the broker never had it`];
    }
    if (row.status !== state.status) return [`${id} is ${state.status}, not ${row.status}`];
    const [here, there] = [state.filledQuantity, row.filledQuantity];
    return here === there ? [] : [`${id} has ${here} filled, not ${there}`];
  });
}

/** Each trade counts once, in the store and in the positions, with its charges. */
function fillDoubts(
  floor: OpenedOrders['floor'],
  journal: MemoryJournal,
  venue: ScriptedVenue,
): string[] {
  const fills = [...journal.fills.values()];
  const known = fills.map(({ tradeId }) => tradeId).sort().join();
  const there = venue.book.map(({ tradeId }) => tradeId).sort().join();
  const doubts = known === there ? [] : [`trades are ${known}, not ${there}`];
  let book: PositionBook = new Map();
  for (const fill of fills) book = applyFill(book, fill);
  const ledger = floor.ledger(venue.account);
  for (const [key, wanted] of book) {
    const held = ledger.positions.find((one) => positionKey(one.key, one.product) === key);
    const isSame = held?.netQuantity === wanted.netQuantity
      && held.chargesPaise === wanted.chargesPaise
      && held.buyValuePaise === wanted.buyValuePaise
      && held.sellValuePaise === wanted.sellValuePaise;
    if (!isSame) doubts.push(`${key} is ${JSON.stringify(held)}, not ${JSON.stringify(wanted)}`);
    const stored = journal.positions.get(`${venue.account} ${key}`)?.position;
    if (JSON.stringify(stored) !== JSON.stringify(held)) doubts.push(`${key} is stored otherwise`);
  }
  const charged = floor.all.reduce((sum, { record }) => sum + record.charges.totalPaise, 0);
  const paid = fills.reduce((sum, { chargesPaise }) => sum + chargesPaise, 0);
  return charged === paid ? doubts : [...doubts, `charges are ${charged}, not ${paid} paise`];
}
