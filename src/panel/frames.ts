/** Longest rate of redrawing that training causes. What a person does is drawn with the next frame. */
const MILLISECONDS_BETWEEN_DRAWS = 1000 / 15;

/** Draws with the browser's frames: at once for a person, at most 15 times a second for a run. */
export class Frames {
  readonly #draw: () => void;
  #requested = false;
  #urgent = false;
  #lastMs = -Infinity;

  constructor(draw: () => void) {
    this.#draw = draw;
  }

  request(urgent: boolean): void {
    this.#urgent ||= urgent;
    if (this.#requested) return;
    this.#requested = true;
    requestAnimationFrame((nowMs) => this.#frame(nowMs));
  }

  #frame(nowMs: number): void {
    this.#requested = false;
    if (!this.#urgent && nowMs - this.#lastMs < MILLISECONDS_BETWEEN_DRAWS) {
      this.request(false);
      return;
    }
    this.#urgent = false;
    this.#lastMs = nowMs;
    this.#draw();
  }
}
