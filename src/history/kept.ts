import type { MemoryRule } from '../protocol/eventKind.ts';

/** Values in the order in which they came, of which some stay, as a rule of the list of events says. */
export interface Kept<V> {
  readonly list: readonly V[];
  /** Of those that are spread. */
  readonly pace?: Pace;
  add(value: V): void;
}

/** How many values there have been, and every how many-th of them is kept. */
export interface Pace {
  readonly came: number;
  readonly stride: number;
}

/** @param list what is kept already, and `pace` of it. */
export function keptBy<V>(rule: MemoryRule<V>, list: readonly V[] = [], pace?: Pace): Kept<V> {
  switch (rule.keeps) {
    case 'sparser':
      return new Sparser(rule, list);
    case 'newest':
      return new Newest(rule, list);
    case 'spread':
      return new Spread(rule, list, pace);
  }
}

/** All; of too many every second one goes, never the newest. */
export class Sparser<V> implements Kept<V> {
  readonly #most: number;
  #list: V[];

  constructor({ most }: Pick<MemoryRule<V>, 'most'>, list: readonly V[] = []) {
    this.#most = most;
    this.#list = [...list];
  }

  get list(): readonly V[] {
    return this.#list;
  }

  add(value: V): void {
    this.#list.push(value);
    if (this.#list.length > this.#most) this.#list = this.#list.filter((_, index) => index % 2 === 1);
  }
}

/** The newest, at least one. */
class Newest<V> implements Kept<V> {
  readonly #rule: MemoryRule<V>;
  readonly #list: V[];
  #size = 0;

  constructor(rule: MemoryRule<V>, list: readonly V[]) {
    this.#rule = rule;
    this.#list = [...list];
    for (const value of list) this.#size += this.#sizeOf(value);
  }

  get list(): readonly V[] {
    return this.#list;
  }

  add(value: V): void {
    const { most, size } = this.#rule;
    this.#list.push(value);
    this.#size += this.#sizeOf(value);
    while (this.#list.length > 1 && (this.#list.length > most || this.#size > (size?.most ?? Infinity))) {
      const [oldest] = this.#list.splice(0, 1);
      this.#size -= this.#sizeOf(oldest);
    }
  }

  #sizeOf(value: V): number {
    return this.#rule.size?.of(value) ?? 0;
  }
}

/** Every `stride`-th of all that came, of which there are never too many, and the newest. */
class Spread<V> implements Kept<V> {
  readonly #rule: MemoryRule<V>;
  #spread: V[] = [];
  #newest: V | undefined;
  #came: number;
  #stride: number;

  constructor(rule: MemoryRule<V>, list: readonly V[], { came, stride }: Pace = { came: 0, stride: 1 }) {
    this.#rule = rule;
    this.#came = came;
    this.#stride = stride;
    this.#newest = list.at(-1);
    this.#spread = this.#isNewestSpread ? [...list] : list.slice(0, -1);
  }

  get pace(): Pace {
    return { came: this.#came, stride: this.#stride };
  }

  get list(): readonly V[] {
    return this.#newest === undefined || this.#isNewestSpread ? this.#spread : [...this.#spread, this.#newest];
  }

  add(value: V): void {
    this.#newest = value;
    this.#came++;
    if (!this.#isNewestSpread) return;
    this.#spread.push(value);
    const { most, size } = this.#rule;
    const room = size === undefined ? most : Math.min(most, Math.floor(size.most / size.of(value)));
    if (this.#spread.length <= Math.max(2, room)) return;
    this.#spread = this.#spread.filter((_, index) => index % 2 === 0);
    this.#stride *= 2;
  }

  get #isNewestSpread(): boolean {
    return (this.#came - 1) % this.#stride === 0;
  }
}
