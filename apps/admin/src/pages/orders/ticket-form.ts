import type { OrderPreview, OrderTicket } from '@strikewire/contracts';
import type { FieldNeeds } from '../../ui/problem-words';

/** What is typed and chosen in a ticket. */
export interface TicketForm {
  side: string;
  type: string;
  product: string;
  validity: string;
  lots: string;
  price: string;
  trigger: string;
}

/** What of a contract is needed to ask for it. */
export interface TicketContract {
  key: string;
  lotSize: number;
  /** Rupees. */
  tick: number;
}

const wholeMax = 1_000_000;

export function hasPrice(type: string): boolean {
  return type === 'LIMIT' || type === 'SL';
}

export function hasTrigger(type: string): boolean {
  return type === 'SL' || type === 'SL-M';
}

/** What is missing, by field; the platform looks at the rest. */
export function ticketNeeds(form: TicketForm, { tick }: TicketContract): FieldNeeds {
  const needs: Record<string, string> = {};
  const lots = Number(form.lots);
  if (!Number.isInteger(lots) || lots < 1 || lots > wholeMax) {
    needs['lots'] = 'needs a whole number of lots, 1 or more';
  }
  const check = (name: 'price' | 'trigger'): void => {
    const value = Number(form[name]);
    if (form[name].trim() === '' || !(value > 0)) needs[name] = 'needs rupees above 0';
    else if (!isOnTick(value, tick)) needs[name] = `needs steps of ${tick.toFixed(2)}`;
  };
  if (hasPrice(form.type)) check('price');
  if (hasTrigger(form.type)) check('trigger');
  return needs;
}

/** The order that the form asks for; a form with needs makes none. */
export function ticketOf(form: TicketForm, contract: TicketContract): OrderTicket {
  return {
    contract: contract.key,
    side: form.side as OrderTicket['side'],
    type: form.type as OrderTicket['type'],
    product: form.product as OrderTicket['product'],
    validity: form.validity as 'DAY' | 'IOC',
    quantity: Number(form.lots) * contract.lotSize,
    ...(hasPrice(form.type) && { price: Number(form.price) }),
    ...(hasTrigger(form.type) && { triggerPrice: Number(form.trigger) }),
  };
}

/** The form of an order that was asked for before. */
export function formOf(ticket: OrderTicket, lotSize: number): TicketForm {
  const text = (rupees: number | undefined): string => rupees?.toFixed(2) ?? '';
  return {
    side: ticket.side,
    type: ticket.type,
    product: ticket.product,
    validity: ticket.validity ?? 'DAY',
    lots: String(ticket.quantity / lotSize),
    price: text(ticket.price),
    trigger: text(ticket.triggerPrice),
  };
}

/** A price so many ticks further; what is off the ticks goes to the next one. */
export function stepPrice(text: string, steps: number, tick: number): string {
  const value = Number(text);
  const ticks = Number.isFinite(value) && value > 0 ? value / tick : 0;
  const near = Math.round(ticks);
  const isOn = Math.abs(ticks - near) < 1e-6;
  const from = isOn ? near + steps : steps > 0 ? Math.ceil(ticks) : Math.floor(ticks);
  return (Math.max(1, from) * tick).toFixed(2);
}

/** Whether a price in rupees is a whole number of ticks. */
export function isOnTick(value: number, tick: number): boolean {
  const ticks = value / tick;
  return Math.abs(ticks - Math.round(ticks)) < 1e-6;
}

type Problem = OrderPreview['problems'][number];

/** Problems of one leg by the field that they are about, and those that are about none. */
export function problemsByField(
  problems: readonly Problem[],
  { leg, type }: { leg: number; type: string },
): { needs: FieldNeeds; others: readonly Problem[] } {
  const needs: Record<string, string> = {};
  const others: Problem[] = [];
  for (const problem of problems) {
    if (problem.leg !== null && problem.leg !== leg) continue;
    const field = problem.leg === null ? null : fieldOf(problem.code, type);
    if (field === null) others.push(problem);
    else needs[field] ??= problem.message;
  }
  return { needs, others };
}

function fieldOf(code: string, type: string): string | null {
  if (/^(quantity|lot|freeze)_/.test(code)) return 'lots';
  if (code.startsWith('price_')) return hasPrice(type) ? 'price' : null;
  if (code.startsWith('trigger_')) return hasTrigger(type) ? 'trigger' : null;
  return null;
}
