/** Longest rate of redrawing that training causes. What a person does is drawn with the next frame. */
const MILLISECONDS_BETWEEN_DRAWS = 1000 / 15;
/** After so long what is left to draw waits for the next frame, so that the page goes on answering in between. */
const MILLISECONDS_PER_FRAME = 4;
/** The share of the time that drawing for a run may take: on a machine that is slow, or busy training, it draws less often. */
const DRAWING_SHARE = 1 / 30;

/** What drawing needs of the browser. */
export interface Browser {
  requestFrame(draw: (nowMs: number) => void): void;
  nowMs(): number;
}

const thisBrowser: Browser = {
  requestFrame: (draw) => requestAnimationFrame(draw),
  nowMs: () => performance.now(),
};

/**
 * Draws with the browser's frames: everything at once for a person; for a run at most 15 times a second, less often and
 * part by part over several frames where that takes long.
 */
export class Frames {
  readonly #parts: readonly (() => void)[];
  readonly #browser: Browser;
  #frameRequested = false;
  /** A drawing is wanted that has not begun. */
  #wanted = false;
  #urgent = false;
  /** The next part of the drawing under way; behind the last where none is. */
  #next = Infinity;
  #begunMs = -Infinity;
  /** How long the parts of the latest drawing took. */
  #spentMs = 0;

  constructor(parts: readonly (() => void)[], browser = thisBrowser) {
    this.#parts = parts;
    this.#browser = browser;
  }

  request(urgent: boolean): void {
    this.#wanted = true;
    this.#urgent ||= urgent;
    this.#requestFrame();
  }

  #requestFrame(): void {
    if (this.#frameRequested) return;
    this.#frameRequested = true;
    this.#browser.requestFrame((nowMs) => this.#frame(nowMs));
  }

  #frame(nowMs: number): void {
    this.#frameRequested = false;
    const intervalMs = Math.max(MILLISECONDS_BETWEEN_DRAWS, this.#spentMs / DRAWING_SHARE);
    const isDue = this.#next >= this.#parts.length && nowMs - this.#begunMs >= intervalMs;
    if (this.#urgent || (this.#wanted && isDue)) this.#begin(nowMs);
    this.#draw(this.#urgent ? Infinity : MILLISECONDS_PER_FRAME);
    this.#urgent = false;
    if (this.#wanted || this.#next < this.#parts.length) this.#requestFrame();
  }

  #begin(nowMs: number): void {
    this.#wanted = false;
    this.#next = 0;
    this.#begunMs = nowMs;
    this.#spentMs = 0;
  }

  /** Draws the parts that are left, until so long is over. */
  #draw(mostMs: number): void {
    const startMs = this.#browser.nowMs();
    let tookMs = 0;
    while (this.#next < this.#parts.length && tookMs < mostMs) {
      this.#parts[this.#next++]();
      tookMs = this.#browser.nowMs() - startMs;
    }
    this.#spentMs += tookMs;
  }
}
