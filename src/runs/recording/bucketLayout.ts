import { LEVEL_FACTOR, MAX_WIDTH } from '../format/bucketRecords.ts';

export interface LayoutOptions {
  /** Iterations that the run has. */
  readonly iterations: number;
  /** The newest ones that stay whole, at least. */
  readonly wholeRows: number;
  /** Buckets of each width, about; at least three quarters of what a level in memory holds, whose shape is then the same. */
  readonly bucketsPerLevel: number;
  /** Iterations that the run may go on from: none of them lies within a bucket. */
  readonly cuts: readonly number[];
}

/** How wide the buckets are to which a run's rows are put together: the older, the wider. Each begins at a multiple of its width. */
export class Layout {
  /** Iterations from here on are kept one by one. */
  readonly wholeFrom: number;
  /** From which iteration on buckets have which width, the newest first. */
  readonly #regions: { readonly from: number; readonly width: number }[] = [];
  readonly #cuts: readonly number[];

  constructor({ iterations, wholeRows, bucketsPerLevel, cuts }: LayoutOptions) {
    this.#cuts = cuts;
    this.wholeFrom = floorTo(iterations - wholeRows, LEVEL_FACTOR);
    this.#regions.push({ from: this.wholeFrom, width: 1 });
    let from = this.wholeFrom;
    for (let width = LEVEL_FACTOR; from > 0; width *= LEVEL_FACTOR) {
      from = width === MAX_WIDTH ? 0 : floorTo(from - bucketsPerLevel * width, width * LEVEL_FACTOR);
      this.#regions.push({ from, width });
    }
  }

  /** The width of the bucket that begins with an iteration; 1 for one that stays whole. */
  widthFrom(iteration: number): number {
    let width = this.#regions.find(({ from }) => iteration >= from)?.width ?? 1;
    while (iteration % width !== 0 || this.#isCut(iteration, width)) width /= LEVEL_FACTOR;
    return width;
  }

  #isCut(iteration: number, width: number): boolean {
    return this.#cuts.some((cut) => cut > iteration && cut < iteration + width);
  }
}

function floorTo(value: number, step: number): number {
  return Math.max(0, value - (value % step));
}
