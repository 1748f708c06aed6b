import { suite, test } from 'node:test';
import { measureTensors } from '../../../src/inspection/steps.ts';
import { measureStream } from '../../../src/inspection/streamSteps.ts';
import { finish } from '../../../src/common/work.ts';
import { passOfStream } from '../../../src/model/streamPass.ts';
import type { ReferencePass } from '../../../src/model/tensors.ts';
import { MANY_NETWORKS } from '../model/manyNetworks.ts';
import { randomNetwork } from '../model/networks.ts';
import { assertClose, flatten, kernelsOfPass, passVector } from '../model/vectors.ts';
import { NETWORK, PARAMETER_NAMES, STEP_QUANTITIES } from '../../tanh.ts';

const TOLERANCE = 1e-9;

/** What a network of the reference starts from. */
function passOf(network: ReferencePass, stream: number) {
  const { network: described, shape, reduction, parameters, window, activations } = network;
  const carriedIn = described.states.map((state) => [state, activations[state].slice(0, shape.B * shape.H)] as const);
  return finish(
    passOfStream(
      { network: described, shape, reduction, parameters, states: Object.fromEntries(carriedIn), ...window },
      stream,
    ),
  );
}

suite('step norms and cosines of one stream', () => {
  test('are those of autograd where it is the only one', () => {
    const vector = passVector('rnn-v7-h5-t6-b1-sum');
    const { expected, T } = vector;
    const pass = passOf(kernelsOfPass('reference', vector) as unknown as ReferencePass, 0);
    const { stepNorm, stepCosine, totalNorm } = finish(measureStream(pass));
    PARAMETER_NAMES.forEach((name, p) => {
      assertClose(stepNorm.subarray(p * T, (p + 1) * T), expected.stepNorm[name], TOLERANCE, `‖∂${name}(t)‖`);
      assertClose(stepCosine.subarray(p * T, (p + 1) * T), expected.stepCosine[name], TOLERANCE, `cosine of ${name}`);
      assertClose([totalNorm[p]], [expected.gradNorm[name]], TOLERANCE, `‖∂${name}‖`);
    });
    for (const quantity of ['dh', 'da'] as const) {
      const values = flatten(expected.backward[quantity]);
      const norms = Array.from({ length: T }, (_, t) => Math.hypot(...values.slice(t * vector.H, (t + 1) * vector.H)));
      const row = STEP_QUANTITIES.indexOf(quantity) * T;
      assertClose(stepNorm.subarray(row, row + T), norms, TOLERANCE, quantity);
    }
  });

  test('are those measured on its tensors, for each stream of a batch', () => {
    for (const described of [NETWORK, ...Object.values(MANY_NETWORKS)]) {
      const shape = { V: 7, H: 5, T: 6, B: 3 };
      const network = randomNetwork('reference', shape, 'mean', 4, described) as unknown as ReferencePass;
      for (let stream = 0; stream < 3; stream++) {
        const pass = passOf(network, stream);
        const { stepNorm, stepCosine } = finish(measureStream(pass));
        const expected = measureTensors(pass, { cosines: true });
        assertClose(stepNorm, expected.stepNorm, TOLERANCE, 'norms');
        assertClose(stepCosine, expected.stepCosine, TOLERANCE, 'cosines', 1e-12);
      }
    }
  });

  test('a contribution of 0 has norm 0 and cosine 0', () => {
    const network = randomNetwork('reference', { V: 4, H: 5, T: 3, B: 1 }, 'mean', 3) as unknown as ReferencePass;
    network.activations.a.fill(0); // With a(−1) = 0, ∂W_ah(0) = ∂h(0) a(−1)ᵀ is 0.
    const { stepNorm, stepCosine } = finish(measureStream(passOf(network, 0)));
    const first = PARAMETER_NAMES.indexOf('W_ah') * 3;
    assertClose([stepNorm[first], stepCosine[first]], [0, 0], 0, 'at t = 0', 0);
  });
});
