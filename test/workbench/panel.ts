import { errors, type FrameLocator, type Locator, type Page } from 'playwright-core';
import { extensionId } from './paths.ts';

/** What is on a canvas. */
export interface CanvasPixels {
  readonly width: number;
  readonly height: number;
  /** Whether it is as wide as the element that holds it, or wider: a chart follows its figure a moment later. */
  readonly fits: boolean;
  /** Equal for equal pixels. */
  readonly hash: string;
  /** Share of pixels that differ from the canvas's most frequent colour. */
  readonly inkShare: number;
  /** Number of different colours. */
  readonly colours: number;
}

/** The panel of the extension as it is on the screen: a frame within a frame. */
export class Panel {
  private readonly page: Page;
  private readonly outer: Locator;
  readonly frame: FrameLocator;

  constructor(page: Page, extension = extensionId) {
    this.page = page;
    // A panel behind another tab stays in the page without being visible.
    this.outer = page.locator(`iframe.webview.ready[src*="extensionId=${extension}"]:visible`);
    this.frame = this.outer.contentFrame().frameLocator('#active-frame');
  }

  /** How many panels are on the screen. */
  count(): Promise<number> {
    return this.outer.count();
  }

  /** Scrolls to where the page begins: what stays in sight there tells nothing of that. */
  async toTop(): Promise<void> {
    await this.frame.locator('body').evaluate(() => scrollTo(0, 0));
  }

  testId(id: string): Locator {
    return this.frame.getByTestId(id);
  }

  /** The text of an element, without the space around it. */
  async readTestId(id: string): Promise<string> {
    return (await this.testId(id).innerText()).trim();
  }

  /**
   * The number that an element shows, such as `12 400` or `1.23 nats`.
   *
   * @throws {Error} when it shows none.
   */
  async readNumber(id: string): Promise<number> {
    const text = await this.readTestId(id);
    const number = numberIn(text);
    if (number === undefined) throw new Error(`The panel's "${id}" shows no number but "${text}".`);
    return number;
  }

  /**
   * Waits until an element shows a number that fits.
   *
   * @throws {Error} with the last text seen, when it does not within the time.
   */
  async waitForNumber(id: string, fits: (value: number) => boolean, timeoutMs = 30_000): Promise<number> {
    const text = await this.waitForText(
      id,
      (shown) => {
        const number = numberIn(shown);
        return number !== undefined && fits(number);
      },
      timeoutMs,
    );
    return numberIn(text) ?? NaN;
  }

  /** As {@link waitForNumber}, for any text. */
  async waitForText(id: string, fits: (text: string) => boolean, timeoutMs = 30_000): Promise<string> {
    const end = Date.now() + timeoutMs;
    let last = 'was not on the screen';
    while (Date.now() < end) {
      const text = await this.textNow(id);
      if (text !== undefined && fits(text)) return text;
      if (text !== undefined) last = `showed "${text}"`;
      await this.page.waitForTimeout(50);
    }
    throw new Error(`The panel's "${id}" ${last} after ${timeoutMs} ms.`);
  }

  /** As {@link waitForNumber}, for an attribute. */
  async waitForAttribute(
    id: string,
    attribute: string,
    fits: (value: string) => boolean,
    timeoutMs = 30_000,
  ): Promise<string> {
    const end = Date.now() + timeoutMs;
    for (;;) {
      const value = await this.testId(id).getAttribute(attribute);
      if (value !== null && fits(value)) return value;
      if (Date.now() > end) throw new Error(`The ${attribute} of "${id}" was "${value ?? ''}" after ${timeoutMs} ms.`);
      await this.page.waitForTimeout(50);
    }
  }

  /** The text of an element, undefined while it is not there: the panel, or its frame, may just be coming. */
  private async textNow(id: string): Promise<string | undefined> {
    try {
      return (await this.testId(id).innerText({ timeout: 1000 })).trim();
    } catch (error) {
      if (error instanceof errors.TimeoutError) return undefined;
      throw error;
    }
  }

  async click(id: string): Promise<void> {
    await this.testId(id).click();
  }

  /** What is on the canvas that has the id or is within the element that has it. */
  canvasPixels(id: string): Promise<CanvasPixels> {
    return this.testId(id).evaluate((element) => {
      const canvas = element instanceof HTMLCanvasElement ? element : element.querySelector('canvas');
      const context = canvas?.getContext('2d');
      if (canvas === null || context === null || context === undefined) throw new Error('There is no canvas.');
      const { width, height } = canvas;
      const room = canvas.parentElement?.clientWidth ?? 0;
      const fits = canvas.getBoundingClientRect().width > room - 2;
      if (width === 0 || height === 0) return { width, height, fits, hash: '', inkShare: 0, colours: 0 };
      const pixels = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer);
      const counts = new Map<number, number>();
      // FNV-1a over whole pixels, which are counted by runs of one colour.
      let hash = 2166136261;
      let start = 0;
      for (let at = 0; at < pixels.length; at++) {
        const pixel = pixels[at];
        hash = Math.imul(hash ^ pixel, 16777619);
        if (pixel === pixels[at + 1]) continue;
        counts.set(pixel, (counts.get(pixel) ?? 0) + at + 1 - start);
        start = at + 1;
      }
      const background = Math.max(...counts.values());
      return {
        width,
        height,
        fits,
        hash: (hash >>> 0).toString(16),
        inkShare: 1 - background / pixels.length,
        colours: counts.size,
      };
    });
  }

  /** Waits until a canvas shows something else than it did. */
  waitForOtherPixels(id: string, before: CanvasPixels, timeoutMs?: number): Promise<CanvasPixels> {
    return this.waitForPixels(id, ({ hash }) => hash !== before.hash, timeoutMs);
  }

  /**
   * Waits until what is on a canvas fits.
   *
   * @throws {Error} with what was last on it, when it does not within the time.
   */
  async waitForPixels(id: string, fits: (pixels: CanvasPixels) => boolean, timeoutMs = 20_000): Promise<CanvasPixels> {
    const end = Date.now() + timeoutMs;
    for (;;) {
      const pixels = await this.canvasPixels(id);
      if (fits(pixels)) return pixels;
      if (Date.now() > end) throw new Error(`The canvas "${id}" held ${JSON.stringify(pixels)} for ${timeoutMs} ms.`);
      await this.page.waitForTimeout(100);
    }
  }
}

/** The first number of a text; digits may be grouped by spaces or commas, as in `12 400` or `12,400`. */
function numberIn(text: string): number | undefined {
  const match = /[-−]?\d[\d\s,  ]*(?:\.\d+)?(?:e[-+−]?\d+)?/i.exec(text)?.[0];
  if (match === undefined) return undefined;
  return Number(match.replaceAll(/[\s,  ]/g, '').replaceAll('−', '-'));
}
