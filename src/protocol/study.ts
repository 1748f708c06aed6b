import * as v from 'valibot';
import type { Capacity } from '../common/newest.ts';
import { OPTIMIZER_NAMES } from '../common/optimizers.ts';
import { CELL_NAMES } from '../network/cells.ts';
import { Layers } from './checkpoint.ts';

/**
 * What goes to the study thread and what it answers: it looks into a network without holding up its training, recomputes a
 * captured window with the float64 reference, measures what the pictures show, and fits the baselines. What it can be asked for
 * is the table of `measures.ts`.
 */

export const Count = v.pipe(v.number(), v.integer(), v.minValue(0));
const Floats = v.instance(Float64Array);
const Ids = v.instance(Int32Array);

/** Names the window of one stream, and a time step of it. */
export const ofStream = { iteration: Count, stream: Count };
export const ofStep = { ...ofStream, t: Count };
/** The window of one stream and its place in the text. */
const streamWindow = {
  ...ofStream,
  /** Symbols of the text before the first one read. */
  position: Count,
  /** (T): ids read and asked for. */
  inputs: Ids,
  targets: Ids,
};

/** How the optimizer stands before the iteration's update, and with what it takes its step. */
const CapturedOptimizer = v.object({
  name: v.picklist(OPTIMIZER_NAMES),
  learningRate: v.number(),
  /** 0: gradients are not clipped. */
  clipNorm: v.number(),
  /** Steps taken. */
  step: Count,
  /** Its moments in the order of `MOMENT_NAMES`, each as `parameters` are; null where they are more than `MOST_MOMENT_BYTES`. */
  moments: v.nullable(v.instance(Float32Array)),
});

/** All that one iteration starts from: the reference computes the same numbers from it as the iteration itself. */
export const Capture = v.object({
  /** The iteration that reads this window, counted from 0; a run that is paused or over has not done it. */
  iteration: Count,
  shape: v.object({ V: Count, H: Count, T: Count, B: Count }),
  reduction: v.picklist(['mean', 'sum']),
  cell: v.picklist(CELL_NAMES),
  layers: Layers,
  /** Before the iteration's update: the parameters of the network one after another. */
  parameters: v.instance(Float32Array),
  /** The states of the network one after another, (B, H) each, as carried in. */
  states: v.instance(Float32Array),
  /** (T, B) */
  inputs: Ids,
  targets: Ids,
  /** (B): symbols of the text before the first one that each stream reads in this window. */
  positions: Floats,
  optimizer: CapturedOptimizer,
});
export type Capture = v.InferOutput<typeof Capture>;

/** Captures that the study thread keeps, the newest: the host counts along, and gives again what it asks about. */
export const CAPTURES_KEPT: Capacity = { most: 6, mostBytes: 256 * 2 ** 20 };

/** Beyond, as of Adam from a million parameters on, the moments of an optimizer stay out of captures, of which there are several at a time. */
export const MOST_MOMENT_BYTES = 8 * 2 ** 20;

export function captureBytes({ parameters, states, optimizer }: Capture): number {
  return parameters.byteLength + states.byteLength + (optimizer.moments?.byteLength ?? 0);
}

/** Ids of the text, for the baselines, and what each id is. */
export const Excerpt = v.object({
  tokens: v.picklist(['characters', 'bytes']),
  /** The code point or byte of each id. */
  codes: v.array(Count),
  /** The last symbols of the training part, which the validation part follows. */
  training: v.instance(Uint16Array),
  /** Symbols of the whole training part. */
  trainingCharacters: Count,
  /** Of the validation part, what validation measures; its first symbol is read, not measured. */
  validation: v.instance(Uint16Array),
});
export type Excerpt = v.InferOutput<typeof Excerpt>;

/** One stream of a captured window, unrolled: numbers of every time step. All of this one stream, before clipping. */
export const Tape = v.object({
  ...streamWindow,
  /** B */
  streams: Count,
  /** (T): ids given the highest probability. */
  predicted: Ids,
  /** (T): L(t), not divided by N, nats; and ŷ_c(t). */
  lossNats: Floats,
  targetProbability: Floats,
  /** (step quantities of the network, T): ‖∂P(t)‖_F of this stream's contribution to the gradient, then ‖∂q(t)‖ of each quantity. */
  stepNorm: Floats,
  /** (parameters, T): the cosine between ∂P(t) and Σ_t ∂P(t), both of this stream; 0 where one of them is 0. */
  stepCosine: Floats,
  /** (parameters): ‖Σ_t ∂P(t)‖_F of this stream. */
  totalNorm: Floats,
  /**
   * (states of the network, T): the norms of the two parts of a state's error: from the step's own error, and from the future, the message
   * of the time step after.
   */
  ownNorm: Floats,
  futureNorm: Floats,
  /** (states, T): ‖s(t)‖ of every state. */
  stateNorm: Floats,
  /**
   * (parts of the states, `stateParts` of `network/statePaths.ts`, T): the norm of the product, that of what its gate is put to, and the
   * mean of the gate over the hidden units; the latter two NaN where there is no gate.
   */
  partNorm: Floats,
  partOfNorm: Floats,
  gateMean: Floats,
});
export type Tape = v.InferOutput<typeof Tape>;

const Name = v.pipe(v.string(), v.maxLength(100));
const Vectors = v.record(Name, Floats);

/** Every quantity of one time step of one stream, from the float64 reference. */
export const StepDetail = v.object({
  ...ofStep,
  T: Count,
  /** N of MATH.md. */
  N: Count,
  input: Count,
  target: Count,
  /** L(t), not divided by N, nats. */
  lossNats: v.number(),
  /** Side A: every quantity of the network by its name, (H) or of the output (V), and the states that came in. */
  now: Vectors,
  before: Vectors,
  /** Side B: the error of every quantity, by the quantity's name. */
  errors: Vectors,
  /** (H): the two parts of a state's error, which add up to it: from this time step, and the message of the one after, 0 at t = T−1. */
  own: Vectors,
  future: Vectors,
  /** (H): what goes to each state of the time step before. */
  messages: Vectors,
  /**
   * (H): what each equation that reads a state sends back to it, by what the equation gives: the terms of `own`, of `future` and of the
   * state's message. At t = T−1 there are none of the future.
   */
  terms: v.record(Name, v.object({ own: Vectors, future: Vectors, message: Vectors })),
  /** The norm of what each step of the backward pass gives; of the loss the value L(t)/N itself. */
  stepNorm: Floats,
  /** The likeliest five (or V, if fewer), likeliest first. */
  topIds: Ids,
  topProbability: Floats,
});
export type StepDetail = v.InferOutput<typeof StepDetail>;

/**
 * A matrix that can be looked at: a weight as it was, by its name; its contribution at one time step of one stream, by `errorName`; or
 * a Jacobian of `network/jacobians.ts`.
 */
export const MatrixName = Name;
export type MatrixName = v.InferOutput<typeof MatrixName>;

export const Matrix = v.object({
  ...ofStep,
  name: MatrixName,
  rows: Count,
  columns: Count,
  /** (rows, columns) */
  values: Floats,
});
export type Matrix = v.InferOutput<typeof Matrix>;

/** Every number of a small window of one stream, by the names of the network; gradients of this stream alone, before clipping. */
export const Numbers = v.object({
  ...streamWindow,
  T: Count,
  /** N of MATH.md, of the whole batch. */
  N: Count,
  /** (T): L(t), not divided by N, nats. */
  lossNats: Floats,
  /** Before the update, and ∂P = Σ_t ∂P(t): each of the shape that the network gives it, row by row. */
  parameters: Vectors,
  gradients: Vectors,
  /** (H): each state as it comes in. */
  carriedIn: Vectors,
  /** (T, H) or of the output (T, V): each quantity, and its error. */
  quantities: Vectors,
  errors: Vectors,
  /** (T, H): what goes to each state of the time step before. */
  messages: Vectors,
});
export type Numbers = v.InferOutput<typeof Numbers>;

/** Where the lag profile falls under 1 % and 1/e of lag 0; null where it does not within the window, 0 where no error passes at all. */
const Horizon = v.object({ onePercent: v.nullable(Count), oneOverE: v.nullable(Count) });

/** The straight line through log(lag profile) over a range of lags. */
export const DecayFit = v.object({
  /** Change of the log in nats per step: negative decays. */
  ratePerStep: v.number(),
  /** The fitted value at lag 0. */
  atLag0: v.number(),
  /** The lags fitted, both included. */
  fromLag: Count,
  toLag: Count,
  /** The share of the variance of the logs that the line explains. */
  r2: v.number(),
});
export type DecayFit = v.InferOutput<typeof DecayFit>;

/** How far back the errors of one stream reach, measured at one state or at the pre-activations of a layer together. */
const Reach = v.object({
  /** (T, T): I[t][s] = ‖∂L(t)/∂h(s)‖₂, L(t) not divided by N; 0 where s > t. */
  influence: Floats,
  /** (T): the mean of the influence along each lag t − s. */
  lagProfile: Floats,
  horizon: Horizon,
  /** Null where fewer than three lags are above zero. */
  decay: v.nullable(DecayFit),
});
export type Reach = v.InferOutput<typeof Reach>;

/** What reaches a state by its direct path alone: the error of a step times what every step since has kept of the state. */
const DirectReach = v.object({
  /** (T, T): as the influence, of the direct path alone. */
  direct: Floats,
  /** (T): the means along each lag of that, and of the norm of all the rest, which came by other ways. */
  directProfile: Floats,
  othersProfile: Floats,
  /** The straight line through log(direct profile). */
  decay: v.nullable(DecayFit),
  /** (T): what is kept at each step, the mean over units; (H): of each unit, the geometric mean over time. */
  keptByStep: Floats,
  keptByUnit: Floats,
  /** (H): the share of each unit in the squares of all errors at their own step. */
  enteredByUnit: Floats,
});
export type DirectReach = v.InferOutput<typeof DirectReach>;

/** What a function of a layer gave, such as a gate, and how much of the error it lets pass. */
const Units = v.object({
  /** (T, H) */
  values: Floats,
  /** (T): the mean over hidden units of the slope, of tanh 1 − a(t)². */
  slope: Floats,
  /** (T): the share of hidden units that are saturated; those of ReLU, off. */
  saturation: Floats,
  /** (H): the share of time steps at which it is. */
  unitSaturation: Floats,
  /** Units that are saturated at every step of every stream of the window: they let hardly any error pass. */
  deadUnits: Ids,
});
export type Units = v.InferOutput<typeof Units>;

/**
 * What the iteration does with one element of one parameter: its gradient, summed and clipped, and the step of the optimizer. In
 * float64, from the numbers as they are before the update; `common/optimizerFormulas.ts` has the formulas between them.
 */
export const WeightUpdate = v.object({
  ...ofStream,
  parameter: Name,
  /** The element and the size of its parameter; of a bias there is one column. */
  row: Count,
  column: Count,
  rows: Count,
  columns: Count,
  /** N of MATH.md, by which the loss is divided, and the streams that the gradient is summed over. */
  N: Count,
  streams: Count,
  /** Of a weight of the input: whether any stream reads the character of its column in this window; of all others true. */
  isRead: v.boolean(),
  /** (T): the element of ∂P(t) of this one stream. */
  byStep: Floats,
  /** The element of ∂P: summed over all time steps and streams, before clipping. */
  gradient: v.number(),
  /** ‖∂‖ of all parameters together, before clipping; 0 for `clipNorm`: there is no clipping. */
  totalNorm: v.number(),
  clipNorm: v.number(),
  /** What every gradient is multiplied by; 1 where clipping does not act. */
  clipFactor: v.number(),
  /** The element as the optimizer gets it. */
  clipped: v.number(),
  optimizer: v.picklist(OPTIMIZER_NAMES),
  learningRate: v.number(),
  /** Which step of the optimizer this is, from 1. */
  step: Count,
  /** The optimizer's moments of the element, by the names of `MOMENT_NAMES`. */
  momentsBefore: v.record(Name, v.number()),
  momentsAfter: v.record(Name, v.number()),
  weightBefore: v.number(),
  /** `weightAfter` − `weightBefore`, without what that difference would lose. */
  change: v.number(),
  weightAfter: v.number(),
});
export type WeightUpdate = v.InferOutput<typeof WeightUpdate>;

/** How far back the errors of one stream reach, and where they are stopped. */
export const Memory = v.object({
  ...streamWindow,
  /** By the names of `network/reach.ts`: of every state, and of the pre-activations of every layer. */
  reaches: v.record(Name, Reach),
  /** Whose horizon is the longest, among those that `comparedReaches` names. */
  longestLived: Name,
  /** Of every state that is carried over by itself. */
  directPaths: v.record(Name, DirectReach),
  /** Of every quantity that a function gives. */
  units: v.record(Name, Units),
  /**
   * Of all states of all layers together: mean log growth, nats per step, of a vector pushed back through the window again and again,
   * the first time not counted; null where it vanishes or is not finite.
   */
  lyapunov: v.nullable(v.number()),
});
export type Memory = v.InferOutput<typeof Memory>;

/** Of a recurrent weight. */
export const Spectrum = v.object({
  iteration: Count,
  /** Of which; none of a network whose states go on without one, whose spectrum is empty and whose numbers are 0. */
  name: v.nullable(Name),
  /** (H, 2): real and imaginary parts, largest modulus first. */
  eigenvalues: Floats,
  /** (H): largest first. */
  singularValues: Floats,
  spectralRadius: v.number(),
  sigmaMax: v.number(),
});
export type Spectrum = v.InferOutput<typeof Spectrum>;

/** Cross entropy of simple models on the validation part, nats per symbol, to compare the network's loss with. */
export const Baselines = v.object({
  /** ln V */
  uniformNats: v.number(),
  /** Witten–Bell interpolated n-grams of order 1, 2, …: those that are done. */
  ngramNats: v.array(v.number()),
  /** How many there will be. */
  orders: Count,
  /** Symbols of the training part that they were fitted on, out of how many, and symbols that were measured. */
  fittedCharacters: Count,
  trainingCharacters: Count,
  measuredCharacters: Count,
  /** Of all the work, 0 … 1. */
  progress: v.number(),
});
export type Baselines = v.InferOutput<typeof Baselines>;

/** What the network as captured says about a piece of text, symbol by symbol in UTF-16 units of a document. */
export const CharacterScores = v.object({
  iteration: Count,
  /** (characters): the offset of each character in the text that was asked about, UTF-16 units. */
  offsets: Ids,
  /** (characters): −log of its probability given all before it; of a character of several bytes their sum. NaN: not known. */
  lossNats: v.instance(Float32Array),
  /** (characters, 5): the likeliest symbols in its place and their probability; −1 and 0 where there are fewer than five. */
  topIds: Ids,
  topProbability: v.instance(Float32Array),
});
export type CharacterScores = v.InferOutput<typeof CharacterScores>;
