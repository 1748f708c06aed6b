/** News in words for those who hear the panel: what is told, and how soon. No DOM, no clock. */

export interface News {
  /** What is new; the same key is no news, whatever the numbers in the text are by now. */
  readonly key: string;
  readonly text: string;
  /** What a person did, or must know: at once. All else waits its turn. */
  readonly isUrgent: boolean;
}

/** Between two pieces of news that nobody asked for. */
export const PACE_MS = 10_000;

/** Decides what of the news is said now: each once, and seldom enough that nobody is talked to all the time. */
export class Telling {
  #saidKey: string | undefined;
  #saidMs = -Infinity;

  /** @returns the text to be said now, or in how many milliseconds to ask again; neither where there is nothing to say. */
  take({ key, text, isUrgent }: News, nowMs: number): { readonly text?: string; readonly waitMs?: number } {
    if (key === this.#saidKey) return {};
    const waitMs = isUrgent ? 0 : this.#saidMs + PACE_MS - nowMs;
    if (waitMs > 0) return { waitMs };
    this.#saidKey = key;
    this.#saidMs = nowMs;
    return { text };
  }
}

/** A text without its numbers: two that differ in numbers alone are no news to each other. */
export function withoutNumbers(text: string): string {
  return text.replaceAll(/[-−+]?\d(?:[\d\s.,]*\d)?(?:e[-−]?\d+)?/g, '#');
}
