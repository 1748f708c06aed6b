import { LOSS_CLASSES, lossClass } from '../../common/lossClasses.ts';
import type { Span } from './symbolText.ts';

/**
 * The parts of a document of each shade. Neighbours of one shade are one part, so that there are few; characters whose loss
 * is not known are in none.
 * @param offsets of the characters, from `base` on; the last of them ends at `end`.
 * @returns (LOSS_CLASSES)
 */
export function shadedSpans(
  { offsets, lossNats }: { readonly offsets: ArrayLike<number>; readonly lossNats: ArrayLike<number> },
  base: number,
  end: number,
): Span[][] {
  const spans = Array.from({ length: LOSS_CLASSES }, (): Span[] => []);
  let from = 0;
  for (let at = 0; at < offsets.length; at++) {
    const here = lossClass(lossNats[at]);
    const next = at + 1 < offsets.length ? lossClass(lossNats[at + 1]) : undefined;
    const to = at + 1 < offsets.length ? base + offsets[at + 1] : end;
    if (at === 0) from = base + offsets[0];
    if (here === next && at + 1 < offsets.length) continue;
    if (here !== undefined) spans[here].push({ from, to });
    from = to;
  }
  return spans;
}
