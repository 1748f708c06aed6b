import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { KERNEL_NAMES, type NetworkRequest, type Networks } from '../../../src/kernels/kernels.ts';
import type { OptimizerName } from '../../../src/common/optimizers.ts';
import { tensorNamed, type Vector } from '../../../src/model/tensors.ts';
import { networkOf } from '../../../src/network/network.ts';
import { MANY_NETWORKS } from '../model/manyNetworks.ts';
import { randomNetwork } from '../model/networks.ts';
import { assertClose } from '../model/vectors.ts';
import { createKernels, loadKernels } from './built.ts';
import { NETWORK } from '../../tanh.ts';

/** Bytes of all typed arrays of numbers that `action` makes; views cost nothing. */
function bytesAllocatedBy(action: () => void): number {
  const originals = { Float32Array, Float64Array, Int32Array };
  let bytes = 0;
  for (const original of Object.values(originals)) {
    const counting = new Proxy(original, {
      construct(target, args: [number], newTarget) {
        if (typeof args[0] === 'number') bytes += args[0] * target.BYTES_PER_ELEMENT;
        return Reflect.construct(target, args, newTarget) as object;
      },
    });
    Object.assign(globalThis, { [original.name]: counting });
  }
  try {
    action();
  } finally {
    Object.assign(globalThis, originals);
  }
  return bytes;
}

const FOUR_LAYERS = networkOf({ cell: 'lstm', layers: 4 });
const PAGE_BYTES = 65_536;
const pages = (bytes: number): number => Math.ceil(bytes / PAGE_BYTES);
const pagesOf = ({ kernels }: Networks): number => pages(kernels[0].window.inputs.buffer.byteLength);

for (const name of KERNEL_NAMES) {
  suite(`kernels: ${name}`, () => {
    test('know the bytes that they will allocate', () => {
      const optimizers: OptimizerName[] = ['sgd', 'momentum', 'adagrad', 'rmsprop', 'adam'];
      const library = loadKernels(name);
      for (const optimizer of optimizers) {
        for (const shape of [
          { V: 11, H: 7, T: 5, B: 3 },
          { V: 5, H: 9, T: 2, B: 1 },
        ]) {
          for (const network of [NETWORK, FOUR_LAYERS, ...Object.values(MANY_NETWORKS)]) {
            const request: NetworkRequest = { network, shape, reduction: 'mean', optimizer };
            const bytes = library.memoryBytes([request]);
            assert.equal(library.memoryBytes([request, request]) > bytes, true);
            // The memory of a module comes in whole pages, in which the tensors are views.
            if (name === 'simd' || name === 'relaxed') assert.equal(pagesOf(library.create([request])), pages(bytes));
            else
              assert.equal(
                bytesAllocatedBy(() => library.create([request])),
                bytes,
              );
          }
        }
      }
    });

    test('allocate no tensor in an iteration', () => {
      for (const network of [NETWORK, ...Object.values(MANY_NETWORKS)]) {
        const kernels = randomNetwork(name, { V: 6, H: 5, T: 4, B: 3 }, 'mean', 2, network);
        const bytes = bytesAllocatedBy(() => {
          kernels.forward();
          kernels.backward();
          kernels.update(0.1, kernels.gradientNorms().total);
          kernels.carryState();
        });
        assert.equal(bytes, 0);
      }
    });

    test('carry the last states over, and reset them to zeros', () => {
      const shape = { V: 6, H: 5, T: 4, B: 3 };
      const size = shape.B * shape.H;
      for (const network of [NETWORK, ...Object.values(MANY_NETWORKS)]) {
        const kernels = randomNetwork(name, shape, 'mean', 6, network);
        const states = network.states.map((state) => tensorNamed<Vector>(kernels.activations, state));
        kernels.forward();
        const last = states.map((state) => state.slice(shape.T * size));
        const carried = () => states.map((state) => state.slice(0, size));
        kernels.carryState();
        assert.deepEqual(carried(), last);
        kernels.forward();
        assert.deepEqual(carried(), last, 'side A leaves the carried-in states alone');
        kernels.resetState();
        assert.ok(carried().every((state) => state.every((value) => value === 0)));
      }
    });

    test('two windows with the states carried are one window of twice the length', () => {
      for (const network of [NETWORK, ...Object.values(MANY_NETWORKS)]) {
        const long = randomNetwork(name, { V: 6, H: 5, T: 8, B: 3 }, 'sum', 8, network);
        const short = randomNetwork(name, { V: 6, H: 5, T: 4, B: 3 }, 'sum', 8, network);
        const half = 4 * 3;
        const lossOfHalf = (part: number) => {
          short.window.inputs.set(long.window.inputs.subarray(part * half, (part + 1) * half));
          short.window.targets.set(long.window.targets.subarray(part * half, (part + 1) * half));
          const loss = short.forward();
          short.carryState();
          return loss;
        };
        // float32: each equation of a larger cell rounds once more.
        const tolerance = network === NETWORK ? 1e-6 : 2e-6;
        assertClose([lossOfHalf(0) + lossOfHalf(1)], [long.forward()], tolerance, 'loss');
      }
    });

    test('a step against the gradient lowers the loss by its norm squared times the learning rate', () => {
      const kernels = randomNetwork(name, { V: 6, H: 5, T: 4, B: 3 }, 'mean', 9);
      const before = kernels.forward();
      kernels.backward();
      const learningRate = 1e-3;
      kernels.update(learningRate, 0.5);
      const expected = 0.5 * learningRate * kernels.gradientNorms().total ** 2;
      assertClose([before - kernels.forward()], [expected], 0.02, 'decrease');
    });

    test('logits of ±1e4 give the exact loss and gradient', () => {
      const shape = { V: 3, H: 2, T: 2, B: 2 };
      const kernels = createKernels(name, shape, { reduction: 'sum', optimizer: 'sgd' });
      kernels.parameters.b_o.set([1e4, -1e4, 0]);
      kernels.window.targets.set([0, 1, 2, 2]);
      assert.equal(kernels.forward(), 0 + 20_000 + 10_000 + 10_000);
      assert.deepEqual([...kernels.activations.stepLoss], [20_000, 20_000]);
      kernels.backward();
      assert.deepEqual([...kernels.gradients.b_o], [3, -1, -2]);
      assert.equal(kernels.gradientNorms().total, Math.sqrt(14));
    });
  });
}
