/** How many of the sorted instants are at or before `at`. */
export function countUpTo(sorted: Float64Array, at: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many of the sorted instants are before `at`. */
export function countBefore(sorted: Float64Array, at: number): number {
  const count = countUpTo(sorted, at);
  return sorted[count - 1] === at ? count - 1 : count;
}

/** Where a day number is or would be: how many of the sorted ones are before it. */
export function placeOfDay(days: Int32Array, day: number): number {
  let low = 0;
  let high = days.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((days[middle] as number) < day) low = middle + 1;
    else high = middle;
  }
  return low;
}
