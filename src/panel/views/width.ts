import type { PanelContext } from './view.ts';

/** The width of an element as the browser laid it out last: to ask for it in an update would have the page laid out anew. */
export class Width {
  #pixels = 0;

  constructor(of: HTMLElement, context: PanelContext) {
    const observer = new ResizeObserver(([entry]) => {
      if (entry === undefined || entry.contentRect.width === this.#pixels) return;
      this.#pixels = entry.contentRect.width;
      context.requestUpdate();
    });
    observer.observe(of);
    context.owned.add({ dispose: () => observer.disconnect() });
  }

  /** CSS pixels; 0 while the element is hidden, and before it was laid out. */
  get pixels(): number {
    return this.#pixels;
  }
}
