import { InputError } from '../common/inputError.ts';
import { fitDecay } from '../inspection/decay.ts';
import { HORIZON_SHARES, influencePieces, lagProfile, memoryHorizon } from '../inspection/influence.ts';
import { lyapunovExponent } from '../inspection/lyapunov.ts';
import { deadUnits, saturation } from '../inspection/saturation.ts';
import { spectrum } from '../inspection/spectrum.ts';
import { measureStream } from '../inspection/streamSteps.ts';
import { cellAt } from '../model/cell.ts';
import { stepLoss } from '../model/output.ts';
import { sumOfSquares } from '../model/norms.ts';
import { Pace } from '../model/pace.ts';
import type { BatchStart, StreamPass } from '../model/streamPass.ts';
import type { Capture, Cell, Matrix, Memory, QuestionOf, Spectrum, Tape } from '../protocol/study.ts';
import { groupDigits } from '../common/written.ts';
import { Captures, W_ahOf } from './examinerCaptures.ts';
import { cellNumbers, futurePart, likeliest, matrixNumbers, ownPart } from './examinerCell.ts';
import { Passes } from './examinerPasses.ts';

type OfWindow = Pick<QuestionOf<'tape'>, 'iteration' | 'stream'>;

/**
 * Answers questions about captured windows of one run, each recomputed by the float64 reference for the stream that is asked
 * about. Every answer is a generator that yields some milliseconds apart; it owns its arrays. All of them throw InputErrors
 * for what is not there: an iteration that is not kept, a stream, a time step.
 */
export class Examiner {
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

  *tape({ iteration, stream }: QuestionOf<'tape'>): Generator<undefined, Tape> {
    const { capture, pass } = yield* this.#passOf({ iteration, stream });
    const { V, H, T, B } = capture.shape;
    const { stepNorm, stepCosine, totalNorm } = yield* measureStream(pass);
    const pace = new Pace();
    const predicted = new Int32Array(T);
    const lossNats = new Float64Array(T);
    const targetProbability = new Float64Array(T);
    const ownNorm = new Float64Array(T);
    const futureNorm = new Float64Array(T);
    for (let t = 0; t < T; t++) {
      const { o, y, yhat } = cellAt(pass, t);
      predicted[t] = likeliest(yhat)[0];
      lossNats[t] = stepLoss(o, y, 1);
      targetProbability[t] = yhat[y[0]];
      ownNorm[t] = Math.sqrt(sumOfSquares(ownPart(pass, t)));
      futureNorm[t] = Math.sqrt(sumOfSquares(futurePart(pass, t)));
      if (pace.spend(V * H)) yield;
    }
    return {
      ...whereabouts(capture, stream),
      streams: B,
      ...idsOf(pass),
      predicted,
      lossNats,
      targetProbability,
      stepNorm,
      stepCosine,
      totalNorm,
      ownNorm,
      futureNorm,
    };
  }

  *cell({ iteration, stream, t }: QuestionOf<'cell'>): Generator<undefined, Cell> {
    const { pass } = yield* this.#passOf({ iteration, stream });
    checkStep(pass, t);
    return { iteration, stream, t, ...cellNumbers(pass, t) };
  }

  *matrix({ iteration, stream, t, name }: QuestionOf<'matrix'>): Generator<undefined, Matrix> {
    const { pass } = yield* this.#passOf({ iteration, stream });
    checkStep(pass, t);
    return { iteration, stream, t, name, ...matrixNumbers(pass, t, name) };
  }

  *memory({ iteration, stream }: QuestionOf<'memory'>): Generator<undefined, Memory> {
    const { capture, start, pass } = yield* this.#passOf({ iteration, stream });
    const { h: influence } = yield* influencePieces(pass, pass.parameters, 0);
    const profile = lagProfile(influence);
    const a = pass.activations.a.slice(pass.shape.H);
    const { tanhFactor, byStep, byUnit } = saturation(a, pass.shape.H);
    const candidates = [...byUnit.keys()].filter((unit) => byUnit[unit] === 1);
    return {
      ...whereabouts(capture, stream),
      ...idsOf(pass),
      influence,
      lagProfile: profile,
      horizon: {
        onePercent: memoryHorizon(profile, HORIZON_SHARES.onePercent) ?? null,
        oneOverE: memoryHorizon(profile, HORIZON_SHARES.oneOverE) ?? null,
      },
      decay: fitDecay(profile) ?? null,
      a,
      tanhFactor,
      saturation: byStep,
      unitSaturation: byUnit,
      deadUnits: yield* deadUnits(start, candidates),
      lyapunov: (yield* lyapunovExponent(pass, pass.parameters, 0)) ?? null,
    };
  }

  *spectrum({ iteration }: QuestionOf<'spectrum'>): Generator<undefined, Spectrum> {
    const capture = this.#captures.of(iteration);
    const name = `W_ah before iteration ${groupDigits(iteration)}`;
    return { iteration, ...(yield* spectrum(W_ahOf(capture), capture.shape.H, name)) };
  }

  *#passOf({
    iteration,
    stream,
  }: OfWindow): Generator<undefined, { capture: Capture; start: BatchStart; pass: StreamPass }> {
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
