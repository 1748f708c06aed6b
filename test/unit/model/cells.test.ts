import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { loadKernels } from '../kernels/built.ts';
import { errorName, nameInLayer, shapeOf } from '../../../src/network/network.ts';
import { contributionsAt } from './contributions.ts';
import { clipFactor } from '../../../src/model/clipping.ts';
import { messageName, type ReferencePass } from '../../../src/model/tensors.ts';
import {
  assertClose,
  CELL_PASSES,
  CELL_TRAJECTORIES,
  cellVector,
  cellVectorFiles,
  flatten,
  kernelsOfCell,
  replay,
  trajectoryVector,
} from './vectors.ts';

/** Both sides of any network, from its description alone, against PyTorch. */

function agreesWithAutograd(name: string): void {
  const vector = cellVector(name);
  const { expected, T, B, H } = vector;
  const kernels = kernelsOfCell(loadKernels('reference'), vector);
  const { network, activations, deltas, gradients, shape } = kernels as typeof kernels & ReferencePass;
  assertClose([kernels.forward()], [expected.loss], 1e-9, 'loss');
  kernels.backward();
  assertClose(activations.stepLoss, expected.stepLoss, 1e-9, 'stepLoss');
  for (const { name: quantity } of network.quantities) {
    // Slot 0 of a state is what is carried in.
    const values = network.states.includes(quantity) ? activations[quantity].subarray(B * H) : activations[quantity];
    assertClose(values, flatten(expected.forward[quantity]), 1e-9, quantity);
    const error = errorName(quantity);
    assertClose(deltas[error], flatten(expected.backward[error]), 1e-9, error, 1e-14);
  }
  for (const state of network.states) {
    const [plain, layer = '1'] = state.split('.');
    const carried = nameInLayer(`d${plain}0`, Number(layer));
    const message = deltas[messageName(state)].subarray(0, B * H);
    assertClose(message, flatten(expected.backward[carried]), 1e-9, carried, 1e-14);
  }
  const contributions = Array.from({ length: T }, (_, t) =>
    contributionsAt(kernels as typeof kernels & ReferencePass, t),
  );
  for (const parameter of network.parameters) {
    const { name: of } = parameter;
    assert.equal(
      gradients[of].length,
      shapeOf(parameter, shape).reduce((a, b) => a * b),
    );
    assertClose(gradients[of], flatten(expected.grad[of]), 1e-9, `∂${of}`, 1e-14);
    const norms = contributions.map((ofStep) => Math.hypot(...ofStep[of]));
    assertClose(norms, expected.stepNorm[of], 1e-9, `‖∂${of}(t)‖`);
  }
  const { byParameter } = kernels.gradientNorms();
  assert.deepEqual(Object.keys(byParameter), [...network.parameterNames]);
  for (const [of, norm] of Object.entries(byParameter)) assertClose([norm], [expected.gradNorm[of]], 1e-9, `‖∂${of}‖`);
}

suite('any network, by the kinds of its equations', () => {
  test('is compared with every file of PyTorch’s numbers', () => {
    assert.deepEqual(cellVectorFiles().sort(), [...CELL_PASSES, ...CELL_TRAJECTORIES].sort());
  });

  for (const name of CELL_PASSES) {
    test(`agrees with PyTorch to 1e-9: ${name}`, () => agreesWithAutograd(name));
  }

  for (const name of CELL_TRAJECTORIES) {
    test(`has the losses of PyTorch, to 1e-9: ${name}`, () => {
      const vector = trajectoryVector(`cells/${name}`);
      const run = replay('reference', vector, clipFactor);
      assertClose(run.loss, vector.expected.loss, 1e-9, 'loss');
      assertClose(run.gradNorm, vector.expected.gradNorm, 1e-9, 'gradNorm');
      assert.deepEqual(run.stateResetAt, vector.expected.stateResetAt);
    });
  }
});
