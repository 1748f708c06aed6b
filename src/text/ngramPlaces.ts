/**
 * Places of a text in groups. Two places are in the same group where the same symbols stand before them, as many as there
 * were refinements; the place itself is the symbol that follows this context. In a group the places ascend.
 */
export class Places {
  readonly #ids: Uint16Array;
  /** Group after group. */
  #places: Uint32Array;
  /** (groups + 1): where each group ends, behind a 0. */
  #bounds: Uint32Array;
  /** What the next refinement makes of the two above. */
  #newPlaces: Uint32Array;
  #newBounds: Uint32Array;
  /** (V): how often each symbol was tallied; after `open`, one more than where its next place goes. 0: neither. */
  readonly #tally: Uint32Array;
  readonly #tallied: Uint16Array;
  #types = 0;

  /**
   * Makes room for one group, of every place from `first` on, with no context yet; `fill` fills it.
   * @param groups how many groups there will be at most.
   */
  constructor(ids: Uint16Array, first: number, V: number, groups: number) {
    this.#ids = ids;
    this.#places = new Uint32Array(ids.length - first);
    this.#newPlaces = new Uint32Array(this.#places.length);
    this.#bounds = new Uint32Array(groups + 1);
    this.#newBounds = new Uint32Array(groups + 1);
    this.#bounds[1] = this.#places.length;
    this.#tally = new Uint32Array(V);
    this.#tallied = new Uint16Array(V);
  }

  /**
   * Fills in the first group the places of symbol `from` … `to`−1.
   * @throws {RangeError} for an id that is not below V.
   */
  fill(from: number, to: number): void {
    const ids = this.#ids;
    const places = this.#places;
    const V = this.#tally.length;
    const first = ids.length - places.length;
    for (let at = from; at < to; at++) {
      if (ids[at] >= V) throw new RangeError(`symbol ${at} has the id ${ids[at]}, and there are only ${V}`);
      if (at >= first) places[at - first] = at;
    }
  }

  /** Symbols of the text. */
  get length(): number {
    return this.#ids.length;
  }

  get places(): Uint32Array {
    return this.#places;
  }

  start(group: number): number {
    return this.#bounds[group];
  }

  end(group: number): number {
    return this.#bounds[group + 1];
  }

  /** (types): the different symbols that were tallied. */
  get tallied(): Uint16Array {
    return this.#tallied.subarray(0, this.#types);
  }

  /** How many different symbols were tallied. */
  get types(): number {
    return this.#types;
  }

  /** (V) */
  get counts(): Uint32Array {
    return this.#tally;
  }

  /** Counts the symbols `distance` before the places of index `from` … `to`−1, where the text has begun by then. */
  tally(distance: number, from: number, to: number): void {
    const ids = this.#ids;
    const places = this.#places;
    const tally = this.#tally;
    for (let index = from; index < to; index++) {
      const at = places[index] - distance;
      if (at < 0) continue;
      const symbol = ids[at];
      if (tally[symbol]++ === 0) this.#tallied[this.#types++] = symbol;
    }
  }

  /** Forgets what was tallied. */
  clear(): void {
    for (let index = 0; index < this.#types; index++) this.#tally[this.#tallied[index]] = 0;
    this.#types = 0;
  }

  /** Leaves the places behind this symbol out of the groups to come. */
  drop(symbol: number): void {
    this.#tally[symbol] = 0;
  }

  /** Makes room for a new group, of the tallied places behind this symbol. */
  open(symbol: number, newGroup: number): void {
    const start = this.#newBounds[newGroup];
    this.#newBounds[newGroup + 1] = start + this.#tally[symbol];
    this.#tally[symbol] = start + 1;
  }

  /** Puts the places of index `from` … `to`−1 into the new groups that are open for the symbols `distance` before them. */
  move(distance: number, from: number, to: number): void {
    const ids = this.#ids;
    const places = this.#places;
    const newPlaces = this.#newPlaces;
    const tally = this.#tally;
    for (let index = from; index < to; index++) {
      const at = places[index] - distance;
      if (at < 0) continue;
      const symbol = ids[at];
      const slot = tally[symbol];
      if (slot === 0) continue;
      newPlaces[slot - 1] = places[index];
      tally[symbol] = slot + 1;
    }
  }

  /** Ends a refinement: the new groups are the groups from here on. */
  adopt(): void {
    [this.#places, this.#newPlaces] = [this.#newPlaces, this.#places];
    [this.#bounds, this.#newBounds] = [this.#newBounds, this.#bounds];
  }
}
