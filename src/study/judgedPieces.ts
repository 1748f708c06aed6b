import { UNKNOWN } from './judgedText.ts';

/**
 * Symbols that a piece reads before those that it judges, unless the text begins later. After so many, the state of most
 * networks is what it would be had they read all before; where it is not, the piece is read once more.
 */
const WARM_UP = 100;
/** Judged by a piece at least, so that short texts do not consist of warming up. */
const SHORTEST = 64;

/** Symbols that are read one after the other from a state of zeros. */
export interface Piece {
  /** The first that is read, and the first that is not. */
  readonly from: number;
  readonly to: number;
  /** The first that is judged, by what the network expects after reading the one before; the last judged is `to`. */
  readonly firstJudged: number;
  /** Whether it goes on where the piece before it ends: that reads up to the symbol before `firstJudged`, without it. */
  readonly continues: boolean;
}

/**
 * Cuts symbols into pieces that can be read side by side in so many streams. The network reads on after an unknown symbol
 * from a state of zeros, so that no piece goes past one; the first symbol after it, as the first of all, is not judged.
 * @param firstJudged the first symbol that is asked about: those before it are read by the first piece, all of them.
 */
export function cutIntoPieces(ids: Int32Array, firstJudged: number, streams: number): Piece[] {
  const judgedByPiece = Math.max(SHORTEST, Math.ceil((ids.length - firstJudged) / streams));
  const pieces: Piece[] = [];
  for (let start = 0; start < ids.length;) {
    if (ids[start] === UNKNOWN) {
      start++;
      continue;
    }
    let end = start + 1;
    while (end < ids.length && ids[end] !== UNKNOWN) end++;
    // What the network expects in the place of the unknown symbol is judged too.
    const judgedEnd = Math.min(end + 1, ids.length);
    const first = Math.max(start + 1, firstJudged);
    for (let at = first; at < judgedEnd; at += judgedByPiece) {
      pieces.push({
        from: at === first ? start : Math.max(start, at - WARM_UP),
        to: Math.min(at + judgedByPiece, judgedEnd) - 1,
        firstJudged: at,
        continues: at !== first,
      });
    }
    start = end;
  }
  return pieces;
}
