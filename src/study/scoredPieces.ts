import { UNKNOWN } from './scoredText.ts';

/**
 * Symbols that a piece reads before those that it scores, unless the text begins later. After so many, the state of most
 * networks is what it would be had they read all before; where it is not, the piece is read once more.
 */
const WARM_UP = 100;
/** Scored by a piece at least, so that short texts do not consist of warming up. */
const SHORTEST = 64;

/** Symbols that are read one after the other from a state of zeros. */
export interface Piece {
  /** The first that is read, and the first that is not. */
  readonly from: number;
  readonly to: number;
  /** The first that is scored, by what the network expects after reading the one before; the last scored is `to`. */
  readonly firstScored: number;
  /** Whether it goes on where the piece before it ends: that reads up to the symbol before `firstScored`, without it. */
  readonly continues: boolean;
}

/**
 * Cuts symbols into pieces that can be read side by side in so many streams. The network reads on after an unknown symbol
 * from a state of zeros, so that no piece goes past one; the first symbol after it, as the first of all, is not scored.
 * @param firstScored the first symbol that is asked about: those before it are read by the first piece, all of them.
 */
export function cutIntoPieces(ids: Int32Array, firstScored: number, streams: number): Piece[] {
  const scoredByPiece = Math.max(SHORTEST, Math.ceil((ids.length - firstScored) / streams));
  const pieces: Piece[] = [];
  for (let start = 0; start < ids.length;) {
    if (ids[start] === UNKNOWN) {
      start++;
      continue;
    }
    let end = start + 1;
    while (end < ids.length && ids[end] !== UNKNOWN) end++;
    // What the network expects in the place of the unknown symbol is scored too.
    const scoredEnd = Math.min(end + 1, ids.length);
    const first = Math.max(start + 1, firstScored);
    for (let at = first; at < scoredEnd; at += scoredByPiece) {
      pieces.push({
        from: at === first ? start : Math.max(start, at - WARM_UP),
        to: Math.min(at + scoredByPiece, scoredEnd) - 1,
        firstScored: at,
        continues: at !== first,
      });
    }
    start = end;
  }
  return pieces;
}
