import type { PanelContext } from './view.ts';

/** The width of an element as the browser laid it out last: to ask for it in an update would have the page laid out anew. */
export class Width {
  #pixels = 0;

  constructor(of: HTMLElement, context: PanelContext) {
    new ResizeObserver(([entry]) => {
      if (entry === undefined || entry.contentRect.width === this.#pixels) return;
      this.#pixels = entry.contentRect.width;
      context.requestUpdate();
    }).observe(of);
  }

  /** CSS pixels; 0 while the element is hidden, and before it was laid out. */
  get pixels(): number {
    return this.#pixels;
  }
}
