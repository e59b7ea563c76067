import { describe, expect, it } from 'vitest';
import { createLegAim } from './leg-aim';

function row(strike: string) {
  const element = document.createElement('tr');
  const head = document.createElement('th');
  const price = document.createElement('b');
  price.textContent = strike;
  head.append(price);
  element.append(head);
  document.body.append(element);
  return { element, strike: head };
}

function setUp() {
  const rows = [row('25,950'), row('26,000')];
  const traded: string[] = [];
  const aim = createLegAim(() => rows, (side) => traded.push(`${side} ${aim.index} ${aim.type}`));
  const marks = (): string[] => rows.map(({ element }) => element.className);
  return { rows, traded, aim, marks };
}

describe('the leg that is aimed at', () => {
  it('is where pointer or cursor were last, and is marked there alone', () => {
    const { aim, marks } = setUp();
    expect([aim.index, aim.type]).toEqual([-1, 'CE']);
    aim.point(1, 'PE');
    expect(marks()).toEqual(['', 'aim-pe']);
    aim.move(0);
    expect(marks()).toEqual(['aim-pe', '']);
    aim.turn('CE');
    aim.point(-1, null);
    expect(marks()).toEqual(['aim-ce', '']);
    aim.point(1, null);
    expect([aim.index, aim.type]).toEqual([1, 'CE']);
  });

  it('has a button to buy and one to sell, which do not choose the row', () => {
    const { rows, aim, traded } = setUp();
    const chosen: string[] = [];
    rows.forEach(({ element }) => element.addEventListener('click', () => chosen.push('row')));
    aim.point(1, 'PE');
    const [buy, sell] = rows[1]!.strike.querySelectorAll('button');
    expect([buy, sell].map((one) => one?.getAttribute('aria-label'))).toEqual([
      'Buy the 26,000 PE', 'Sell the 26,000 PE',
    ]);
    sell?.click();
    buy?.click();
    expect([traded, chosen]).toEqual([['SELL 1 PE', 'BUY 1 PE'], []]);
    aim.move(0);
    expect(rows.map(({ strike }) => strike.querySelectorAll('button').length)).toEqual([2, 0]);
  });

  it('is marked anew on rows that were made anew', () => {
    const { rows, aim, marks } = setUp();
    aim.point(1, 'CE');
    rows[1] = row('26,000');
    aim.mark();
    expect(marks()).toEqual(['', 'aim-ce']);
  });
});
