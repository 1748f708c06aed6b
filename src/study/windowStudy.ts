import { InputError } from '../common/inputError.ts';
import { networkOf } from '../network/network.ts';
import { recurrentWeight } from '../network/quantities.ts';
import { spectrum } from '../inspection/spectrum.ts';
import type { Work } from '../common/work.ts';
import type { BatchStart, StreamPass } from '../model/streamPass.ts';
import type { Answer, Asks, Measure } from '../protocol/measures.ts';
import type { Capture, Matrix, Memory, Numbers, Spectrum, StepDetail, Tape, WeightUpdate } from '../protocol/study.ts';
import { groupDigits } from '../common/written.ts';
import { Captures, momentsOf, recurrentMatrixOf } from './windowStudyCaptures.ts';
import { memoryOf } from './windowStudyMemory.ts';
import { stepNumbers, matrixNumbers } from './windowStudyStep.ts';
import { windowNumbers } from './windowStudyNumbers.ts';
import { tapeNumbers } from './windowStudyTape.ts';
import { updateNumbers } from './windowStudyUpdate.ts';
import { Passes } from './windowStudyPasses.ts';

/** Measures that are computed from a captured window by the reference. */
type OfWindow = Exclude<Measure, 'baselines' | 'characterScores'>;
type Computations = { [M in OfWindow]: (asks: Asks<M>) => Work<Answer<M>> };

/** Of a network without a recurrent weight. */
const NO_SPECTRUM: Omit<Spectrum, 'iteration'> = {
  name: null,
  eigenvalues: new Float64Array(0),
  singularValues: new Float64Array(0),
  spectralRadius: 0,
  sigmaMax: 0,
};

/**
 * Answers questions about captured windows of one run, each recomputed by the float64 reference for the stream that is asked
 * about. Every answer is work in units, and owns its arrays. All of them throw InputErrors
 * for what is not there: an iteration that is not kept, a stream, a time step.
 */
export class WindowStudy implements Computations {
  readonly #captures = new Captures();
  readonly #passes = new Passes();

  /**
   * Keeps a captured window; the newest six are there to be asked about.
   * @throws {RangeError} where its parts contradict each other.
   */
  take(capture: Capture): void {
    for (const dropped of this.#captures.take(capture)) this.#passes.drop(dropped);
  }

  /** @throws {InputError} where that iteration is not kept. */
  captureOf(iteration: number): Capture {
    return this.#captures.of(iteration);
  }

  *tape({ iteration, stream }: Asks<'tape'>): Work<Tape> {
    const { capture, pass } = yield* this.#passOf({ iteration, stream });
    return {
      ...whereabouts(capture, stream),
      streams: capture.shape.B,
      ...idsOf(pass),
      ...(yield* tapeNumbers(pass)),
    };
  }

  *stepDetail({ iteration, stream, t }: Asks<'stepDetail'>): Work<StepDetail> {
    const { pass } = yield* this.#passOf({ iteration, stream });
    checkStep(pass, t);
    return { iteration, stream, t, ...stepNumbers(pass, t) };
  }

  *matrix({ iteration, stream, t, name }: Asks<'matrix'>): Work<Matrix> {
    const { pass } = yield* this.#passOf({ iteration, stream });
    checkStep(pass, t);
    return { iteration, stream, t, name, ...matrixNumbers(pass, t, name) };
  }

  *numbers({ iteration, stream }: Asks<'numbers'>): Work<Numbers> {
    const { capture, pass } = yield* this.#passOf({ iteration, stream });
    return { ...whereabouts(capture, stream), ...windowNumbers(pass) };
  }

  *update({ iteration, stream, ...asked }: Asks<'update'>): Work<WeightUpdate> {
    // Of a large network it takes minutes to find the gradient of the batch, in vain where the moments are not there.
    momentsOf(this.#captures.of(iteration));
    const { capture, pass } = yield* this.#passOf({ iteration, stream });
    return { iteration, stream, ...updateNumbers(capture, pass, yield* this.#passes.gradientOf(capture), asked) };
  }

  *memory({ iteration, stream }: Asks<'memory'>): Work<Memory> {
    const { capture, start, pass } = yield* this.#passOf({ iteration, stream });
    return { ...whereabouts(capture, stream), ...idsOf(pass), ...(yield* memoryOf(start, pass)) };
  }

  *spectrum({ iteration }: Asks<'spectrum'>): Work<Spectrum> {
    const capture = this.#captures.of(iteration);
    const name = recurrentWeight(networkOf(capture));
    return name === undefined ? { iteration, ...NO_SPECTRUM } : yield* this.spectrumOf({ iteration, name });
  }

  *spectrumOf({ iteration, name }: Asks<'spectrumOf'>): Work<Spectrum> {
    const capture = this.#captures.of(iteration);
    const title = `${name} before iteration ${groupDigits(iteration)}`;
    return { iteration, name, ...(yield* spectrum(recurrentMatrixOf(capture, name), capture.shape.H, title)) };
  }

  *#passOf({ iteration, stream }: Asks<'tape'>): Work<{ capture: Capture; start: BatchStart; pass: StreamPass }> {
    const capture = this.#captures.of(iteration);
    const { B } = capture.shape;
    if (!(Number.isInteger(stream) && stream >= 0 && stream < B)) {
      throw new InputError(`There is no stream ${stream}: ${allowed('streams', B)}.`);
    }
    return { capture, ...(yield* this.#passes.of(capture, stream)) };
  }
}

function checkStep({ shape: { T } }: StreamPass, t: number): void {
  if (Number.isInteger(t) && t >= 0 && t < T) return;
  throw new InputError(`There is no time step ${t}: ${allowed('time steps', T)}.`);
}

function allowed(what: string, count: number): string {
  return `this window has ${groupDigits(count)} ${what}, and they are counted from 0. Choose one up to ${count - 1}`;
}

function whereabouts(
  { iteration, positions }: Capture,
  stream: number,
): Pick<Tape, 'iteration' | 'stream' | 'position'> {
  return { iteration, stream, position: positions[stream] };
}

function idsOf({ window }: StreamPass): Pick<Tape, 'inputs' | 'targets'> {
  return { inputs: window.inputs.slice(), targets: window.targets.slice() };
}
