import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { CELLS } from '../../../src/network/cells.ts';
import type { Cell } from '../../../src/network/description.ts';
import { errorName, networkFrom, networkOf, shapeOf, type Network } from '../../../src/network/network.ts';
import { createReferenceKernels } from '../../../src/kernels/reference.ts';
import { backwardStep } from '../../../src/model/backward.ts';
import { clipFactor } from '../../../src/model/clipping.ts';
import { forwardStep } from '../../../src/model/forward.ts';
import { stepLoss } from '../../../src/model/output.ts';
import type { StepErrors, StepPass } from '../../../src/model/stepValues.ts';
import type { Parameters } from '../../../src/model/tensors.ts';
import { GRU, LSTM, MINGRU } from '../network/otherCells.ts';
import { assertClose, cellVector, flatten, replayOn, trajectoryVector, type CellVector } from './vectors.ts';

/** Both sides of any network, from its description alone, against PyTorch. */

type Tensors = Readonly<Record<string, Float64Array>>;

const VECTORS: readonly (readonly [name: string, cell: Cell])[] = [
  ['relu-l1-v11-h8-t9-b3-mean', CELLS.relu],
  ['tanh-l3-v9-h6-t8-b2-mean', CELLS.tanh],
  ['mingru-l1-v11-h8-t9-b3-mean', MINGRU],
  ['gru-l2-v9-h6-t8-b2-mean', GRU],
  ['lstm-l2-v9-h6-t8-b2-sum', LSTM],
];

function zeros(names: readonly string[], size: (name: string) => number): Tensors {
  return Object.fromEntries(names.map((name) => [name, new Float64Array(size(name))]));
}

/** All time steps of a window, forward and backward. */
function passOf(network: Network, vector: CellVector) {
  const { V, H, T, B, reduction } = vector;
  const N = reduction === 'mean' ? T * B : 1;
  const axisOf = new Map(network.quantities.map(({ name, axis }) => [name, axis === 'V' ? V : H]));
  const size = (name: string): number => B * (axisOf.get(name) ?? H);
  const parameters: Parameters<Float64Array> = Object.fromEntries(
    network.parameterNames.map((name) => [name, Float64Array.from(flatten(vector.params[name]))]),
  );
  const gradients = zeros(network.parameterNames, (name) => parameters[name].length);
  const names = network.quantities.map(({ name }) => name);
  let before: Tensors = Object.fromEntries(
    network.states.map((name) => [name, Float64Array.from(flatten(vector.states[name]))]),
  );
  const steps: StepPass[] = [];
  const losses: number[] = [];
  for (let t = 0; t < T; t++) {
    const ids = (of: CellVector['inputs']) => Int32Array.from(of, (stream) => stream[t]);
    const step: StepPass = {
      x: ids(vector.inputs),
      y: ids(vector.targets),
      now: zeros(names, size),
      before,
      errors: { now: zeros(names, size), messages: zeros(network.states, size) },
    };
    forwardStep(network, parameters, step);
    losses.push(stepLoss(step.now.o, step.y, N));
    before = step.now as Tensors;
    steps.push(step);
  }
  const contributions: Tensors[] = [];
  let ofNext: StepErrors['messages'] | undefined;
  for (const step of steps.toReversed()) {
    const ofStep = zeros(network.parameterNames, (name) => parameters[name].length);
    backwardStep(network, parameters, step, ofNext, N, ofStep);
    for (const name of network.parameterNames) ofStep[name].forEach((value, i) => (gradients[name][i] += value));
    contributions.unshift(ofStep);
    ofNext = step.errors.messages;
  }
  return { parameters, gradients, steps, losses, contributions };
}

suite('any network, by the kinds of its equations', () => {
  for (const [name, cell] of VECTORS) {
    test(`agrees with PyTorch to 1e-9: ${name}`, () => {
      const vector = cellVector(name);
      const network: Network = { cell: 'tanh', ...networkFrom(cell, vector.layers) };
      const { expected } = vector;
      const pass = passOf(network, vector);
      assertClose(pass.losses, expected.stepLoss, 1e-9, 'stepLoss');
      const overTime = (of: (step: StepPass) => ArrayLike<number>) =>
        pass.steps.flatMap((step) => Array.from(of(step)));
      for (const { name: quantity } of network.quantities) {
        const values = overTime(({ now }) => now[quantity]);
        assertClose(values, flatten(expected.forward[quantity]), 1e-9, quantity);
        const errors = overTime((step) => step.errors.now[quantity]);
        const error = errorName(quantity);
        assertClose(errors, flatten(expected.backward[error]), 1e-9, error, 1e-14);
      }
      for (const state of network.states) {
        const [plain, layer] = state.split('.');
        const carried = `d${plain}0${layer === undefined ? '' : `.${layer}`}`;
        assertClose(pass.steps[0].errors.messages[state], flatten(expected.backward[carried]), 1e-9, carried, 1e-14);
      }
      for (const parameter of network.parameters) {
        assert.equal(
          pass.parameters[parameter.name].length,
          shapeOf(parameter, vector).reduce((a, b) => a * b),
        );
        assertClose(
          pass.gradients[parameter.name],
          flatten(expected.grad[parameter.name]),
          1e-9,
          parameter.name,
          1e-14,
        );
        const norms = pass.contributions.map((of) => Math.hypot(...of[parameter.name]));
        assertClose(norms, expected.stepNorm[parameter.name], 1e-9, `‖∂${parameter.name}(t)‖`);
      }
    });
  }
});

test('a run with ReLU has the losses of PyTorch, to 1e-9', () => {
  const vector = trajectoryVector('cells/train-relu-l1-rmsprop-h16-t16-b2');
  const { V, H, T, B, optimizer, expected } = vector;
  const relu = networkOf({ cell: 'relu', layers: 1 });
  const kernels = createReferenceKernels({ V, H, T, B }, { reduction: 'mean', optimizer }, relu);
  const run = replayOn(kernels, vector, clipFactor);
  assertClose(run.loss, expected.loss, 1e-9, 'loss');
  assertClose(run.gradNorm, expected.gradNorm, 1e-9, 'gradNorm');
  assert.deepEqual(run.stateResetAt, expected.stateResetAt);
});
