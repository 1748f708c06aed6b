import { divergingPixelAt, groundOf } from '../../charts/divergingScale.ts';
import { paintPixels } from '../../charts/tapeCanvas.ts';
import type { ChartTheme } from '../../charts/theme.ts';
import { element, setText } from '../../dom.ts';
import { formatValue } from './values.ts';

const BAR_PIXELS = 129;

/** The colours of signed values with their numbers: from −largest over 0 to largest. */
export class SignedLegend {
  readonly element: HTMLElement;
  readonly #low = element('span', { class: 'scale-end' });
  readonly #high = element('span', { class: 'scale-end' });
  readonly #bar = element('canvas', { class: 'scale-bar', 'aria-hidden': 'true' });
  readonly #pointer = element('div', { class: 'scale-pointer', hidden: true });

  constructor(title: string) {
    this.element = element(
      'div',
      { class: 'scale', title },
      this.#low,
      element('div', { class: 'scale-body' }, this.#bar, this.#pointer),
      this.#high,
    );
  }

  update(largest: number, theme: ChartTheme): void {
    setText(this.#low, formatValue(-largest));
    setText(this.#high, formatValue(largest));
    const ground = groundOf(theme.background);
    paintPixels(this.#bar, BAR_PIXELS, 1, (pixels) => {
      for (let x = 0; x < BAR_PIXELS; x++) pixels[x] = divergingPixelAt((2 * x) / (BAR_PIXELS - 1) - 1, ground);
    });
  }

  /** Marks a position −1 … 1; NaN marks none. */
  point(position: number): void {
    this.#pointer.hidden = Number.isNaN(position);
    if (!Number.isNaN(position)) this.#pointer.style.left = `${((position + 1) / 2) * 100}%`;
  }
}
