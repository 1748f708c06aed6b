import { element } from '../../dom.ts';
import {
  allowedCell,
  furthestScroll,
  scrollToReveal,
  startingCell,
  stepAt,
  zoomedTape,
  type TapeSpan,
} from '../../charts/tapeLayout.ts';

const ZOOM_PER_WHEEL_PIXEL = 0.002;

/** The scroll bar of the tape: it lies over the canvas, on which only what is in sight is drawn. */
export class TapeScroller {
  readonly element: HTMLElement;
  readonly #content = element('div', { class: 'tape-content' });
  readonly #moved: () => void;
  #cell: number | undefined;
  #span: TapeSpan = { cell: 1, scroll: 0, width: 0, T: 0 };

  constructor(moved: () => void) {
    this.#moved = moved;
    this.element = element('div', { class: 'tape-scroller', tabindex: '-1' }, this.#content);
    this.element.addEventListener('scroll', () => {
      this.#span = { ...this.#span, scroll: this.element.scrollLeft };
      this.#moved();
    });
    this.element.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
  }

  get span(): TapeSpan {
    return this.#span;
  }

  /** Takes the number of time steps and the width in sight; the cells keep the width that a person gave them. */
  resize(T: number, width: number): void {
    if (T === this.#span.T && width === this.#span.width) return;
    const cell = this.#cell === undefined ? startingCell(T, width) : allowedCell(this.#cell, T, width);
    this.#show({ ...this.#span, T, width, cell });
  }

  /** Makes the cells so many times as wide, around `at` (the middle where it is left out). */
  zoom(factor: number, at = this.#span.width / 2): void {
    const zoomed = zoomedTape(this.#span, factor, at);
    this.#cell = zoomed.cell;
    this.#show(zoomed);
  }

  /** Goes on by what is in sight, so that the last cell of it is still there. */
  page(direction: 1 | -1): void {
    const { cell, scroll, width } = this.#span;
    const wanted = scroll + direction * Math.max(cell, width - cell);
    this.#show({ ...this.#span, scroll: Math.min(Math.max(0, wanted), furthestScroll(this.#span)) });
  }

  reveal(t: number): void {
    this.#show({ ...this.#span, scroll: scrollToReveal(t, this.#span) });
  }

  /** The time step under a pointer. */
  stepAt(clientX: number): number | undefined {
    return stepAt(clientX - this.element.getBoundingClientRect().left, this.#span);
  }

  #show(span: TapeSpan): void {
    this.#span = span;
    this.#content.style.width = `${span.cell * span.T}px`;
    this.element.scrollLeft = span.scroll;
    this.#moved();
  }

  #wheel(event: WheelEvent): void {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const at = event.clientX - this.element.getBoundingClientRect().left;
    this.zoom(Math.exp(-event.deltaY * ZOOM_PER_WHEEL_PIXEL), at);
  }
}
