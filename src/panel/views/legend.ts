import { element, setText } from '../dom.ts';

/**
 * How an entry's mark looks: by a name, or by the lengths of line and gap that tell its line from others of its colour. The colour comes
 * from the style sheet by its `data-color`.
 */
export type Mark = 'line' | 'thin' | 'dashed' | 'points' | readonly number[];

/** An entry of a legend: a mark, a name, and the value at the place pointed at (else the newest). */
export class LegendEntry {
  readonly element: HTMLElement;
  readonly #value = element('span', { class: 'legend-value' });
  readonly #label = element('span', { class: 'legend-label' });

  constructor(mark: Mark, color: string, label: string, toggle?: { title: string; pressed: () => void }) {
    const parts = [markOf(mark, color), this.#label, this.#value];
    setText(this.#label, label);
    this.element = toggle
      ? element('button', { type: 'button', class: 'legend-entry', title: toggle.title }, ...parts)
      : element('span', { class: 'legend-entry' }, ...parts);
    if (toggle) this.element.addEventListener('click', toggle.pressed);
  }

  set label(text: string) {
    setText(this.#label, text);
  }

  /** What it is, beside its name, where that is a symbol. */
  describe(words: string): void {
    if (words !== '') this.#label.after(element('span', { class: 'legend-words' }, words));
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

function markOf(mark: Mark, color: string): HTMLElement {
  const kind = typeof mark === 'string' ? mark : 'pattern';
  const shown = element('span', { class: `mark mark-${kind}`, 'data-color': color, 'aria-hidden': 'true' });
  if (typeof mark !== 'string') shown.style.backgroundImage = patternOf(mark);
  return shown;
}

/** Lines and gaps in turn, as often as there is room. */
function patternOf(lengths: readonly number[]): string {
  let end = 0;
  const stops = lengths.map((length, index) => {
    const start = end;
    end += length;
    return `${index % 2 === 0 ? 'currentcolor' : 'transparent'} ${start}px ${end}px`;
  });
  return `repeating-linear-gradient(to right, ${stops.join(', ')})`;
}
