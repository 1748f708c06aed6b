import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { InputError } from '../../../src/common/inputError.ts';
import { finish } from '../../../src/common/work.ts';
import type { Kernels } from '../../../src/kernels/kernels.ts';
import { stepAt } from '../../../src/model/stepOfPass.ts';
import { passOfStream, type StreamPass } from '../../../src/model/streamPass.ts';
import type { ReferencePass } from '../../../src/model/tensors.ts';
import { jacobianName } from '../../../src/network/jacobians.ts';
import type { Network } from '../../../src/network/network.ts';
import { wayBackOf } from '../../../src/network/wayBack.ts';
import { matricesOf } from '../../../src/panel/views/tape/matrices.ts';
import { matrixNumbers } from '../../../src/study/windowStudyStep.ts';
import { MANY_NETWORKS } from '../model/manyNetworks.ts';
import { randomNetwork } from '../model/networks.ts';
import { assertClose } from '../model/vectors.ts';

const SHAPE = { V: 6, H: 5, T: 4, B: 1 };
const t = 1;

function passOf(network: Network): StreamPass {
  const batch = randomNetwork('reference', SHAPE, 'mean', 5, network) as Kernels<Float64Array> & ReferencePass;
  const { reduction, parameters, window } = batch;
  const states = Object.fromEntries(
    network.states.map((state) => [state, batch.activations[state].slice(0, SHAPE.H)] as const),
  );
  return finish(passOfStream({ network, shape: SHAPE, reduction, parameters, states, ...window }, 0));
}

suite('the matrices of any network', () => {
  for (const [name, network] of Object.entries(MANY_NETWORKS)) {
    const pass = passOf(network);

    test(`that the panel offers are those that the study has: ${name}`, () => {
      const length = { symbol: SHAPE.V, unit: SHAPE.H };
      for (const [matrix, description] of matricesOf(network)) {
        const { rows, columns, values } = matrixNumbers(pass, t, matrix);
        assert.deepEqual([rows, columns], [length[description.rows], length[description.columns]], matrix);
        assert.equal(values.length, rows * columns, matrix);
      }
    });

    test(`take the error of a layer to its message, where it goes by a single way: ${name}`, () => {
      const { errors } = stepAt(pass, t);
      for (let layer = 1; layer <= network.layers; layer++) {
        const way = wayBackOf(network, layer);
        if (way === undefined) {
          assert.throws(() => matrixNumbers(pass, t, jacobianName(layer)), InputError);
          continue;
        }
        const { values } = matrixNumbers(pass, t, jacobianName(layer));
        const error = errors.now[way.state];
        const product = Array.from(error, (_, i) => error.reduce((sum, e, j) => sum + values[i * SHAPE.H + j] * e, 0));
        assertClose(product, errors.messages[way.state], 1e-9, `layer ${layer}`, 1e-15);
      }
      assert.throws(() => matrixNumbers(pass, t, jacobianName(network.layers + 1)), /has no matrix/);
    });
  }
});
