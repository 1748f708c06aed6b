/** How many things are kept, and how many bytes they may have together. */
export interface Capacity {
  readonly most: number;
  readonly mostBytes: number;
}

/** The newest of a list, whose last one is newest: as many as there is room for, the last one always. */
export function newestWithin<T>(items: readonly T[], bytesOf: (item: T) => number, { most, mostBytes }: Capacity): T[] {
  let bytes = 0;
  let from = items.length;
  while (from > 0 && items.length - from < most) {
    bytes += bytesOf(items[from - 1]);
    if (bytes > mostBytes && from < items.length) break;
    from--;
  }
  return items.slice(from);
}
