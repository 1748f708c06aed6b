import { InputError, type Remedy } from '../common/inputError.ts';
import { MAX_VALIDATION_SYMBOLS } from '../common/limits.ts';
import { type IdReader, IdRange, type IdSource } from './ids.ts';

/**
 * Cuts the tail off a text for validation, of which the beginning is measured.
 * @param validationFraction share of the symbols, from the end, that is never trained on; 0: none.
 */
export function splitIds(ids: IdSource, validationFraction: number): { training: IdSource; validation: IdSource } {
  const trainingLength = ids.length - Math.round(ids.length * validationFraction);
  return {
    training: new IdRange(ids, 0, trainingLength),
    validation: new IdRange(ids, trainingLength, Math.min(ids.length - trainingLength, MAX_VALIDATION_SYMBOLS)),
  };
}

/**
 * The text as B contiguous streams of S = ⌊(N−1)/B⌋ symbols, read T at a time (MATH.md, "Streams"): stream b reads
 * `ids[bS … bS+S−1]`, and the target of each symbol is the one after it, which S leaves room for.
 */
export class Streams {
  readonly #readers: readonly IdReader[];
  /** A window of one stream, and the target of its last symbol. */
  readonly #row: Int32Array;
  readonly #T: number;
  readonly #B: number;
  #position = 0;
  /** S, the symbols that each stream reads. */
  readonly length: number;
  /** Windows until reading starts again at 0: ⌊S/T⌋. */
  readonly iterationsPerEpoch: number;

  /** @throws {RangeError} where `Streams.fits` is false: `checkFits` tells a person so beforehand. */
  constructor(ids: IdSource, T: number, B: number) {
    if (!Streams.fits(ids.length, T, B)) throw new RangeError(`${ids.length} symbols hold no window of T=${T}, B=${B}`);
    this.#readers = ids.readers(B);
    this.#row = new Int32Array(T + 1);
    this.#T = T;
    this.#B = B;
    this.length = streamLength(ids.length, B);
    this.iterationsPerEpoch = Math.floor(this.length / T);
  }

  /** Where in every stream the next window would begin, 0 … S. */
  get position(): number {
    return this.#position;
  }

  /** Goes on from a place where `position` was. */
  seek(position: number): void {
    if (!(position >= 0 && position <= this.length)) {
      throw new RangeError(`the streams have ${this.length} symbols, none at ${position}`);
    }
    this.#position = position;
  }

  /**
   * Fills the next window of every stream.
   * @param window inputs and targets, both (T, B) with time first.
   * @returns true where reading starts at 0: before the first window, and where fewer than T symbols with targets
   * were left. The carried-in state a(−1) must then be zeros; otherwise it is a(T−1) of the window before.
   */
  next(window: { readonly inputs: Int32Array; readonly targets: Int32Array }): boolean {
    const fromStart = this.peek(window);
    this.#position = this.#nextPosition + this.#T;
    return fromStart;
  }

  /** As `next`, without going on: the next call gives the same window. */
  peek(window: { readonly inputs: Int32Array; readonly targets: Int32Array }): boolean {
    const position = this.#nextPosition;
    for (let b = 0; b < this.#B; b++) {
      this.#readers[b].read(b * this.length + position, this.#row);
      for (let t = 0; t < this.#T; t++) {
        window.inputs[t * this.#B + b] = this.#row[t];
        window.targets[t * this.#B + b] = this.#row[t + 1];
      }
    }
    return position === 0;
  }

  /** (B): symbols of the text before the first one that each stream reads in its next window. */
  nextPositions(): Float64Array<ArrayBuffer> {
    return Float64Array.from({ length: this.#B }, (_, b) => b * this.length + this.#nextPosition);
  }

  /** Where in every stream the next window begins. */
  get #nextPosition(): number {
    return this.#position + this.#T > this.length ? 0 : this.#position;
  }

  /** Whether N symbols hold at least one window of T symbols in each of B streams: N ≥ B·T + 1. */
  static fits(symbols: number, T: number, B: number): boolean {
    return streamLength(symbols, B) >= T;
  }

  /**
   * Refuses a text whose training part is too short for one window.
   * @param symbols N, the length of the training part.
   * @throws {InputError} with the smallest length that fits, and a sequence length and a batch size that fit this text together.
   */
  static checkFits(symbols: number, T: number, B: number, name: string): void {
    if (Streams.fits(symbols, T, B)) return;
    const { advice, remedy } = wayOut(symbols, T, B);
    throw new InputError(
      `"${name}" is too short: its training part has ${counted(symbols)}, and sequenceLength ${T} with ` +
        `batchSize ${B} needs at least ${B * T + 1}. ${advice}`,
      remedy,
    );
  }
}

function streamLength(symbols: number, B: number): number {
  return Math.floor((symbols - 1) / B);
}

/** A sequence length and a batch size with which a text of so many symbols fits, as a sentence and as a remedy. */
function wayOut(symbols: number, T: number, B: number): { advice: string; remedy?: Remedy } {
  if (symbols < 2) return { advice: 'No setting fits it: take a longer text, of at least 2 characters to train on.' };
  const batchSize = Math.floor((symbols - 1) / T);
  if (batchSize >= 1) {
    return {
      advice: `It fits with sequenceLength ${T} and batchSize ${batchSize}, the largest.`,
      remedy: { setting: 'batchSize', value: batchSize, label: `Use batch size ${batchSize}` },
    };
  }
  const sequenceLength = symbols - 1;
  const single = { setting: 'batchSize', value: 1 };
  return {
    advice: `It fits with sequenceLength ${sequenceLength}, the longest, and batchSize 1.`,
    remedy: {
      setting: 'sequenceLength',
      value: sequenceLength,
      ...(B > 1 && { also: single }),
      label: B > 1 ? `Use sequence length ${sequenceLength}, batch size 1` : `Use sequence length ${sequenceLength}`,
    },
  };
}

function counted(symbols: number): string {
  return symbols === 1 ? '1 character' : `${symbols} characters`;
}
