import type { Work } from '../common/work.ts';
import { passOfStream, type BatchStart, type StreamPass } from '../model/streamPass.ts';
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

/** The reference's passes of single streams of captured windows: one question after another is about the same few. */
export class Passes {
  /** The one asked for last is last. */
  readonly #kept: KeptPass[] = [];

  /** The pass of a stream, recomputed where it is not kept. */
  *of(capture: Capture, stream: number): Work<Pick<KeptPass, 'start' | 'pass'>> {
    const at = this.#kept.findIndex((kept) => kept.capture === capture && kept.stream === stream);
    if (at !== -1) {
      const [found] = this.#kept.splice(at, 1);
      this.#kept.push(found);
      return found;
    }
    // The parameters of a window are shared by all its passes.
    const start = this.#kept.find((kept) => kept.capture === capture)?.start ?? startOf(capture);
    const computed: KeptPass = { capture, stream, start, pass: yield* passOfStream(start, stream) };
    this.#kept.push(computed);
    while (this.#kept.length > MOST_PASSES || (this.#kept.length > 1 && this.#bytes() > MOST_BYTES)) {
      this.#kept.splice(0, 1);
    }
    return computed;
  }

  /** Forgets the passes of a window. */
  drop(capture: Capture): void {
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
