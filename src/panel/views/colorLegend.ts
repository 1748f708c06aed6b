import { interpolated } from '../charts/colorScale.ts';
import { decadeLabel } from '../charts/decadeAxis.ts';
import type { DecadeScale } from '../charts/decadeScale.ts';
import { element, setText } from '../dom.ts';

const BAR_PIXELS = 128;

/** The colours with their numbers: a bar, a notch at every decade, and the way to fit the scale anew. */
export class ColorLegend {
  readonly element: HTMLElement;
  readonly #low = element('span', { class: 'scale-end' });
  readonly #high = element('span', { class: 'scale-end' });
  readonly #notches = element('div', { class: 'scale-notches' });
  readonly #pointer = element('div', { class: 'scale-pointer', hidden: true });

  constructor(reset: () => void) {
    const bar = element('canvas', {
      class: 'scale-bar',
      width: String(BAR_PIXELS),
      height: '1',
      'aria-hidden': 'true',
    });
    paintBar(bar);
    const fit = element(
      'button',
      {
        type: 'button',
        class: 'toggle',
        title: 'Fit the colours to the iterations shown; else the scale only grows, by whole decades',
        'data-testid': 'reset-scale',
      },
      'Fit',
    );
    fit.addEventListener('click', reset);
    this.element = element(
      'div',
      { class: 'scale', title: 'Logarithmic. The scale only grows, by whole decades, until it is fitted anew.' },
      this.#low,
      element('div', { class: 'scale-body' }, bar, this.#notches, this.#pointer),
      this.#high,
      fit,
    );
  }

  update(scale: DecadeScale): void {
    setText(this.#low, `${scale.isCut ? '≤ ' : ''}${decadeLabel(10 ** scale.low)}`);
    setText(this.#high, decadeLabel(10 ** scale.high));
    const decades = scale.high - scale.low;
    if (this.#notches.childElementCount === decades - 1) return;
    this.#notches.replaceChildren(
      ...Array.from({ length: decades - 1 }, (_, i) => {
        const notch = element('i');
        notch.style.left = `${((i + 1) / decades) * 100}%`;
        return notch;
      }),
    );
  }

  /** Marks a position 0 … 1 on the bar; NaN marks none. */
  point(position: number): void {
    this.#pointer.hidden = Number.isNaN(position);
    if (!Number.isNaN(position)) this.#pointer.style.left = `${position * 100}%`;
  }
}

function paintBar(bar: HTMLCanvasElement): void {
  const context = bar.getContext('2d');
  for (let x = 0; x < BAR_PIXELS; x++) {
    const [red, green, blue] = interpolated(x / (BAR_PIXELS - 1));
    if (context === null) return;
    context.fillStyle = `rgb(${red} ${green} ${blue})`;
    context.fillRect(x, 0, 1, 1);
  }
}
