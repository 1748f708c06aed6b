import { element, setText } from '../dom.ts';

/** How an entry's mark looks; the colour comes from the style sheet by its `data-color`. */
export type Mark = 'line' | 'thin' | 'dashed' | 'points';

/** An entry of a legend: a mark, a name, and the value at the place pointed at (else the newest). */
export class LegendEntry {
  readonly element: HTMLElement;
  readonly #value = element('span', { class: 'legend-value' });
  readonly #label = element('span', { class: 'legend-label' });

  constructor(mark: Mark, color: string, label: string, toggle?: { title: string; pressed: () => void }) {
    const parts = [
      element('span', { class: `mark mark-${mark}`, 'data-color': color, 'aria-hidden': 'true' }),
      this.#label,
      this.#value,
    ];
    setText(this.#label, label);
    this.element = toggle
      ? element('button', { type: 'button', class: 'legend-entry', title: toggle.title }, ...parts)
      : element('span', { class: 'legend-entry' }, ...parts);
    if (toggle) this.element.addEventListener('click', toggle.pressed);
  }

  set label(text: string) {
    setText(this.#label, text);
  }

  set value(text: string) {
    setText(this.#value, text);
  }

  set shown(shown: boolean) {
    this.element.hidden = !shown;
  }

  /** For entries that switch their line on and off. */
  set pressed(pressed: boolean) {
    this.element.setAttribute('aria-pressed', String(pressed));
  }
}
