/** At most `most` of a list's elements, evenly spaced, the first and the last among them. */
export function evenly<E>(list: readonly E[], most: number): E[] {
  if (list.length <= most) return [...list];
  return Array.from({ length: most }, (_, i) => list[Math.round((i * (list.length - 1)) / (most - 1))]);
}
