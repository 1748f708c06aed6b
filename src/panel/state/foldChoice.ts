/** What of a list is folded: each fold is as it was at first, unless a person turned it. */
export interface FoldOwner {
  readonly ui: { readonly turnedFolds: readonly string[] };
  choose(change: { readonly turnedFolds: string[] }): void;
}

/** Folds that are remembered as turned: those of networks that were looked at long ago are forgotten. */
export const MOST_TURNED_FOLDS = 200;

/** The folds of one list. */
export class FoldChoice {
  readonly #owner: FoldOwner;
  readonly #list: string;
  readonly #openAtFirst: ReadonlySet<string>;

  /** @param list what the list is called, since others may have folds of the same keys. */
  constructor(owner: FoldOwner, list: string, openAtFirst: readonly string[] = []) {
    this.#owner = owner;
    this.#list = list;
    this.#openAtFirst = new Set(openAtFirst);
  }

  isOpen(key: string): boolean {
    return this.#openAtFirst.has(key) !== this.#owner.ui.turnedFolds.includes(this.#nameOf(key));
  }

  /** Opens or closes folds, whatever they are. */
  set(keys: readonly string[], isOpen: boolean): void {
    const turned = keys.filter((key) => this.#openAtFirst.has(key) !== isOpen).map((key) => this.#nameOf(key));
    const meant = new Set(keys.map((key) => this.#nameOf(key)));
    const others = this.#owner.ui.turnedFolds.filter((name) => !meant.has(name));
    this.#owner.choose({ turnedFolds: [...others, ...turned].slice(-MOST_TURNED_FOLDS) });
  }

  #nameOf(key: string): string {
    return `${this.#list} ${key}`;
  }
}
