/** How large a symbol is written in a cell of the tape. Pure. */

/** The label of a byte that is no character of its own, as the vocabulary has it. */
const BYTE = /^\\x([0-9A-F]{2})$/;
/** A character of a monospaced font is about so wide in its size, and what is wider than the cell would run into the next. */
const WIDTH_IN_SIZE = 0.62;
const MOST_OF_CELL = 0.92;
const SINGLE_OF_CELL = 0.85;
/** Two digits stand for one symbol, and are smaller than two symbols. */
const BYTE_OF_LARGEST = 0.78;

export interface SymbolInCell {
  readonly text: string;
  /** Two hexadecimal digits that are one byte. */
  readonly isByte: boolean;
  /** Pixels. */
  readonly size: number;
}

/**
 * @param symbol made visible.
 * @param largest the size of a single character where there is room, pixels.
 * @param width of the cell, pixels.
 */
export function symbolInCell(symbol: string, largest: number, width: number): SymbolInCell {
  const byte = BYTE.exec(symbol)?.[1];
  const text = byte ?? symbol;
  const characters = Array.from(text).length;
  const fitting = characters > 1 ? (width * MOST_OF_CELL) / (characters * WIDTH_IN_SIZE) : width * SINGLE_OF_CELL;
  const wanted = byte === undefined ? largest : largest * BYTE_OF_LARGEST;
  return { text, isByte: byte !== undefined, size: Math.max(1, Math.round(Math.min(wanted, fitting))) };
}
