import { areSameNames } from './columns.ts';
import { MAX_PAYLOAD_BYTES } from './recordFrames.ts';

/** Numbers that have names, brought into the order in which others have them. */
export class NamedNumbers {
  readonly #columns: number;
  /** Of each wanted name where it is, or −1; undefined where all are where they are wanted. */
  readonly #places: readonly number[] | undefined;

  constructor(present: readonly string[], wanted: readonly string[]) {
    this.#columns = present.length;
    if (areSameNames(present, wanted)) return;
    const places = new Map(present.map((name, place) => [name, place]));
    this.#places = wanted.map((name) => places.get(name) ?? -1);
  }

  /**
   * @param numbers (rows, present names)
   * @returns (rows, wanted names), NaN where there is none of that name: the same array where all are as wanted, and undefined
   * where it would be longer than any record. Few columns that are read as many others must not take a hundred times their room.
   */
  rows<A extends Float32Array | Float64Array>(numbers: A): A | undefined {
    return this.#moved(numbers, numbers.length / this.#columns, 1);
  }

  /**
   * @param numbers (present names, T)
   * @returns (wanted names, T), as {@link NamedNumbers.rows}.
   */
  series<A extends Float32Array | Float64Array>(numbers: A, T: number): A | undefined {
    return this.#moved(numbers, 1, T);
  }

  #moved<A extends Float32Array | Float64Array>(numbers: A, rows: number, T: number): A | undefined {
    const places = this.#places;
    if (places === undefined) return numbers;
    const length = rows * places.length * T;
    if (length * numbers.BYTES_PER_ELEMENT > MAX_PAYLOAD_BYTES) return undefined;
    const moved = (numbers instanceof Float64Array ? new Float64Array(length) : new Float32Array(length)) as A;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < places.length; column++) {
        const from = (row * this.#columns + places[column]) * T;
        const to = (row * places.length + column) * T;
        if (places[column] < 0) moved.fill(NaN, to, to + T);
        else for (let t = 0; t < T; t++) moved[to + t] = numbers[from + t];
      }
    }
    return moved;
  }
}
