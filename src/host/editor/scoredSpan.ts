import type { Span, SymbolText } from './symbolText.ts';

/** What the network reads before what it scores: enough for its state to be that of the place. */
const READ_BEFORE = 200;
/** So much more is scored above and below what is on the screen, so that a little scrolling finds it shaded. */
const MARGIN = 1000;
/** At most so much is scored at a time: a line may be longer than any screen. */
const MOST_SCORED = 20_000;

/**
 * What of a text is to be scored: what is on the screen and a margin; of more than `MOST_SCORED` units those around the
 * caret where it is among them, else the first.
 * @param visible on the screen, offsets; several where parts of the text are folded.
 */
export function spanToScore(text: SymbolText, visible: readonly Span[], caret: number): Span {
  const { length } = text.text;
  if (visible.length === 0 || length === 0) return { from: 0, to: 0 };
  let from = Math.max(0, Math.min(...visible.map((span) => span.from)) - MARGIN);
  let to = Math.min(length, Math.max(...visible.map((span) => span.to)) + MARGIN);
  if (to - from > MOST_SCORED) {
    const isAround = caret >= from && caret <= to;
    const centred = Math.min(Math.max(from, caret - MOST_SCORED / 2), to - MOST_SCORED);
    if (isAround) from = centred;
    to = from + MOST_SCORED;
  }
  return { from: text.characterAt(from).from, to: text.characterAt(to).from };
}

/** The question for a part of a text: it, and what stands before it. */
export function questionOf(text: SymbolText, { from, to }: Span): { before: string; text: string } {
  const start = text.characterAt(Math.max(0, from - READ_BEFORE)).from;
  return { before: text.text.slice(start, from), text: text.text.slice(from, to) };
}
