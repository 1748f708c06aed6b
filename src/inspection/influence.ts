import { readersOf, type Network } from '../network/network.ts';
import { preActivationsName } from '../network/reach.ts';
import { errorOfLogits } from '../model/output.ts';
import { finish, type Work } from '../common/work.ts';
import { addProduct } from '../model/products.ts';
import { addTransposedProducts } from '../model/rows.ts';
import { sumOfSquares } from '../model/norms.ts';
import type { Parameters, Pass } from '../model/tensors.ts';
import { costOf, PulledRows, transposedWeights } from './pulledRows.ts';

/**
 * How strongly the error of one time step reaches what lies before it, for one stream: (T, T) each, [t][s] with L(t) not divided by
 * N, and 0 where s > t. Of each state by its name ‖∂L(t)/∂a(s)‖₂, and of each layer's pre-activations together `h`, `h.2`, …
 */
export type Influence = Readonly<Record<string, Float64Array<ArrayBuffer>>>;

/**
 * Errors smaller than this are 0 from there on: their squares, and soon they themselves, would fall below the smallest normal
 * number, and processors compute with such numbers a hundred times more slowly.
 */
const VANISHED = 1e-150;

/** The errors of time steps t from `start` on, up to `end`, at a step s before them. */
export interface ErrorRows {
  readonly s: number;
  readonly start: number;
  readonly end: number;
  /** (end − start, H): ∂L(t)/∂q(s) of every quantity of the layers, until the next ones come. */
  readonly errors: Readonly<Record<string, Float64Array>>;
}

/** Errors that go back together: so many that a piece of work is short, and enough for the tiles of the product. */
const ROWS_AT_ONCE = 32;

/** `influencePieces`, all of them. */
export function influence(pass: Pass, parameters: Parameters, stream: number): Influence {
  return finish(influencePieces(pass, parameters, stream));
}

/**
 * The influence matrices of MATH.md for one stream, from side A of a pass and the parameters that it ran with: for one layer of the
 * tanh cell T²H²/2 multiplications, in pieces. The errors of all t ≥ s go back through the step s together, as if they were the
 * streams of a batch, because a product of two matrices is several times as fast as as many of a matrix and a vector.
 * @param watch sees the errors as they go by.
 */
export function* influencePieces(
  pass: Pass,
  parameters: Parameters,
  stream: number,
  watch?: (rows: ErrorRows) => void,
): Work<Influence> {
  const { network, shape } = pass;
  const { H, T } = shape;
  const measured = measuredOf(network);
  const matrices = Object.fromEntries(measured.map(({ name }) => [name, new Float64Array(T * T)] as const));
  const weights = transposedWeights(network, parameters, H);
  const cost = costOf(weights, H);
  const pulled = new PulledRows(pass, stream, ROWS_AT_ONCE);
  // Row t: what L(t) sends to each state of step s; at first, to what the highest layer gives, for s = t.
  const messages: Record<string, Float64Array> = {};
  for (const state of network.states) messages[state] = new Float64Array(T * H);
  messages[network.output[0].affine[0][1]] = yield* errorsAtTheirOwnStep(pass, parameters, stream);
  for (let s = T - 1; s >= 0; s--) {
    pulled.take(s);
    for (let start = s; start < T; start += ROWS_AT_ONCE) {
      const end = Math.min(T, start + ROWS_AT_ONCE);
      const ofRows: Record<string, Float64Array> = {};
      for (const state of network.states) ofRows[state] = messages[state].subarray(start * H, end * H);
      const errors = pulled.pull((weight, u, _rows, into) => addProduct(u, weights[weight], H, into), ofRows);
      watch?.({ s, start, end, errors });
      for (let row = 0; row < end - start; row++) {
        let hasVanished = true;
        for (const { name, quantities, isCarried } of measured) {
          const norm = normOfRow(errors, quantities, row, H);
          matrices[name][(start + row) * T + s] = norm;
          if (isCarried && !(norm < VANISHED)) hasVanished = false;
        }
        if (hasVanished) for (const state of network.states) ofRows[state].fill(0, row * H, (row + 1) * H);
      }
      yield (end - start) * cost;
    }
  }
  return matrices;
}

/** Of all the quantities together. */
function normOfRow(
  errors: Readonly<Record<string, Float64Array>>,
  quantities: readonly string[],
  row: number,
  H: number,
): number {
  let squares = 0;
  for (const quantity of quantities) squares += sumOfSquares(errors[quantity], row * H, (row + 1) * H);
  return Math.sqrt(squares);
}

/** What an influence matrix is of. */
interface Measured {
  readonly name: string;
  readonly quantities: readonly string[];
  /** Whether errors go to the time step before from here: where they have vanished in all of these, they have for good. */
  readonly isCarried: boolean;
}

function measuredOf(network: Network): Measured[] {
  const ofStates = network.states.map((state): Measured => ({
    name: state,
    quantities: [state],
    isCarried: readersOf(network, state).next.some((equation) => !('affine' in equation)),
  }));
  const ofLayers = Array.from({ length: network.layers }, (_, index): Measured => ({
    name: preActivationsName(index + 1),
    quantities: preActivations(network, index + 1),
    isCarried: true,
  }));
  return [...ofLayers, ...ofStates];
}

/**
 * What a layer adds up of its weights' products: what a function is applied to, except states; and an affine quantity that no
 * function is applied to, unless a sum that one is applied to reads it.
 */
function preActivations(network: Network, layer: number): string[] {
  const ofLayer = network.quantities.filter((quantity) => quantity.layer === layer).map(({ name }) => name);
  const equations = network.layerEquations.filter(({ gives }) => ofLayer.includes(gives));
  const isAppliedTo = (name: string): boolean =>
    !network.states.includes(name) && equations.some((equation) => 'apply' in equation && equation.to === name);
  return equations
    .filter((equation) => {
      const { gives } = equation;
      if (isAppliedTo(gives) || !('affine' in equation)) return isAppliedTo(gives);
      return !readersOf(network, gives).now.some((reader) => 'sum' in reader && isAppliedTo(reader.gives));
    })
    .map(({ gives }) => gives);
}

/** (T, H): ∂L(t)/∂a(t) = Wᵀ (ŷ(t) − y(t)), W the output's weights, of one stream, L(t) not divided by N. */
function* errorsAtTheirOwnStep(pass: Pass, parameters: Parameters, stream: number): Work<Float64Array> {
  const { V, H, T, B } = pass.shape;
  const [[outputWeight]] = pass.network.output[0].affine;
  const dO = new Float64Array(V);
  const da = new Float64Array(T * H);
  for (let t = 0; t < T; t++) {
    const row = t * B + stream;
    const yhat = pass.activations.yhat.subarray(row * V, (row + 1) * V);
    errorOfLogits(yhat, pass.window.targets.subarray(row, row + 1), 1, dO);
    addTransposedProducts(parameters[outputWeight], dO, 1, da.subarray(t * H, (t + 1) * H));
    yield V * H;
  }
  return da;
}

/** (T): the mean of an influence matrix (T, T) along each lag t − s. */
export function lagProfile(matrix: Float64Array): Float64Array<ArrayBuffer> {
  const T = Math.sqrt(matrix.length);
  const profile = new Float64Array(T);
  for (let lag = 0; lag < T; lag++) {
    for (let t = lag; t < T; t++) profile[lag] += matrix[t * T + t - lag] / (T - lag);
  }
  return profile;
}

/** The shares of lag 0 at which the memory horizon is given. */
export const HORIZON_SHARES = { onePercent: 0.01, oneOverE: 1 / Math.E } as const;

/**
 * The first lag at which a lag profile is under a share of its value at lag 0; undefined where it never is within the window, and 0
 * where no error reaches a state at all.
 */
export function memoryHorizon(profile: Float64Array, share: number): number | undefined {
  if (profile[0] === 0) return 0;
  const lag = profile.findIndex((mean) => mean < share * profile[0]);
  return lag === -1 ? undefined : lag;
}

/** What of a lag profile says how long an error lasts. */
interface Lasting {
  readonly lagProfile: Float64Array;
  readonly horizon: { readonly onePercent: number | null; readonly oneOverE: number | null };
}

/**
 * Which of several horizons is the longest, the first of equals: by the lag at 1 %, then by that at 1/e, where none is longer than
 * any; then by the share that is left at the longest lag.
 */
export function longestLived(names: readonly string[], reaches: Readonly<Record<string, Lasting>>): string {
  const order = ({ horizon: { onePercent, oneOverE }, lagProfile: profile }: Lasting): readonly number[] => [
    onePercent ?? Infinity,
    oneOverE ?? Infinity,
    profile[0] > 0 ? profile[profile.length - 1] / profile[0] : 0,
  ];
  return names.reduce((longest, name) => (isLonger(order(reaches[name]), order(reaches[longest])) ? name : longest));
}

function isLonger(one: readonly number[], other: readonly number[]): boolean {
  const at = one.findIndex((value, index) => value !== other[index]);
  return at !== -1 && one[at] > other[at];
}
