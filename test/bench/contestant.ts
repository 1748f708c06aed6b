/** What was trained in one piece of a measurement. */
export interface Piece {
  readonly characters: number;
  /** Wall time, from the word to go to the end of an iteration. */
  readonly seconds: number;
}

/** A trainer in a process of its own, which sleeps between the pieces that it is asked for. */
export interface Contestant {
  /** What a table calls it. */
  readonly name: string;
  /** Trains for so long, and then to the end of the iteration under way. */
  run(seconds: number): Promise<Piece>;
  close(): Promise<void>;
}

/** Characters a second. */
export function rateOf({ characters, seconds }: Piece): number {
  return characters / seconds;
}
