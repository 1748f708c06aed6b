import type { Work } from '../common/work.ts';
import { sumOfSquares } from '../model/norms.ts';
import { passOfStream, zeroGradients, type BatchStart, type StreamPass } from '../model/streamPass.ts';
import type { Parameters } from '../model/tensors.ts';
import type { Capture } from '../protocol/study.ts';
import { startOf } from './windowStudyCaptures.ts';

/** Recomputed passes that are kept, the last ones asked for, and their bytes together; the last one whatever its size. */
const MOST_PASSES = 4;
const MOST_BYTES = 128 * 2 ** 20;

interface KeptPass {
  readonly capture: Capture;
  readonly stream: number;
  readonly start: BatchStart;
  readonly pass: StreamPass;
}

/** The gradient of a whole batch, before clipping. */
export interface BatchGradient {
  readonly gradients: Parameters<Float64Array>;
  /** ‖∂‖ of all parameters together. */
  readonly totalNorm: number;
}

/** The reference's passes of single streams of captured windows: one question after another is about the same few. */
export class Passes {
  /** The one asked for last is last. */
  readonly #kept: KeptPass[] = [];
  /** Of the window whose batch was summed last: the elements of its gradient are asked for one after another. */
  #batch: (BatchGradient & { readonly capture: Capture }) | undefined;

  /** The pass of a stream, recomputed where it is not kept. */
  *of(capture: Capture, stream: number): Work<Pick<KeptPass, 'start' | 'pass'>> {
    const found = this.#find(capture, stream);
    if (found !== undefined) {
      this.#kept.splice(this.#kept.indexOf(found), 1);
      this.#kept.push(found);
      return found;
    }
    const start = this.#startOf(capture);
    const computed: KeptPass = { capture, stream, start, pass: yield* passOfStream(start, stream) };
    this.#kept.push(computed);
    while (this.#kept.length > MOST_PASSES || (this.#kept.length > 1 && this.#bytes() > MOST_BYTES)) {
      this.#kept.splice(0, 1);
    }
    return computed;
  }

  /** The gradient of all streams together: a pass of each of them, none of which is kept. */
  *gradientOf(capture: Capture): Work<BatchGradient> {
    if (this.#batch?.capture === capture) return this.#batch;
    // Two of them at a time are more than a run asks memory for.
    this.#batch = undefined;
    const start = this.#startOf(capture);
    const { B } = capture.shape;
    const only = B === 1 ? this.#find(capture, 0)?.pass : undefined;
    const gradients = only?.gradients ?? zeroGradients(start);
    if (only === undefined) for (let stream = 0; stream < B; stream++) yield* passOfStream(start, stream, gradients);
    const squares = Object.values(gradients).reduce((sum, gradient) => sum + sumOfSquares(gradient), 0);
    this.#batch = { capture, gradients, totalNorm: Math.sqrt(squares) };
    return this.#batch;
  }

  #find(capture: Capture, stream: number): KeptPass | undefined {
    return this.#kept.find((kept) => kept.capture === capture && kept.stream === stream);
  }

  /** The parameters of a window are shared by all its passes. */
  #startOf(capture: Capture): BatchStart {
    return this.#kept.find((kept) => kept.capture === capture)?.start ?? startOf(capture);
  }

  /** Forgets the passes of a window. */
  drop(capture: Capture): void {
    if (this.#batch?.capture === capture) this.#batch = undefined;
    for (let i = this.#kept.length - 1; i >= 0; i--) {
      if (this.#kept[i].capture === capture) this.#kept.splice(i, 1);
    }
  }

  #bytes(): number {
    return this.#kept.reduce((bytes, { pass }) => bytes + bytesOf(pass), 0);
  }
}

function bytesOf({ parameters, gradients, activations, deltas }: StreamPass): number {
  const tensors = [parameters, gradients, activations, deltas].flatMap((tensors) =>
    Object.values<Float64Array>({ ...tensors }),
  );
  return tensors.reduce((bytes, { byteLength }) => bytes + byteLength, 0);
}
