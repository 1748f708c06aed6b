/** N, what the loss of a window is divided by, in words with its numbers. */

/** A window of T time steps, and N of MATH.md. */
export interface Divisor {
  readonly T: number;
  readonly N: number;
}

/** Whether the loss is the sum over the window, which is divided by nothing. */
export function isSummed({ T, N }: Divisor): boolean {
  return N === 1 && T > 1;
}

/** `N = T·B = 5·1 = 5`; of a sum, which is not divided, N = 1, as of the mean of a single symbol. */
export function divisorText({ T, N }: Divisor): string {
  if (isSummed({ T, N })) return 'N = 1, since L is the sum over the window';
  return N === 1 ? 'N = 1' : `N = T·B = ${T}·${N / T} = ${N}`;
}
