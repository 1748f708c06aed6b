import type { StepDetail, Tape } from '../../../src/protocol/study.ts';
import { flatten, passVector, type Nested } from '../model/vectors.ts';
import { PARAMETER_NAMES, STEP_QUANTITIES } from '../../tanh.ts';

/** A tape and the details of its steps from the numbers that PyTorch computed for a pass of one stream. */

const VECTOR = passVector('rnn-v7-h5-t6-b1-sum');
export const { V, H, T, params, expected } = VECTOR;
const { forward, backward, stepNorm, stepCosine, gradNorm } = expected;

/** The part of a tensor over time that belongs to step t. */
function at(tensor: Nested, t: number): Float64Array<ArrayBuffer> {
  return Float64Array.from(flatten((tensor as readonly Nested[])[t]));
}

export function normOf(values: ArrayLike<number>): number {
  return Math.hypot(...Array.from(values));
}

/** W_aoᵀ ∂o(t): the part of ∂a(t) that is the step's own. */
function ownError(t: number): Float64Array<ArrayBuffer> {
  const W_ao = flatten(params.W_ao);
  const dO = at(backward.do, t);
  return Float64Array.from({ length: H }, (_, j) => dO.reduce((sum, value, k) => sum + W_ao[k * H + j] * value, 0));
}

/** What PyTorch's ∂a(t) has beyond the step's own error: W_ahᵀ ∂h(t+1). */
function futureError(t: number): Float64Array<ArrayBuffer> {
  const own = ownError(t);
  return at(backward.da, t).map((value, i) => (t === T - 1 ? 0 : value - own[i]));
}

/** Every number of a time step, as the study thread answers. */
export function detailOf(t: number): StepDetail {
  const a = at(forward.a, t);
  const yhat = at(forward.yhat, t);
  const message = t === 0 ? Float64Array.from(flatten(backward.da0)) : futureError(t - 1);
  const likeliest = Array.from(yhat.keys()).sort((i, j) => yhat[j] - yhat[i]);
  const [dyhat, dO, da, dh] = (['dyhat', 'do', 'da', 'dh'] as const).map((name) => at(backward[name], t));
  const target = VECTOR.targets[0][t];
  return {
    iteration: 12,
    stream: 0,
    t,
    T,
    N: 1,
    input: VECTOR.inputs[0][t],
    target,
    lossNats: expected.stepLoss[t],
    now: { h: at(forward.h, t), a, o: at(forward.o, t), yhat },
    before: { a: t === 0 ? Float64Array.from(flatten(VECTOR.a0)) : at(forward.a, t - 1) },
    errors: { h: dh, a: da, o: dO, yhat: dyhat },
    own: { a: ownError(t) },
    future: { a: futureError(t) },
    messages: { a: message },
    terms: {
      a: { own: { o: ownError(t) }, future: t === T - 1 ? {} : { h: futureError(t) }, message: { h: message } },
    },
    stepNorm: Float64Array.of(
      expected.stepLoss[t],
      normOf(dyhat),
      normOf(dO),
      stepNorm.b_o[t],
      stepNorm.W_ao[t],
      normOf(da),
      normOf(dh),
      stepNorm.b_h[t],
      stepNorm.W_xh[t],
      stepNorm.W_ah[t],
      normOf(message),
    ),
    topIds: Int32Array.from(likeliest.slice(0, 5)),
    topProbability: Float64Array.from(likeliest.slice(0, 5), (id) => yhat[id]),
  };
}

export function tapeOf(): Tape {
  const details = Array.from({ length: T }, (_, t) => detailOf(t));
  return {
    iteration: 12,
    stream: 0,
    streams: 1,
    position: 40,
    inputs: Int32Array.from(VECTOR.inputs[0]),
    targets: Int32Array.from(VECTOR.targets[0]),
    predicted: Int32Array.from(details, ({ topIds }) => topIds[0]),
    lossNats: Float64Array.from(expected.stepLoss),
    targetProbability: Float64Array.from(details, ({ now: { yhat }, target }) => yhat[target]),
    stepNorm: Float64Array.from(
      STEP_QUANTITIES.flatMap((name) =>
        name === 'dh' || name === 'da'
          ? details.map(({ errors }) => normOf(errors[name.slice(1)]))
          : [...stepNorm[name]],
      ),
    ),
    stepCosine: Float64Array.from(PARAMETER_NAMES.flatMap((name) => [...stepCosine[name]])),
    totalNorm: Float64Array.from(PARAMETER_NAMES, (name) => gradNorm[name]),
    ownNorm: Float64Array.from(details, ({ own }) => normOf(own.a)),
    futureNorm: Float64Array.from(details, ({ future }) => normOf(future.a)),
    stateNorm: Float64Array.from(details, ({ now }) => normOf(now.a)),
    partNorm: new Float64Array(0),
    partOfNorm: new Float64Array(0),
    gateMean: new Float64Array(0),
  };
}
