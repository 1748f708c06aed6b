import type { Kernels } from '../kernels/kernels.ts';
import { type Parameters, type Shape, tensorNamed, type Vector } from '../model/tensors.ts';
import type { PendingValidation } from '../protocol/checkpoint.ts';
import type { IdReader, IdSource } from '../text/ids.ts';
import { ownCopy, restoreParameters } from './checkpoint.ts';

/** Validations come no closer than this, in iterations. */
const LEAST_DISTANCE = 20;
/** Shares of an epoch after which the first validations come; from the last of them on, they come at its multiples. */
const FIRST_EPOCHS = [1 / 64, 1 / 32, 1 / 16, 1 / 8, 1 / 4] as const;
const EVERY_EPOCHS = 1 / 4;

/** The smallest positive float32: a probability that float32 rounds to 0 is at most half of it. */
const SMALLEST_PROBABILITY = 2 ** -149;

/**
 * The number of iterations after which the next validation comes, when the last came after `last` of them (0: none yet).
 * It depends on nothing but its arguments, so that a run validates at the same iterations whenever it is repeated.
 */
export function nextValidationAt(last: number, iterationsPerEpoch: number): number {
  const earliest = last + LEAST_DISTANCE;
  const first = FIRST_EPOCHS.map((epochs) => Math.ceil(epochs * iterationsPerEpoch)).find((at) => at >= earliest);
  return (
    first ?? Math.ceil(Math.ceil(earliest / iterationsPerEpoch / EVERY_EPOCHS) * EVERY_EPOCHS * iterationsPerEpoch)
  );
}

/** The shape in which so many characters are validated; undefined for fewer than 2, among which none follows another. */
export function validationShape({ V, H, T, B }: Shape, characters: number): Shape | undefined {
  const measured = characters - 1;
  if (measured < 1) return undefined;
  const streams = Math.min(B, measured);
  return { V, H, T: Math.min(T, Math.ceil(measured / streams)), B: streams };
}

/** Windows that a validation of so many characters takes. */
export function windowsOf({ T, B }: Shape, characters: number): number {
  return Math.ceil(Math.ceil((characters - 1) / B) / T);
}

/**
 * Measures the loss on the validation text. The text is cut into up to B streams whose lengths differ by at most one; each
 * starts from a state of zeros, which is then carried from window to window. Every character but the first of the text
 * is measured once.
 */
export class Validator {
  /** A network of its own, so that a validation may be interrupted and training never notices. */
  readonly #kernels: Kernels;
  readonly #ids: IdSource;
  readonly #readers: readonly IdReader[];
  /** A window of one stream, and the target of its last character. */
  readonly #row: Int32Array;
  /** Of the measurement under way or the last one: windows measured, and the sum of their losses, nats. */
  #measured = 0;
  #lossSum = 0;

  /** @param kernels for the shape that `validationShape` gives for these ids, with the reduction `sum`. */
  constructor(kernels: Kernels, ids: IdSource) {
    this.#kernels = kernels;
    this.#ids = ids;
    this.#readers = ids.readers(kernels.shape.B);
    this.#row = new Int32Array(kernels.shape.T + 1);
  }

  /** Characters that are measured. */
  get characters(): number {
    return this.#ids.length - 1;
  }

  /** Windows that a validation takes. */
  get windows(): number {
    return windowsOf(this.#kernels.shape, this.#ids.length);
  }

  /** Copies the parameters; then measures one window at every call of `next` and returns the mean loss, nats a character. */
  measure(parameters: Parameters): Generator<undefined, number> {
    this.#take(parameters);
    this.#kernels.resetState();
    this.#measured = 0;
    this.#lossSum = 0;
    return this.#measureWindows();
  }

  /** Goes on with a measurement that was interrupted. */
  goOn(pending: PendingValidation): Generator<undefined, number> {
    this.#take(pending.network.parameters);
    for (const state of this.#kernels.network.states) this.#carried(state).set(pending.states[state]);
    this.#measured = pending.windows;
    this.#lossSum = pending.lossSum;
    return this.#measureWindows();
  }

  /** How far the measurement under way is: what `goOn` needs besides the network. */
  get progress(): Omit<PendingValidation, 'network'> {
    const states = this.#kernels.network.states.map((state) => [state, ownCopy(this.#carried(state))] as const);
    return { windows: this.#measured, lossSum: this.#lossSum, states: Object.fromEntries(states) };
  }

  #take(parameters: Parameters): void {
    restoreParameters(this.#kernels.parameters, parameters);
  }

  /** (B, H) of a state: what is carried into the next window. */
  #carried(state: string): Vector {
    const { shape, activations } = this.#kernels;
    return tensorNamed(activations, state).subarray(0, shape.B * shape.H);
  }

  *#measureWindows(): Generator<undefined, number> {
    const { T } = this.#kernels.shape;
    for (let position = this.#measured * T; position < this.#longest; position += T) {
      this.#fillWindow(position);
      this.#kernels.forward();
      this.#kernels.carryState();
      this.#lossSum += this.#windowLoss(position);
      this.#measured++;
      yield;
    }
    return this.#lossSum / this.characters;
  }

  /** Characters of the longest streams; the others are one shorter. */
  get #longest(): number {
    return Math.ceil(this.characters / this.#kernels.shape.B);
  }

  /** Where stream b starts in the text; stream b+1 starts where it ends. */
  #start(b: number): number {
    return Math.floor((b * this.characters) / this.#kernels.shape.B);
  }

  /** Reads on at `position` of every stream. Where a stream has ended, the window holds zeros, which are not counted. */
  #fillWindow(position: number): void {
    const { shape, window } = this.#kernels;
    window.inputs.fill(0);
    window.targets.fill(0);
    for (let b = 0; b < shape.B; b++) {
      const from = this.#start(b) + position;
      const steps = Math.min(shape.T, this.#start(b + 1) - from);
      if (steps <= 0) continue;
      const row = this.#row.subarray(0, steps + 1);
      this.#readers[b].read(from, row);
      for (let t = 0; t < steps; t++) {
        window.inputs[t * shape.B + b] = row[t];
        window.targets[t * shape.B + b] = row[t + 1];
      }
    }
  }

  /** The summed loss, nats, over the characters of the window that are in the text. */
  #windowLoss(position: number): number {
    const { shape, activations } = this.#kernels;
    const shortest = Math.floor(this.characters / shape.B);
    const wholeSteps = Math.min(shape.T, shortest - position);
    let sum = 0;
    for (let t = 0; t < wholeSteps; t++) sum += activations.stepLoss[t];
    // Only the longer streams reach the last step, whose loss must leave the others out.
    if (wholeSteps < shape.T && position + wholeSteps < this.#longest) {
      sum += this.#raggedStepLoss(wholeSteps, position);
    }
    return sum;
  }

  /** The summed loss at step t over those streams that have not ended. */
  #raggedStepLoss(t: number, position: number): number {
    const { shape, window, activations } = this.#kernels;
    let sum = 0;
    for (let b = 0; b < shape.B; b++) {
      if (this.#start(b) + position + t >= this.#start(b + 1)) continue;
      const row = t * shape.B + b;
      sum -= Math.log(Math.max(activations.yhat[row * shape.V + window.targets[row]], SMALLEST_PROBABILITY));
    }
    return sum;
  }
}
