/** A vector as a strip of colours: one value a column where there is room. Pure functions. */

/** The values that `columns` columns show: where several share one, the one farthest from zero. Not a number wins over all. */
export function stripColumns(values: ArrayLike<number>, columns: number): Float64Array {
  const shown = new Float64Array(Math.max(0, columns));
  for (let x = 0; x < shown.length; x++) shown[x] = values[indexShownAt(values, x, shown.length)];
  return shown;
}

/** The index of the value that column x of so many shows. */
export function indexShownAt(values: ArrayLike<number>, x: number, columns: number): number {
  const from = Math.min(values.length - 1, Math.floor((x * values.length) / columns));
  const to = Math.max(from + 1, Math.floor(((x + 1) * values.length) / columns));
  let best = from;
  for (let i = from; i < to && i < values.length; i++) {
    if (Number.isNaN(values[i]) || Math.abs(values[i]) > Math.abs(values[best])) best = i;
  }
  return best;
}

/** The largest |value|; 0 of none, and of values that are not finite those that are count. */
export function largestMagnitude(...lists: readonly ArrayLike<number>[]): number {
  let largest = 0;
  for (const values of lists) {
    for (let i = 0; i < values.length; i++) {
      const magnitude = Math.abs(values[i]);
      if (magnitude > largest && magnitude !== Infinity) largest = magnitude;
    }
  }
  return largest;
}

/** ‖values‖₂; scaled only where the squares would overflow or vanish, which costs the last digit. */
export function norm(values: ArrayLike<number>): number {
  const squares = dot(values, values);
  if (squares > Number.MIN_VALUE / Number.EPSILON && squares < Infinity) return Math.sqrt(squares);
  const scale = largestMagnitude(values);
  if (scale === 0) return Math.sqrt(squares);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] / scale) ** 2;
  return scale * Math.sqrt(sum);
}

export function dot(left: ArrayLike<number>, right: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < left.length; i++) sum += left[i] * right[i];
  return sum;
}

/** The largest |left − right|, element by element. */
export function largestDifference(left: ArrayLike<number>, right: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < left.length; i++) {
    const difference = Math.abs(left[i] - right[i]);
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}
