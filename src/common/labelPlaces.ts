/**
 * Places for labels beside the values that they belong to: in the same order, `height` apart or more, between `top` and
 * `bottom`, each as near to its value as the others allow (the sum of squared distances is the least there is).
 * @param wanted pixels from the top, in rising order.
 * @returns the middles of the labels. Where there is no room for all, they stand evenly spaced.
 */
export function labelPlaces(wanted: readonly number[], height: number, top: number, bottom: number): number[] {
  const low = top + height / 2;
  const high = bottom - height / 2;
  const last = wanted.length - 1;
  if (last * height > high - low) {
    return wanted.map((_, index) => (last === 0 ? (low + high) / 2 : low + ((high - low) * index) / last));
  }
  // Without the distances that they keep, the places need only be in order: neighbours that are not are pooled.
  const pools: { sum: number; count: number }[] = [];
  wanted.forEach((value, index) => {
    let pool = { sum: value - index * height, count: 1 };
    for (let before = pools.at(-1); before !== undefined && mean(before) > mean(pool); before = pools.at(-1)) {
      pools.pop();
      pool = { sum: pool.sum + before.sum, count: pool.count + before.count };
    }
    pools.push(pool);
  });
  return pools
    .flatMap((pool) => Array.from({ length: pool.count }, () => mean(pool)))
    .map((place, index) => Math.min(Math.max(place, low), high - last * height) + index * height);
}

function mean({ sum, count }: { sum: number; count: number }): number {
  return sum / count;
}
