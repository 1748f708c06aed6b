import { Places } from './ngramPlaces.ts';

/** Training symbols to fit at most, for which 100 MB are enough. */
export const MAX_FITTED_SYMBOLS = 8_000_000;

/** Symbols that are read between two yields: few milliseconds of work. */
const PIECE = 2 ** 15;

/**
 * Measures interpolated Witten–Bell n-grams of order 1, 2, … (Witten & Bell 1991; Chen & Goodman 1999, section 2.5):
 *
 *     p(w|h) = (c(hw) + N1+(h·) p(w|h′)) / (c(h) + N1+(h·))
 *
 * with the context h of order−1 symbols, h′ without its first symbol, c(h) = Σ_w c(hw), N1+(h·) the number of different
 * symbols that follow h in training, and 1/V below order 1. Where training has no h, p(w|h) is p(w|h′); so it is at the
 * beginning of the validation part, whose contexts hold nothing from before it.
 *
 * No table of n-grams is kept. The places of both parts are grouped by their context, and each order splits every group by
 * one symbol more; a group's training places hold all that the formula asks for. Groups without places of both parts are
 * left out from then on, since nothing is measured with them or with any longer context.
 */
export class NgramMeasure {
  readonly #training: Places;
  readonly #validation: Places;
  readonly #validationIds: Uint16Array;
  readonly #probabilities: Float64Array;
  #groups: number;
  /** The order last measured. */
  #order = 0;
  /** Symbols read for the order that is under way, of at most how many, and since the last yield. */
  #done = 0;
  #most = 0;
  #sinceYield = 0;

  /**
   * @param training (any) ids.
   * @param validation (at least 2) ids; the first is read, not measured.
   * @throws {RangeError} for fewer.
   */
  constructor(training: Uint16Array, validation: Uint16Array, V: number) {
    if (validation.length < 2) throw new RangeError(`${validation.length} symbols leave none to measure`);
    const groups = validation.length - 1;
    this.#training = new Places(training, 0, V, groups);
    this.#validation = new Places(validation, 1, V, groups);
    this.#validationIds = validation;
    this.#groups = training.length > 0 ? 1 : 0;
    this.#probabilities = new Float64Array(validation.length).fill(1 / V);
  }

  /** (validation − 1): the probability that the order last measured gives each symbol that is measured. */
  get probabilities(): Float64Array {
    return this.#probabilities.subarray(1);
  }

  /**
   * Measures the next order. Yields every few milliseconds.
   * @yields the share of this order's work that is done.
   * @returns the cross entropy, nats per symbol.
   * @throws {RangeError} at the first order, for ids that are not below V.
   */
  *nextOrder(): Generator<number, number> {
    const distance = this.#order;
    const parts = [this.#training, this.#validation] as const;
    // Without groups this is the end of none, 0.
    const places = parts.reduce((sum, part) => sum + part.end(this.#groups - 1), 0);
    const prepared = distance === 0 ? parts.reduce((sum, part) => sum + part.length, 0) : 2 * places;
    this.#most = prepared + places + this.#probabilities.length;
    this.#done = 0;
    yield* distance === 0 ? this.#begin() : this.#refine(distance);
    for (let group = 0; group < this.#groups; group++) yield* this.#interpolate(group);
    this.#order++;
    return yield* this.#crossEntropy();
  }

  *#begin(): Generator<number, void> {
    for (const part of [this.#training, this.#validation]) {
      yield* this.#pieces(0, part.length, (from, to) => part.fill(from, to));
    }
  }

  /** Splits every group by the symbol `distance` before its places. */
  *#refine(distance: number): Generator<number, void> {
    let newGroups = 0;
    for (let group = 0; group < this.#groups; group++) newGroups = yield* this.#split(group, distance, newGroups);
    this.#training.adopt();
    this.#validation.adopt();
    this.#groups = newGroups;
  }

  /** Adds the groups that one group is split into, behind those there are; returns how many there then are. */
  *#split(group: number, distance: number, newGroups: number): Generator<number, number> {
    const parts = [this.#training, this.#validation] as const;
    const [training, validation] = parts;
    for (const part of parts) {
      yield* this.#pieces(part.start(group), part.end(group), (from, to) => part.tally(distance, from, to));
    }
    for (const symbol of training.tallied) {
      if (validation.counts[symbol] === 0) training.drop(symbol);
    }
    for (const symbol of validation.tallied) {
      if (training.counts[symbol] === 0) {
        validation.drop(symbol);
        continue;
      }
      for (const part of parts) part.open(symbol, newGroups);
      newGroups++;
    }
    for (const part of parts) {
      yield* this.#pieces(part.start(group), part.end(group), (from, to) => part.move(distance, from, to));
      part.clear();
    }
    return newGroups;
  }

  /** Makes of p(w|h′) p(w|h), for the group whose context is h. */
  *#interpolate(group: number): Generator<number, void> {
    const training = this.#training;
    const validation = this.#validation;
    const start = training.start(group);
    const end = training.end(group);
    yield* this.#pieces(start, end, (from, to) => training.tally(0, from, to));
    const { types, counts } = training;
    const total = end - start;
    const probabilities = this.#probabilities;
    const ids = this.#validationIds;
    const places = validation.places;
    yield* this.#pieces(validation.start(group), validation.end(group), (from, to) => {
      for (let index = from; index < to; index++) {
        const place = places[index];
        probabilities[place] = (counts[ids[place]] + types * probabilities[place]) / (total + types);
      }
    });
    training.clear();
  }

  *#crossEntropy(): Generator<number, number> {
    const probabilities = this.#probabilities;
    let sum = 0;
    yield* this.#pieces(1, probabilities.length, (from, to) => {
      for (let place = from; place < to; place++) sum -= Math.log(probabilities[place]);
    });
    return sum / (probabilities.length - 1);
  }

  /** Takes a step over a range in pieces, and yields after as much work as is one piece. */
  *#pieces(from: number, to: number, step: (from: number, to: number) => void): Generator<number, void> {
    for (let start = from; start < to;) {
      const end = Math.min(to, start + PIECE - this.#sinceYield);
      step(start, end);
      this.#done += end - start;
      this.#sinceYield += end - start;
      start = end;
      if (this.#sinceYield < PIECE) continue;
      this.#sinceYield = 0;
      yield this.#done / this.#most;
    }
  }
}
