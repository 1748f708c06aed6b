import type { RandomStream } from '../common/random.ts';
import { measureSteps } from '../inspection/steps.ts';
import type { GradientNorms, Kernels, Networks } from '../kernels/kernels.ts';
import { clipFactor } from '../model/clipping.ts';
import type { Checkpoint, NetworkState, VocabularyCodes } from '../protocol/checkpoint.ts';
import type { RunEvent, Validation } from '../protocol/events.ts';
import {
  metricRowOf,
  type Inspection,
  type NotFinite,
  type RunFacts,
  type Sample,
  type SampleOptions,
} from '../protocol/run.ts';
import type { RunSettings } from '../protocol/settings.ts';
import type { Capture, Excerpt } from '../protocol/study.ts';
import type { StartRequest } from '../protocol/worker.ts';
import { splitIds, type Streams } from '../text/streams.ts';
import { captureNext, excerptOf } from './capture.ts';
import { copyOf, networkStateOf } from './checkpoint.ts';
import type { Machine } from './machine.ts';
import { describeNotFinite } from './notFinite.ts';
import { readRequestText, type ReadingOptions, type TextOfRun } from './requestText.ts';
import { buildParts, type Continued, type FirstWindow, type RunParts } from './runParts.ts';
import type { TextWriter } from './sampling.ts';
import { nextValidationAt, type Validator } from './validation.ts';
import type { ReadText } from './textFile.ts';
import { VitalsMeter } from './vitals.ts';

/** What one iteration gave. */
export interface IterationResult {
  /** (metrics of the network). The loss is per character whatever the reduction; norms are before clipping. */
  readonly row: Float64Array;
  /** Reading started again at the beginning of every stream, with a state of zeros. */
  readonly restarted: boolean;
  /** The loss or a gradient is not finite: the row says so and the parameters were not changed. */
  readonly notFinite?: NotFinite;
  /** What was measured of it, where that was asked for and the parameters were changed. */
  readonly measured: readonly RunEvent[];
}

/** What a validation gave. */
export interface ValidationResult {
  readonly validation: Validation;
  /** The network that was measured, where it is the best so far and checkpoints are wanted. */
  readonly best?: Checkpoint;
}

/** One training run, without threads and without a clock: whoever holds it decides when the next thing is computed. */
export class TrainingRun {
  readonly settings: RunSettings;
  readonly facts: RunFacts;
  readonly kernels: Kernels;
  /** Of an imported network: what its first window gave. */
  readonly firstWindow: FirstWindow | undefined;
  readonly #text: TextOfRun;
  readonly #networks: Networks;
  readonly #streams: Streams;
  readonly #validator: Validator | undefined;
  readonly #writer: TextWriter;
  readonly #random: RandomStream;
  #vitals: VitalsMeter | undefined;
  #iterations = 0;
  #lastValidationAt = 0;
  #best: Checkpoint['best'] = null;
  /** The network as the validation under way measures it, where checkpoints are wanted. */
  #candidate: NetworkState | undefined;
  /** A validation that was under way when the checkpoint was taken from which this run goes on. */
  #interrupted: Checkpoint['pendingValidation'];
  /** The state after a window that was not finite would make every later one so. */
  #carriesState = true;

  private constructor(parts: RunParts) {
    this.settings = parts.settings;
    this.facts = parts.facts;
    this.kernels = parts.kernels;
    this.firstWindow = parts.firstWindow;
    this.#text = parts.text;
    this.#networks = parts.networks;
    this.#streams = parts.streams;
    this.#validator = parts.validator;
    this.#writer = parts.writer;
    this.#random = parts.random;
    if (parts.continued !== undefined) this.#goOn(parts.continued);
  }

  /**
   * Reads the text, checks that it can be trained on, and only then allocates and initialises the network.
   * @param reading watches the reading, and may end it by throwing.
   * @throws {InputError} for a text that cannot be trained on with these settings, and for too little memory.
   */
  static create(request: StartRequest, machine: Machine, reading?: ReadingOptions): TrainingRun {
    const text = readRequestText(request, reading);
    try {
      return new TrainingRun(buildParts(request, text, machine));
    } catch (error) {
      text.dispose();
      throw error;
    }
  }

  /** Takes over the place in the run at which the checkpoint stands; the network is restored already. */
  #goOn({ checkpoint, continuation }: Continued): void {
    if (!continuation.keepsPlace) return;
    this.#iterations = checkpoint.iteration;
    this.#streams.seek(checkpoint.position);
    this.#carriesState = checkpoint.carriesState;
    if (!continuation.isExact) {
      // A fork: its first validation is of a network that it made.
      this.#lastValidationAt = checkpoint.iteration;
      return;
    }
    this.#lastValidationAt = checkpoint.lastValidationAt;
    this.#best = checkpoint.best;
    this.#interrupted = checkpoint.pendingValidation;
  }

  /** Gives up the text and the threads of the kernels: no iteration and no validation is possible any more, but writing is. */
  close(): void {
    this.#text.dispose();
    this.#networks.dispose();
  }

  /** Iterations done. */
  get iterations(): number {
    return this.#iterations;
  }

  /** Whether all iterations are done. */
  get isComplete(): boolean {
    return this.#iterations >= this.facts.iterationsTotal;
  }

  /** Whether the next iteration is the last one. */
  get isNextLast(): boolean {
    return this.#iterations + 1 === this.facts.iterationsTotal;
  }

  /** Passes over the training part so far, with fraction. */
  get epoch(): number {
    return this.#iterations / this.facts.iterationsPerEpoch;
  }

  /** Training characters read so far. */
  get characters(): number {
    const { T, B } = this.kernels.shape;
    return this.#iterations * T * B;
  }

  /** All that the next iteration starts from. It needs the text: it is not possible any more after `close`. */
  capture(): Capture {
    const carriesState = this.#carriesState && this.#iterations > 0;
    return captureNext(this.kernels, this.#streams, this.settings, { iteration: this.#iterations, carriesState });
  }

  /** What was read. */
  get text(): ReadText {
    return this.#text.read;
  }

  get vocabulary(): VocabularyCodes {
    const { tokens, codes } = this.#text.vocabulary;
    return { tokens, codes: [...codes] };
  }

  /**
   * All that this run goes on from to the bit; possible between two iterations.
   * @param elapsedMs time spent on iterations.
   */
  checkpoint(elapsedMs: number): Checkpoint {
    const network = this.#networkState(elapsedMs);
    const candidate = this.#candidate;
    return {
      ...this.#asCheckpoint(network),
      ...(candidate &&
        this.#validator && { pendingValidation: { network: copyOf(candidate), ...this.#validator.progress } }),
    };
  }

  #asCheckpoint(network: NetworkState): Checkpoint {
    const { kernels, settings } = this;
    const { cell, layers, optimizer } = settings;
    return {
      ...network,
      cell,
      layers,
      shape: { ...kernels.shape },
      optimizer,
      kernels: kernels.name,
      best: this.#best,
    };
  }

  #networkState(elapsedMs: number): NetworkState {
    return networkStateOf(this.kernels, {
      iteration: this.#iterations,
      carriesState: this.#carriesState && this.#iterations > 0,
      position: this.#streams.position,
      lastValidationAt: this.#lastValidationAt,
      samplingRandom: [...this.#random.state()],
      elapsedMs,
    });
  }

  /** The ids that the baselines are fitted on and measured with. */
  excerpt(): Excerpt {
    const { training, validation } = splitIds(this.#text.ids, this.settings.validationFraction);
    return excerptOf(this.#text.vocabulary, training, validation);
  }

  /** Reads the next window and takes one step of the optimizer, unless the loss or a gradient is not finite. */
  iterate({ measures = false } = {}): IterationResult {
    const { kernels, settings } = this;
    if (this.#carriesState) kernels.carryState();
    else kernels.resetState();
    const restarted = this.#streams.next(kernels.window);
    if (restarted) kernels.resetState();
    const L = kernels.forward();
    kernels.backward();
    const norms = kernels.gradientNorms();
    const iteration = this.#iterations++;
    this.#carriesState = Number.isFinite(L) && Number.isFinite(norms.total);
    if (!this.#carriesState) {
      const row = this.#row(L, norms, NaN);
      return { row, restarted, measured: [], notFinite: describeNotFinite(kernels, norms, iteration) };
    }
    const factor = clipFactor(norms.total, settings.clipNorm);
    const meter = measures ? (this.#vitals ??= new VitalsMeter(kernels)) : undefined;
    meter?.begin();
    kernels.update(settings.learningRate, factor);
    const measured = meter === undefined ? [] : [{ type: 'vitals', value: meter.measure(iteration) } as const];
    return { row: this.#row(L, norms, factor), restarted, measured };
  }

  /**
   * The numbers of every time step of the last iteration, before clipping, and the characters of stream 0. It may be asked for
   * until the next iteration, and changes nothing. Without cosines it costs a fraction, and they are NaN.
   */
  inspect(options: { readonly cosines: boolean }): Inspection {
    const { kernels } = this;
    const { stepNorm, stepCosine } = measureSteps(kernels, options);
    return {
      iteration: this.#iterations - 1,
      stepNorm: new Float32Array(stepNorm),
      stepCosine: new Float32Array(stepCosine),
      inputs: this.#ofFirstStream(kernels.window.inputs),
      targets: this.#ofFirstStream(kernels.window.targets),
    };
  }

  /** Whether the schedule, the end of the run or a validation that was interrupted asks for one now. */
  get isValidationDue(): boolean {
    if (this.#interrupted !== undefined) return true;
    if (this.#validator === undefined || this.#lastValidationAt === this.#iterations) return false;
    return (
      this.isComplete || this.#iterations >= nextValidationAt(this.#lastValidationAt, this.facts.iterationsPerEpoch)
    );
  }

  /** Windows of a validation to measure after every iteration, so that it is done before the next one is due. */
  get validationPace(): number {
    if (this.#validator === undefined) return 0;
    const iterations = nextValidationAt(this.#lastValidationAt, this.facts.iterationsPerEpoch) - this.#lastValidationAt;
    return Math.ceil((this.#validator.windows + 1) / iterations);
  }

  /**
   * Measures the validation loss of the network as it is now, one window at every call of `next`.
   * @param elapsedMs where checkpoints are wanted: time spent on iterations. The network is kept then as it is now, and comes
   * with the result if that is the best so far.
   */
  validate(elapsedMs?: number): Generator<undefined, ValidationResult> {
    const validator = this.#validator;
    if (validator === undefined) throw new RangeError('the run has no validation part');
    const interrupted = this.#interrupted;
    this.#interrupted = undefined;
    if (interrupted !== undefined) {
      this.#candidate = copyOf(interrupted.network);
      return this.#validated(validator.goOn(interrupted), interrupted.network.iteration, validator.characters);
    }
    this.#lastValidationAt = this.#iterations;
    if (elapsedMs !== undefined) this.#candidate = this.#networkState(elapsedMs);
    const measuring = validator.measure(this.kernels.parameters);
    return this.#validated(measuring, this.#iterations, validator.characters);
  }

  *#validated(
    measuring: Generator<undefined, number>,
    iteration: number,
    characters: number,
  ): Generator<undefined, ValidationResult> {
    const lossNats = yield* measuring;
    const network = this.#candidate;
    this.#candidate = undefined;
    const isBest = Number.isFinite(lossNats) && (this.#best === null || lossNats < this.#best.lossNats);
    if (isBest) this.#best = { iteration, lossNats };
    const validation = { iteration, lossNats, characters };
    return { validation, ...(isBest && network && { best: this.#asCheckpoint(network) }) };
  }

  /**
   * Writes text, some of it at every call of `next`.
   * @throws {InputError} for a prompt that cannot be read, and where the network's outputs are not finite.
   */
  *write(options: SampleOptions): Generator<undefined, Sample> {
    const iteration = this.#iterations;
    const text = yield* this.#writer.write(options);
    return { iteration, ...text };
  }

  /** @throws {InputError} for a prompt that cannot be read, naming its characters that are not in the vocabulary. */
  checkPrompt(prompt: string): void {
    this.#writer.readPrompt(prompt);
  }

  #row(L: number, norms: GradientNorms, factor: number): Float64Array {
    const { network, shape } = this.kernels;
    const { reduction, learningRate } = this.settings;
    const lossNats = reduction === 'sum' ? L / (shape.T * shape.B) : L;
    const common = { lossNats, gradNorm: norms.total, clipFactor: factor, learningRate };
    return metricRowOf(network, common, norms.byParameter);
  }

  #ofFirstStream(ids: Int32Array): Int32Array<ArrayBuffer> {
    const { T, B } = this.kernels.shape;
    const own = new Int32Array(T);
    for (let t = 0; t < T; t++) own[t] = ids[t * B];
    return own;
  }
}
