import { price } from '../../../format/numbers';
import type { StrikeRow } from './table-rows';

export interface SpotMark {
  /** `spotPaise`: 0 when unknown, which hides the mark. */
  move(spotPaise: number): void;
}

/**
 * The line between the two strikes around the spot, with the spot on it, and the shading of what
 * is in the money: calls below the spot, puts above it.
 */
export function createSpotMark(rows: readonly StrikeRow[], strikes: readonly number[]): SpotMark {
  const label = document.createElement('em');
  label.className = 'spot-label';
  label.setAttribute('aria-hidden', 'true');
  const text = document.createTextNode('');
  label.append(text);
  let shownPaise = -1;
  let below = -1;
  return {
    move(spotPaise) {
      if (spotPaise === shownPaise) return;
      shownPaise = spotPaise;
      text.data = price(spotPaise);
      const passed = strikes.filter((strike) => strike * 100 <= spotPaise).length;
      const count = spotPaise > 0 ? passed : -1;
      if (count === below) return;
      below = count;
      rows.forEach(({ element }, index) => {
        element.classList.toggle('call-itm', count >= 0 && index < count);
        element.classList.toggle('put-itm', count >= 0 && index >= count);
        element.classList.toggle('above-spot', index === count - 1);
      });
      // Below the first or above the last strike there is no pair to stand between.
      const row = count > 0 && count < rows.length ? rows[count - 1] : undefined;
      if (row) row.strike.append(label);
      else label.remove();
    },
  };
}
