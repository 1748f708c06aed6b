/** Longest rate of redrawing that training causes. What a person does is drawn with the next frame. */
const MILLISECONDS_BETWEEN_DRAWS = 1000 / 10;
/** After so long what is left to draw waits for the next frame, so that the page goes on answering in between. */
const MILLISECONDS_PER_FRAME = 4;
/** The share of the time that drawing for a run may take: on a machine that is slow, or busy training, it draws less often. */
const DRAWING_SHARE = 1 / 30;
/** However long drawing takes, numbers on the screen are no older than this and one drawing. */
const MOST_MILLISECONDS_BETWEEN_DRAWS = 500;
/** A drawing that waits for its next frame for longer is ended without one. */
const MOST_MILLISECONDS_WITHOUT_FRAME = 1000;

/** What drawing needs of the browser. */
export interface Browser {
  requestFrame(draw: (nowMs: number) => void): void;
  nowMs(): number;
  /** Calls back when the page goes out of sight, from when on there are no frames. */
  onHide(hidden: () => void): void;
  /** Something went wrong that shall not keep the rest from going on. */
  report(error: unknown): void;
}

const thisBrowser: Browser = {
  requestFrame: (draw) => requestAnimationFrame(draw),
  nowMs: () => performance.now(),
  onHide: (hidden) => document.addEventListener('visibilitychange', () => document.hidden && hidden()),
  report: (error) => reportError(error),
};

/**
 * Draws with the browser's frames: everything at once for a person; for a run at most ten times a second, less often and
 * part by part over several frames where that takes long. Whatever changes meanwhile waits, so that all parts of a drawing show
 * one moment.
 */
export class Frames {
  readonly #parts: readonly (() => void)[];
  readonly #drawn: () => void;
  readonly #browser: Browser;
  /** Changes that came while a drawing was under way. */
  #waiting: (() => void)[] = [];
  #frameRequested = false;
  /** A drawing is wanted that has not begun. */
  #wanted = false;
  #urgent = false;
  /** The next part of the drawing under way; behind the last where none is. */
  #next = Infinity;
  #begunMs = -Infinity;
  #frameMs = -Infinity;
  /** How long the parts of the latest drawing took. */
  #spentMs = 0;

  /** @param drawn is called when all parts show the state as it is. */
  constructor(parts: readonly (() => void)[], drawn: () => void = () => undefined, browser = thisBrowser) {
    this.#parts = parts;
    this.#drawn = drawn;
    this.#browser = browser;
    browser.onHide(() => this.#draw(Infinity));
  }

  /** Changes what the parts show: at once, or after the drawing that is under way. */
  change(change: () => void): void {
    this.#waiting.push(change);
    // A page may get no frames without being told that it is out of sight.
    if (this.#isDrawing && this.#browser.nowMs() - this.#frameMs > MOST_MILLISECONDS_WITHOUT_FRAME)
      this.#draw(Infinity);
    if (!this.#isDrawing) this.#applyChanges();
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
    this.#frameMs = nowMs;
    const isUrgent = this.#urgent;
    this.#urgent = false;
    const restMs = Math.min(this.#spentMs / DRAWING_SHARE, MOST_MILLISECONDS_BETWEEN_DRAWS);
    const intervalMs = Math.max(MILLISECONDS_BETWEEN_DRAWS, restMs);
    const isDue = !this.#isDrawing && nowMs - this.#begunMs >= intervalMs;
    try {
      if (isUrgent || (this.#wanted && isDue)) this.#begin(nowMs);
      this.#draw(isUrgent ? Infinity : MILLISECONDS_PER_FRAME);
    } finally {
      // After a part that threw, too: what waits for the end of the drawing would wait for ever.
      if (this.#wanted || this.#isDrawing) this.#requestFrame();
    }
  }

  get #isDrawing(): boolean {
    return this.#next < this.#parts.length;
  }

  #begin(nowMs: number): void {
    // A person does not wait for the rest of a drawing that is under way.
    this.#next = Infinity;
    this.#applyChanges();
    this.#wanted = false;
    this.#next = 0;
    this.#begunMs = nowMs;
    this.#spentMs = 0;
  }

  #applyChanges(): void {
    for (let change = this.#waiting.shift(); change !== undefined; change = this.#waiting.shift()) {
      try {
        change();
      } catch (error) {
        this.#browser.report(error);
      }
    }
  }

  /** Draws the parts that are left, until so long is over. */
  #draw(mostMs: number): void {
    if (!this.#isDrawing) return;
    const startMs = this.#browser.nowMs();
    let tookMs = 0;
    while (this.#isDrawing && tookMs < mostMs) {
      this.#parts[this.#next++]();
      tookMs = this.#browser.nowMs() - startMs;
    }
    this.#spentMs += tookMs;
    if (this.#isDrawing) return;
    this.#drawn();
    this.#applyChanges();
  }
}
