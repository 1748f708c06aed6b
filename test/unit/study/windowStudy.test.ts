import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as v from 'valibot';
import { contributionsAt } from '../model/contributions.ts';
import { finish } from '../../../src/common/work.ts';
import { errorName } from '../../../src/network/network.ts';
import { messageName, type ReferencePass, tensorNamed, type Vector } from '../../../src/model/tensors.ts';
import { StepDetail, Matrix, Memory, Spectrum, Tape, type MatrixName } from '../../../src/protocol/study.ts';
import { randomNetwork } from '../model/networks.ts';
import { loadKernels } from '../kernels/built.ts';
import { lagProfile, memoryHorizon } from '../../../src/inspection/influence.ts';
import {
  assertClose,
  cellVector,
  flatten,
  kernelsOfCell,
  kernelsOfPass,
  passVector,
  type Nested,
} from '../model/vectors.ts';
import { captureOf, windowStudyOf, positionOf } from './windowStudyCaptures.ts';
import { PARAMETER_NAMES, STEP_QUANTITIES } from '../../tanh.ts';

/** The vectors' parameters are rounded to float32 in a capture; those of random networks are float32 to begin with. */
const ROUNDED = 1e-5;
const TOLERANCE = 1e-9;

const SHAPE = { V: 9, H: 6, T: 5, B: 3 };
const network = randomNetwork('reference', SHAPE, 'mean', 7);
const windowStudy = windowStudyOf(captureOf(network, 40));
/** The same window alone, where it is the whole batch: its N is 1, so that its gradients are those of the batch times N. */
const N = SHAPE.T * SHAPE.B;
const stream = 2;
const alone = aloneOf(stream);

function aloneOf(b: number): ReferencePass {
  const { V, H, T, B } = SHAPE;
  const kernels = randomNetwork('reference', { V, H, T, B: 1 }, 'sum', 7);
  for (let t = 0; t < T; t++) {
    kernels.window.inputs[t] = network.window.inputs[t * B + b];
    kernels.window.targets[t] = network.window.targets[t * B + b];
  }
  tensorNamed<Vector>(kernels.activations, 'a').set(
    tensorNamed<Vector>(network.activations, 'a').subarray(b * H, (b + 1) * H),
  );
  kernels.forward();
  kernels.backward();
  return kernels as unknown as ReferencePass;
}

function tapeOf(b = stream): Tape {
  return v.parse(Tape, finish(windowStudy.tape({ iteration: 40, stream: b })));
}

function detailOf(t: number): StepDetail {
  return v.parse(StepDetail, finish(windowStudy.stepDetail({ iteration: 40, stream, t })));
}

function matrixOf(name: MatrixName, t = 1): Matrix {
  return v.parse(Matrix, finish(windowStudy.matrix({ iteration: 40, stream, t, name })));
}

function row(tensor: Float64Array, t: number, width: number): Float64Array {
  return tensor.subarray(t * width, (t + 1) * width);
}

suite('the tape', () => {
  test('has the numbers of autograd', () => {
    const vector = passVector('rnn-v7-h5-t6-b1-sum');
    const { V, H, T, expected } = vector;
    const work = windowStudyOf(captureOf(kernelsOfPass('reference', vector), 3)).tape({
      iteration: 3,
      stream: 0,
    });
    const tape = finish(work);
    const rowOf = (of: Float64Array, index: number) => row(of, index, T);
    PARAMETER_NAMES.forEach((name, p) => {
      assertClose(rowOf(tape.stepNorm, p), expected.stepNorm[name], ROUNDED, `‖∂${name}(t)‖`);
      assertClose(rowOf(tape.stepCosine, p), expected.stepCosine[name], ROUNDED, `cosine of ${name}`, 1e-6);
      assertClose([tape.totalNorm[p]], [expected.gradNorm[name]], ROUNDED, `‖∂${name}‖`);
    });
    const da = flatten(expected.backward.da);
    const dO = flatten(expected.backward.do);
    const W_ao = flatten(vector.params.W_ao);
    for (let t = 0; t < T; t++) {
      const own = Array.from({ length: H }, (_, i) => {
        let sum = 0;
        for (let k = 0; k < V; k++) sum += W_ao[k * H + i] * dO[t * V + k];
        return sum;
      });
      const future = own.map((part, i) => da[t * H + i] - part);
      const norms = [tape.ownNorm[t], tape.futureNorm[t], row(tape.stepNorm, STEP_QUANTITIES.indexOf('da'), T)[t]];
      const whole = Math.hypot(...da.slice(t * H, (t + 1) * H));
      assertClose(norms, [Math.hypot(...own), Math.hypot(...future), whole], ROUNDED, `parts of ∂a(${t})`, 1e-9);
    }
    assert.equal(tape.futureNorm[T - 1], 0);
    assertClose(tape.lossNats, expected.stepLoss, ROUNDED, 'L(t)');
    const probability = expected.stepLoss.map((loss) => Math.exp(-loss));
    assertClose(tape.targetProbability, probability, ROUNDED, 'ŷ_c(t)');
    const yhat = expected.forward.yhat as readonly Nested[];
    const predicted = yhat.map((step) => flatten(step).indexOf(Math.max(...flatten(step))));
    assert.deepEqual([...tape.predicted], predicted);
  });

  test('is of one stream, with losses not divided by N and the norms of its contribution to the gradient', () => {
    const { T, B } = SHAPE;
    const tape = tapeOf();
    assert.deepEqual([tape.iteration, tape.stream, tape.streams, tape.position], [40, stream, B, positionOf(stream)]);
    assert.deepEqual([...tape.inputs], [...alone.window.inputs]);
    assert.deepEqual([...tape.targets], [...alone.window.targets]);
    assertClose(tape.lossNats, alone.activations.stepLoss, TOLERANCE, 'L(t)');
    PARAMETER_NAMES.forEach((name, p) => {
      const norms = Array.from({ length: T }, (_, t) => Math.hypot(...contributionsAt(alone, t)[name]) / N);
      assertClose(row(tape.stepNorm, p, T), norms, TOLERANCE, `‖∂${name}(t)‖`, 1e-12);
      assertClose([tape.totalNorm[p]], [Math.hypot(...alone.gradients[name]) / N], TOLERANCE, `‖∂${name}‖`);
    });
  });
});

suite('the detail of a step', () => {
  test('has every quantity of its time step, of which the parts of ∂a(t) add up', () => {
    const { V, H, T } = SHAPE;
    const { activations, deltas } = alone;
    for (let t = 0; t < T; t++) {
      const detail = detailOf(t);
      assert.deepEqual([detail.t, detail.T, detail.N, detail.stream], [t, T, N, stream]);
      assert.deepEqual([detail.input, detail.target], [alone.window.inputs[t], alone.window.targets[t]]);
      const equal = (actual: Float64Array, expected: Float64Array, of: string) =>
        assertClose(actual, expected, TOLERANCE, `${of}(${t})`);
      equal(detail.before.a, row(activations.a, t, H), 'a⁻');
      equal(detail.now.a, row(activations.a, t + 1, H), 'a');
      equal(detail.now.h, row(activations.h, t, H), 'h');
      equal(detail.now.o, row(activations.o, t, V), 'o');
      equal(detail.now.yhat, row(activations.yhat, t, V), 'yhat');
      for (const [name, error] of Object.entries({ ...detail.errors, message: detail.messages.a })) {
        const width = name === 'yhat' || name === 'o' ? V : H;
        const whole = deltas[name === 'message' ? messageName('a') : errorName(name)];
        equal(
          error,
          row(whole, t, width).map((value) => value / N),
          `∂${name}`,
        );
      }
      assertClose([detail.lossNats], [activations.stepLoss[t]], TOLERANCE, `L(${t})`);
      assert.deepEqual(
        detail.own.a.map((own, i) => own + detail.future.a[i]),
        detail.errors.a,
      );
      assert.deepEqual(detail.future.a, t === T - 1 ? new Float64Array(H) : detailOf(t + 1).messages.a);
    }
  });

  test('has the norm of what each of the eleven steps gives', () => {
    for (const t of [0, 3]) {
      const detail = detailOf(t);
      const given = contributionsAt(alone, t);
      const norm = (of: ArrayLike<number>) => Math.hypot(...Array.from(of));
      const contribution = (name: (typeof PARAMETER_NAMES)[number]) => norm(given[name]) / N;
      const expected = [
        alone.activations.stepLoss[t] / N,
        norm(detail.errors.yhat),
        norm(detail.errors.o),
        contribution('b_o'),
        contribution('W_ao'),
        norm(detail.errors.a),
        norm(detail.errors.h),
        contribution('b_h'),
        contribution('W_xh'),
        contribution('W_ah'),
        norm(detail.messages.a),
      ];
      assertClose(detail.stepNorm, expected, TOLERANCE, `norms of t = ${t}`);
    }
  });

  test('tells the likeliest five, likeliest first, or all where there are fewer', () => {
    const detail = detailOf(2);
    const order = [...detail.now.yhat.keys()].sort((i, j) => detail.now.yhat[j] - detail.now.yhat[i]);
    assert.deepEqual([...detail.topIds], order.slice(0, 5));
    assert.deepEqual(
      [...detail.topProbability],
      order.slice(0, 5).map((id) => detail.now.yhat[id]),
    );
    const few = windowStudyOf(captureOf(randomNetwork('reference', { V: 3, H: 2, T: 2, B: 1 }, 'mean', 1)));
    const { topIds } = finish(few.stepDetail({ iteration: 0, stream: 0, t: 0 }));
    assert.equal(topIds.length, 3);
  });
});

suite('a matrix', () => {
  const { V, H } = SHAPE;

  /** Mᵀ v */
  function transposedTimes({ rows, columns, values }: Matrix, of: Float64Array): number[] {
    return Array.from({ length: columns }, (_, j) => {
      let sum = 0;
      for (let i = 0; i < rows; i++) sum += values[i * columns + j] * of[i];
      return sum;
    });
  }

  test('is a parameter as it was, or what one time step contributes', () => {
    const sizes = { W_xh: [H, V], W_ah: [H, H], W_ao: [V, H] } as const;
    for (const name of ['W_xh', 'W_ah', 'W_ao'] as const) {
      const weights = matrixOf(name);
      assert.deepEqual([weights.rows, weights.columns], sizes[name]);
      assert.deepEqual(weights.values, Float64Array.from(network.parameters[name]));
      const given = matrixOf(`d${name}`, 3);
      assert.deepEqual([given.rows, given.columns], sizes[name]);
      const expected = contributionsAt(alone, 3)[name].map((value) => value / N);
      assertClose(given.values, expected, TOLERANCE, `∂${name}(3)`);
    }
  });

  test('the softmax Jacobian takes ∂ŷ(t) to ∂o(t)', () => {
    const { errors } = detailOf(1);
    assertClose(transposedTimes(matrixOf('softmaxJacobian'), errors.yhat), errors.o, 1e-9, '∂o(1)', 1e-15);
  });

  test('the Jacobian of the cell takes ∂a(t) to the message', () => {
    const jacobian = matrixOf('cellJacobian');
    const { errors, messages } = detailOf(1);
    const transposed = {
      ...jacobian,
      values: jacobian.values.map((_, at) => jacobian.values[(at % H) * H + Math.floor(at / H)]),
    };
    assertClose(transposedTimes(transposed, errors.a), messages.a, TOLERANCE, 'message');
  });
});

suite('memory', () => {
  test('has the influence of autograd, for the first stream of a batch', () => {
    const vector = passVector('rnn-v11-h8-t9-b3-mean');
    const asked = { iteration: 5, stream: 0 } as const;
    const memory = finish(windowStudyOf(captureOf(kernelsOfPass('reference', vector), 5)).memory(asked));
    assertClose(memory.reaches.h.influence, flatten(vector.expected.influence.h), ROUNDED, 'influence');
  });

  test('has the horizon of every state, of several', () => {
    const vector = cellVector('lstm-l2-v9-h6-t8-b2-sum');
    const kernels = kernelsOfCell(loadKernels('reference'), vector);
    const memory = v.parse(
      Memory,
      finish(windowStudyOf({ ...captureOf(kernels, 5), cell: 'lstm' }).memory({ iteration: 5, stream: 0 })),
    );
    const horizonOf = (state: string): number | null =>
      memoryHorizon(lagProfile(Float64Array.from(flatten(vector.expected.influence[state]))), 0.01) ?? null;
    for (const state of ['a', 'c', 'a.2', 'c.2']) {
      assert.equal(memory.reaches[state].horizon.onePercent, horizonOf(state), state);
    }
  });

  test('is of the stream that is asked about', () => {
    const { H, T } = SHAPE;
    const asked = { iteration: 40, stream } as const;
    const memory = v.parse(Memory, finish(windowStudy.memory(asked)));
    assert.deepEqual([memory.iteration, memory.stream, memory.position], [40, stream, positionOf(stream)]);
    assert.deepEqual([...memory.inputs], [...alone.window.inputs]);
    const a = alone.activations.a.subarray(H);
    const units = memory.units.a;
    assertClose(units.values, a, TOLERANCE, 'a');
    const factor = (t: number) => row(a, t, H).reduce((sum, value) => sum + (1 - value * value) / H, 0);
    assertClose(
      units.slope,
      Array.from({ length: T }, (_, t) => factor(t)),
      TOLERANCE,
      '1 − a²',
    );
    assert.equal(units.saturation.length, T);
    assert.equal(units.unitSaturation.length, H);
    assert.ok(memory.reaches.h.decay !== null && memory.lyapunov !== null);
    // The lag-0 error at the last step is ∂L/∂h(T−1), which nothing of the future changes.
    const ofLast = Math.hypot(...row(alone.deltas.dh, T - 1, H));
    assertClose([memory.reaches.h.influence[T * T - 1]], [ofLast], TOLERANCE, 'I[T−1][T−1]');
  });

  test('finds units that are dead in all streams, not in one', () => {
    const kernels = randomNetwork('reference', SHAPE, 'mean', 9);
    kernels.parameters.b_h[1] = 40;
    kernels.parameters.b_h[4] = 40;
    // Symbol 8 is read by stream 0 alone, and wakes unit 4.
    kernels.window.inputs.forEach((id, at) => (kernels.window.inputs[at] = id % 8));
    kernels.window.inputs[2 * SHAPE.B] = 8;
    kernels.parameters.W_xh[4 * SHAPE.V + 8] = -40;
    const ofCapture = windowStudyOf(captureOf(kernels));
    const memory = finish(ofCapture.memory({ iteration: 0, stream: 1 }));
    const { unitSaturation, deadUnits } = memory.units.a;
    assert.deepEqual([unitSaturation[1], unitSaturation[4]], [1, 1]);
    assert.deepEqual([...deadUnits], [1]);
  });

  test('has no exponent and no decay where no error passes', () => {
    const kernels = randomNetwork('reference', SHAPE, 'mean', 9);
    kernels.parameters.W_ah.fill(0);
    const ofCapture = windowStudyOf(captureOf(kernels));
    const memory = finish(ofCapture.memory({ iteration: 0, stream: 0 }));
    const { decay, horizon } = memory.reaches.h;
    assert.deepEqual([memory.lyapunov, decay, horizon], [null, null, { onePercent: 1, oneOverE: 1 }]);
  });
});

test('the spectrum is that of W_ah before the iteration', () => {
  const kernels = randomNetwork('reference', SHAPE, 'mean', 9);
  const { W_ah } = kernels.parameters;
  W_ah.forEach((_, at) => (W_ah[at] = at % (SHAPE.H + 1) === 0 ? at + 1 : 0));
  const asked = { iteration: 0 } as const;
  const spectrum = v.parse(Spectrum, finish(windowStudyOf(captureOf(kernels)).spectrum(asked)));
  const diagonal = [36, 29, 22, 15, 8, 1];
  assertClose(
    spectrum.eigenvalues,
    diagonal.flatMap((value) => [value, 0]),
    1e-14,
    'eigenvalues',
  );
  assertClose(spectrum.singularValues, diagonal, 1e-14, 'singular values');
  assert.deepEqual([spectrum.spectralRadius, spectrum.sigmaMax], [36, 36]);
});
