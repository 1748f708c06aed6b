import type { DisposableStore } from '../../common/disposable.ts';
import { element, setText } from '../dom.ts';
import { Telling, type News } from '../state/telling.ts';

/** Text that is not seen but read out by a screen reader when it changes, between what it reads otherwise. */
export class LiveRegion {
  readonly element: HTMLElement;
  readonly #telling = new Telling();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(testId: string, owned: DisposableStore) {
    this.element = element('p', { class: 'unseen not-in-picture', role: 'status', 'data-testid': testId });
    owned.add({ dispose: () => clearTimeout(this.#timer) });
  }

  tell(news: News): void {
    clearTimeout(this.#timer);
    const { text, waitMs } = this.#telling.take(news, performance.now());
    if (text !== undefined) setText(this.element, text);
    // Nothing may change again until then.
    if (waitMs !== undefined) this.#timer = setTimeout(() => this.tell(news), waitMs);
  }
}
