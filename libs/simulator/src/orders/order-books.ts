import type { Order, Trade } from './order';

/** All that an account has ordered and traded since the start, oldest first. */
export interface AccountBook {
  readonly account: string;
  /** What it has begun with, or was given by hand. */
  openingPaise: number;
  readonly orders: Order[];
  readonly trades: Trade[];
  readonly byId: Map<string, Order>;
  /** No orders until the account's owner takes it back. */
  isKilled: boolean;
}

/** More orders of one account are refused. */
export const ordersMost = 50_000;

/** The books of all accounts; one that was not heard of before begins with the same money. */
export class OrderBooks {
  private readonly books = new Map<string, AccountBook>();
  private readonly openingPaise: number;

  constructor(openingPaise: number) {
    this.openingPaise = openingPaise;
  }

  of(account: string): AccountBook {
    let book = this.books.get(account);
    if (!book) {
      const { openingPaise } = this;
      book = {
        account, openingPaise, orders: [], trades: [], byId: new Map(), isKilled: false,
      };
      this.books.set(account, book);
    }
    return book;
  }

  add(order: Order): void {
    const book = this.of(order.account);
    book.orders.push(order);
    book.byId.set(order.id, order);
  }
}
