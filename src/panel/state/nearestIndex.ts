/** Index of the entry whose iteration is nearest, in a list sorted by iteration; −1 in an empty one. */
export function nearestIndex(sorted: readonly { readonly iteration: number }[], iteration: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle].iteration < iteration) low = middle + 1;
    else high = middle;
  }
  if (low > 0 && iteration - sorted[low - 1].iteration <= sorted[low].iteration - iteration) return low - 1;
  return high < 0 ? -1 : low;
}
