import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { lyapunovExponent } from '../../../src/inspection/lyapunov.ts';
import { spectrum } from '../../../src/inspection/spectrum.ts';
import type { Kernels } from '../../../src/kernels/kernels.ts';
import { finish } from '../../../src/common/work.ts';
import { randomNetwork } from '../model/networks.ts';
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
          const a = activations.a[((t + 1) * B + stream) * H + k];
          next[i * H + j] += W_ah[k * H + i] * (1 - a * a) * product[k * H + j];
        }
      }
    }
    product = next;
  }
  return product;
}

suite('the Lyapunov exponent', () => {
  test('is ln ρ of the product of the Jacobians of the stream, by time step', () => {
    const network = randomNetwork('reference', SHAPE, 'mean', 3);
    const { W_ah } = network.parameters;
    // The product of positive matrices has one largest eigenvalue, which is real (Perron).
    W_ah.forEach((weight, at) => (W_ah[at] = Math.abs(weight)));
    network.forward();
    const exponents = [0, 1].map((stream) => {
      const { spectralRadius } = finish(spectrum(productOfJacobians(network, stream), SHAPE.H, 'the product'));
      const expected = Math.log(spectralRadius) / SHAPE.T;
      const exponent = finish(lyapunovExponent(network, W_ah, stream)) ?? NaN;
      assertClose([exponent], [expected], 1e-4, `stream ${stream}`);
      return exponent;
    });
    assert.ok(Math.abs(exponents[0] - exponents[1]) > 1e-3, 'the streams are told apart');
  });

  test('is none where a state is not a number, and where no error passes', () => {
    const network = randomNetwork('reference', SHAPE, 'mean', 3);
    network.forward();
    network.activations.a[SHAPE.B * SHAPE.H] = NaN;
    assert.equal(finish(lyapunovExponent(network, network.parameters.W_ah, 0)), undefined);
    network.activations.a.fill(1);
    assert.equal(finish(lyapunovExponent(network, network.parameters.W_ah, 0)), undefined);
  });
});
