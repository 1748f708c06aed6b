import { setAttribute } from '../dom.ts';
import { Telling } from '../state/telling.ts';

/**
 * What a slider says of its value. A screen reader reads it out whenever it changes under the focus: as soon as a person walks on, but while
 * training goes on seldom, as the numbers of one place are others with every window.
 */
export class SpokenValue {
  readonly #slider: Element;
  readonly #telling = new Telling();
  #value: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(slider: Element) {
    this.#slider = slider;
  }

  set(value: number, text: string): void {
    const isUrgent = value !== this.#value || document.activeElement !== this.#slider;
    this.#value = value;
    setAttribute(this.#slider, 'aria-valuenow', String(value));
    this.#tell(text, isUrgent);
  }

  #tell(text: string, isUrgent: boolean): void {
    clearTimeout(this.#timer);
    const { text: told, waitMs } = this.#telling.take({ key: text, text, isUrgent }, performance.now());
    if (told !== undefined) setAttribute(this.#slider, 'aria-valuetext', told);
    if (waitMs !== undefined) this.#timer = setTimeout(() => this.#tell(text, false), waitMs);
  }
}
