import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { lyapunovExponent } from '../../../src/inspection/lyapunov.ts';
import { spectrum } from '../../../src/inspection/spectrum.ts';
import type { Kernels } from '../../../src/kernels/kernels.ts';
import { RandomStream } from '../../../src/common/random.ts';
import { finish } from '../../../src/common/work.ts';
import { addTransposedProducts } from '../../../src/model/rows.ts';
import { randomNetwork } from '../model/networks.ts';
import { tensorNamed, type Vector } from '../../../src/model/tensors.ts';
import { MANY_NETWORKS } from '../model/manyNetworks.ts';
import { assertClose } from '../model/vectors.ts';

const SHAPE = { V: 6, H: 5, T: 12, B: 2 };

/** The matrix of the way back from a(T−1) to a(−1): W_ahᵀ diag(1 − a(t)²) for t = T−1, then T−2, … */
function productOfJacobians({ activations, parameters: { W_ah } }: Kernels, stream: number): Float64Array {
  const { H, T, B } = SHAPE;
  let product = Float64Array.from({ length: H * H }, (_, at) => (at % (H + 1) === 0 ? 1 : 0));
  for (let t = T - 1; t >= 0; t--) {
    const next = new Float64Array(H * H);
    for (let i = 0; i < H; i++) {
      for (let j = 0; j < H; j++) {
        for (let k = 0; k < H; k++) {
          const a = tensorNamed<Vector>(activations, 'a')[((t + 1) * B + stream) * H + k];
          next[i * H + j] += W_ah[k * H + i] * (1 - a * a) * product[k * H + j];
        }
      }
    }
    product = next;
  }
  return product;
}

const NETWORKS = [
  'ReLU, one layer',
  'tanh, three layers',
  'LSTM, two layers',
  'GRU, three layers',
  'minGRU, two layers',
];

/** The derivative of the states after a window with respect to those before it, by central differences. */
function derivativeOfStates(kernels: Kernels): Float64Array {
  const { network, shape, activations } = kernels;
  const { H, T } = shape;
  const states = network.states.map((state) => tensorNamed<Vector>(activations, state));
  const n = states.length * H;
  const after = (): number[] => states.flatMap((state) => [...state.subarray(T * H)]);
  const derivative = new Float64Array(n * n);
  const step = 1e-6;
  for (let column = 0; column < n; column++) {
    const state = states[Math.floor(column / H)];
    const i = column % H;
    const value = state[i];
    const [above, below] = [value + step, value - step].map((changed) => {
      state[i] = changed;
      kernels.forward();
      return after();
    });
    state[i] = value;
    for (let row = 0; row < n; row++) derivative[row * n + column] = (above[row] - below[row]) / (2 * step);
  }
  kernels.forward();
  return derivative;
}

suite('the Lyapunov exponent', () => {
  for (const name of NETWORKS) {
    test(`is the growth by the derivative of all states, after the first window: ${name}`, () => {
      const network = MANY_NETWORKS[name];
      const T = 6;
      let compared = 0;
      for (let seed = 1; seed <= 4; seed++) {
        const kernels = randomNetwork('reference', { V: 5, H: 3, T, B: 1 }, 'mean', seed, network);
        const derivative = derivativeOfStates(kernels);
        // What the exponent starts with.
        const random = RandomStream.seeded(1, 'sampling');
        let v = Float64Array.from({ length: Math.sqrt(derivative.length) }, () => random.normal());
        const norms = [1, 2, 3, 4].map(() => {
          const back = new Float64Array(v.length);
          addTransposedProducts(derivative, v, 1, back);
          v = back;
          return Math.hypot(...v);
        });
        const exponent = finish(lyapunovExponent(kernels, kernels.parameters, 0));
        // ReLU may let nothing pass.
        if (norms[3] === 0) assert.equal(exponent, undefined);
        else {
          assertClose([exponent ?? NaN], [Math.log(norms[3] / norms[0]) / (3 * T)], 1e-5, `seed ${seed}`, 1e-5);
          compared++;
        }
      }
      assert.ok(compared >= 1, 'one was compared');
    });
  }

  test('is ln ρ of the product of the Jacobians of the stream, by time step', () => {
    const network = randomNetwork('reference', SHAPE, 'mean', 3);
    const { W_ah } = network.parameters;
    // The product of positive matrices has one largest eigenvalue, which is real (Perron).
    W_ah.forEach((weight, at) => (W_ah[at] = Math.abs(weight)));
    network.forward();
    const exponents = [0, 1].map((stream) => {
      const { spectralRadius } = finish(spectrum(productOfJacobians(network, stream), SHAPE.H, 'the product'));
      const expected = Math.log(spectralRadius) / SHAPE.T;
      const exponent = finish(lyapunovExponent(network, network.parameters, stream)) ?? NaN;
      assertClose([exponent], [expected], 1e-4, `stream ${stream}`);
      return exponent;
    });
    assert.ok(Math.abs(exponents[0] - exponents[1]) > 1e-3, 'the streams are told apart');
  });

  test('is none where a state is not a number, and where no error passes', () => {
    const network = randomNetwork('reference', SHAPE, 'mean', 3);
    network.forward();
    tensorNamed<Vector>(network.activations, 'a')[SHAPE.B * SHAPE.H] = NaN;
    assert.equal(finish(lyapunovExponent(network, network.parameters, 0)), undefined);
    tensorNamed<Vector>(network.activations, 'a').fill(1);
    assert.equal(finish(lyapunovExponent(network, network.parameters, 0)), undefined);
  });
});
