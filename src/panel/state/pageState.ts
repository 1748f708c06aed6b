import type { Disposable } from '../../common/disposable.ts';
import type { Change } from './change.ts';

type Listener = (change: Change) => void;

/** What the states of the panel and of the comparison have in common: who listens, what is pointed at, and why nothing was saved. */
export abstract class PageState<Hover extends object> {
  /** By what ends their listening. */
  readonly #listeners = new Map<Disposable, Listener>();
  #hover: Hover;
  /** Why a picture was not saved. */
  #saveProblem: string | undefined;

  constructor(hover: Hover) {
    this.#hover = hover;
  }

  /** Tells every change, in the order of subscription, until what is returned is disposed of. */
  subscribe(listener: Listener): Disposable {
    const subscription = { dispose: () => void this.#listeners.delete(subscription) };
    this.#listeners.set(subscription, listener);
    return subscription;
  }

  get hover(): Hover {
    return this.#hover;
  }

  get saveProblem(): string | undefined {
    return this.#saveProblem;
  }

  point(hover: Partial<Hover>): void {
    if (this.aim(hover)) this.changed('hover');
  }

  /** Points there without telling it; returns false where that was pointed at already. */
  protected aim(hover: Partial<Hover>): boolean {
    const next = { ...this.#hover, ...hover };
    const isSame = (Object.keys(next) as (keyof Hover)[]).every((key) => next[key] === this.#hover[key]);
    this.#hover = next;
    return !isSame;
  }

  /** Something is being saved, or was; `problem` where it was not. */
  protected takeSaved(problem?: string): void {
    this.#saveProblem = problem;
  }

  protected changed(change: Change): void {
    // One that has been disposed of meanwhile, as a page is built anew, hears no more.
    for (const listener of this.#listeners.values()) listener(change);
  }
}
