import { messageName, tensorNamed, type Vector } from '../../../src/model/tensors.ts';
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { contributionsAt } from './contributions.ts';
import { errorOfLogits, errorOfProbabilities } from '../../../src/model/output.ts';
import { createReferenceKernels } from '../../../src/kernels/reference.ts';
import { RandomStream } from '../../../src/common/random.ts';
import { assertClose, flatten, kernelsOfPass, LARGE_PASS, missing, passVector, SMALL_PASSES } from './vectors.ts';
import { randomNetwork } from './networks.ts';
import { NETWORK, PARAMETER_NAMES } from '../../tanh.ts';

const TOLERANCE = 1e-9;

function agreesWithAutograd(name: string): void {
  const vector = passVector(name);
  const { expected, B, H } = vector;
  const kernels = kernelsOfPass('reference', vector);
  const { activations, deltas, gradients } = kernels;
  assertClose([kernels.forward()], [expected.loss], TOLERANCE, 'loss');
  kernels.backward();
  assertClose(activations.stepLoss, expected.stepLoss, TOLERANCE, 'stepLoss');
  const tensors = {
    h: activations.h,
    a: tensorNamed<Vector>(activations, 'a').subarray(B * H),
    o: activations.o,
    yhat: activations.yhat,
    dyhat: deltas.dyhat,
    do: deltas.do,
    da: deltas.da,
    dh: deltas.dh,
    da0: deltas[messageName('a')]?.subarray(0, B * H),
  };
  for (const [quantity, values] of Object.entries({ ...expected.forward, ...expected.backward })) {
    const actual = tensors[quantity as keyof typeof tensors];
    assert.ok(actual !== undefined, `the reference leaves out ${quantity}`);
    assertClose(actual, flatten(values), TOLERANCE, quantity);
  }
  const norms = kernels.gradientNorms();
  for (const parameter of PARAMETER_NAMES) {
    assertClose(gradients[parameter], flatten(expected.grad[parameter]), TOLERANCE, `∂${parameter}`);
    assertClose([norms.byParameter[parameter]], [expected.gradNorm[parameter]], TOLERANCE, `‖∂${parameter}‖`);
  }
  assertClose([norms.total], [Math.hypot(...Object.values(expected.gradNorm))], TOLERANCE, 'total norm');
}

suite('the reference', () => {
  for (const name of SMALL_PASSES) {
    test(`agrees with autograd on every quantity of ${name}`, () => agreesWithAutograd(name));
  }
  test(`agrees with autograd on every quantity of ${LARGE_PASS}`, { skip: missing(LARGE_PASS) }, () =>
    agreesWithAutograd(LARGE_PASS),
  );

  test("sums each parameter's contributions over the time steps", () => {
    const pass = createReferenceKernels({
      network: NETWORK,
      shape: { V: 5, H: 4, T: 6, B: 3 },
      reduction: 'mean',
      optimizer: 'sgd',
    });
    const source = randomNetwork('reference', pass.shape, 'mean', 3);
    for (const name of PARAMETER_NAMES) pass.parameters[name].set(source.parameters[name]);
    pass.window.inputs.set(source.window.inputs);
    pass.window.targets.set(source.window.targets);
    pass.forward();
    pass.backward();
    for (const name of PARAMETER_NAMES) {
      const sum = new Float64Array(pass.gradients[name].length);
      for (let t = 0; t < pass.shape.T; t++) {
        contributionsAt(pass, t)[name].forEach((value, i) => (sum[i] += value));
      }
      assertClose(sum, pass.gradients[name], 1e-12, name);
    }
  });

  test('fills gradients anew at every call', () => {
    const kernels = randomNetwork('reference', { V: 4, H: 3, T: 5, B: 2 }, 'sum', 4);
    kernels.forward();
    kernels.backward();
    const first = kernels.gradients.W_ah.slice();
    kernels.backward();
    assert.deepEqual(kernels.gradients.W_ah, first);
  });
});

test('step 3 is step 2 through the softmax Jacobian', () => {
  const random = RandomStream.seeded(5, 'initialization');
  const V = 6;
  const B = 2;
  const N = 7;
  const y = Int32Array.of(4, 0);
  const yhat = new Float64Array(B * V);
  for (let b = 0; b < B; b++) {
    const row = yhat.subarray(b * V, (b + 1) * V).map(() => 0.1 + random.uniform());
    const total = row.reduce((sum, value) => sum + value, 0);
    yhat.set(
      row.map((value) => value / total),
      b * V,
    );
  }
  const dyhat = new Float64Array(B * V);
  const dO = new Float64Array(B * V);
  errorOfProbabilities(yhat, y, N, dyhat);
  errorOfLogits(yhat, y, N, dO);
  const literal = Float64Array.from(dO, (_, at) => {
    const b = Math.floor(at / V);
    let sum = 0;
    for (let i = b * V; i < (b + 1) * V; i++) sum += dyhat[i] * yhat[i] * ((i === at ? 1 : 0) - yhat[at]);
    return sum;
  });
  assertClose(dO, literal, 1e-12, '∂o');
});
