import { l10n } from '../../common/l10n.ts';
import type { Span } from './symbolText.ts';

/** Where one shade ends and the next begins, nats: an absolute scale, the same for every run and at every time. */
export const LOSS_BOUNDS = [0.25, 0.5, 1, 2, 4] as const;
export const LOSS_CLASSES = LOSS_BOUNDS.length + 1;

/** The scale in words. */
export const LOSS_SCALE = l10n.t('{scale} nats and more', { scale: `0 – ${LOSS_BOUNDS.join(' – ')}` });

/** The shade of a loss, from 0 on; undefined for one that is not known. An infinite loss has the strongest. */
export function lossClass(lossNats: number): number | undefined {
  if (Number.isNaN(lossNats)) return undefined;
  const found = LOSS_BOUNDS.findIndex((bound) => lossNats < bound);
  return found < 0 ? LOSS_BOUNDS.length : found;
}

/** The losses of a shade in words, such as "1 – 2 nats". */
export function describeClass(ofLoss: number): string {
  if (ofLoss === LOSS_BOUNDS.length) return l10n.t('{scale} nats and more', { scale: LOSS_BOUNDS[ofLoss - 1] });
  return `${ofLoss === 0 ? 0 : LOSS_BOUNDS[ofLoss - 1]} – ${LOSS_BOUNDS[ofLoss]} nats`;
}

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
