import { interpolated } from '../../common/colorScale.ts';
import { decadeLabel } from '../charts/decadeAxis.ts';
import type { DecadeScale } from '../../common/decadeScale.ts';
import { element, setText } from '../dom.ts';

const BAR_PIXELS = 128;

/** The colours with the numbers at their ends, notches between them, and a mark at the value pointed at. */
export class ColorBar {
  readonly element: HTMLElement;
  readonly #low = element('span', { class: 'scale-end' });
  readonly #high = element('span', { class: 'scale-end' });
  readonly #notches = element('div', { class: 'scale-notches' });
  readonly #pointer = element('div', { class: 'scale-pointer', hidden: true });

  /** @param extra what stands after the bar: a button that fits the scale. */
  constructor(title: string, ...extra: HTMLElement[]) {
    const bar = element('canvas', {
      class: 'scale-bar',
      width: String(BAR_PIXELS),
      height: '1',
      'aria-hidden': 'true',
    });
    paint(bar);
    const body = element('div', { class: 'scale-body' }, bar, this.#notches, this.#pointer);
    this.element = element('div', { class: 'scale', title }, this.#low, body, this.#high, ...extra);
  }

  /** `notches` are the places 0 … 1 of the notches. */
  update(low: string, high: string, notches: readonly number[]): void {
    setText(this.#low, low);
    setText(this.#high, high);
    const places = notches.map((share) => `${(share * 100).toFixed(2)}%`);
    if (this.#notches.dataset.places === places.join()) return;
    this.#notches.dataset.places = places.join();
    this.#notches.replaceChildren(
      ...places.map((place) => {
        const notch = element('i');
        notch.style.left = place;
        return notch;
      }),
    );
  }

  /** Marks a place 0 … 1; NaN marks none. */
  point(position: number): void {
    this.#pointer.hidden = Number.isNaN(position);
    if (!this.#pointer.hidden) this.#pointer.style.left = `${position * 100}%`;
  }
}

/** The colours of a scale of whole decades, which only grows until a person has it fitted anew. */
export class DecadeColorBar extends ColorBar {
  /** @param of what the colours are fitted to: "this window". */
  constructor(of: string, testId: string, fit: () => void) {
    const button = element(
      'button',
      {
        type: 'button',
        class: 'toggle',
        title: `Fit the colours to ${of}; else the scale only grows, by whole decades`,
        'data-testid': testId,
      },
      'Fit',
    );
    button.addEventListener('click', fit);
    super('Logarithmic. The scale only grows, by whole decades, until it is fitted anew.', button);
  }

  show({ low, high, isCut }: DecadeScale): void {
    const decades = high - low;
    const notches = Array.from({ length: Math.max(0, decades - 1) }, (_, i) => (i + 1) / decades);
    this.update(`${isCut ? '≤ ' : ''}${decadeLabel(10 ** low)}`, decadeLabel(10 ** high), notches);
  }
}

function paint(bar: HTMLCanvasElement): void {
  const context = bar.getContext('2d');
  if (context === null) return;
  for (let x = 0; x < BAR_PIXELS; x++) {
    const [red, green, blue] = interpolated(x / (BAR_PIXELS - 1));
    context.fillStyle = `rgb(${red} ${green} ${blue})`;
    context.fillRect(x, 0, 1, 1);
  }
}
