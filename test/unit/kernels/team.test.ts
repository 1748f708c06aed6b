import assert from 'node:assert/strict';
import { once } from 'node:events';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { RandomStream } from '../../../src/common/random.ts';
import type { Kernels } from '../../../src/kernels/kernels.ts';
import { initialize } from '../../../src/model/initialization.ts';
import type { Network } from '../../../src/network/network.ts';
import { MANY_NETWORKS } from '../model/manyNetworks.ts';
import type { OptimizerName } from '../../../src/common/optimizers.ts';
import type { Shape } from '../../../src/model/tensors.ts';
import { BUNDLES, loadKernels } from './built.ts';
import { NETWORK } from '../../tanh.ts';

const ITERATIONS = 12;
/** Networks in which contributions of streams may cancel too far to be measured in float32. */
const MAY_CANCEL = [MANY_NETWORKS['LSTM, two layers'], MANY_NETWORKS['a cell of its own, two layers']];

/** Every number that a short training leaves behind: losses, norms, step norms and cosines, parameters. */
function trained(
  name: 'simd' | 'relaxed',
  threads: number,
  shape: Shape,
  optimizer: OptimizerName,
  network: Network = NETWORK,
): number[] {
  const networks = loadKernels(name, threads).create([{ network, shape, reduction: 'mean', optimizer }]);
  try {
    return train(networks.kernels[0]);
  } finally {
    networks.dispose();
  }
}

function train(kernels: Kernels): number[] {
  const random = RandomStream.seeded(11, 'initialization');
  initialize(kernels.network, kernels.parameters, kernels.shape, 'uniform', random);
  const numbers: number[] = [];
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const { inputs, targets } = kernels.window;
    for (let i = 0; i < inputs.length; i++) {
      inputs[i] = random.integer(kernels.shape.V);
      targets[i] = random.integer(kernels.shape.V);
    }
    kernels.carryState();
    numbers.push(kernels.forward());
    kernels.backward();
    const norms = kernels.gradientNorms();
    numbers.push(norms.total, ...Object.values(norms.byParameter));
    const measures = kernels.measureSteps?.({ cosines: true });
    assert.ok(measures !== undefined || MAY_CANCEL.includes(kernels.network));
    numbers.push(...(measures?.stepNorm ?? []), ...(measures?.stepCosine ?? []));
    kernels.update(0.01, 0.5);
  }
  for (const tensor of Object.values(kernels.parameters)) numbers.push(...tensor);
  return numbers;
}

for (const name of ['simd', 'relaxed'] as const) {
  suite(`a team of threads with ${name}`, () => {
    const cases: [Shape, OptimizerName][] = [
      [{ V: 13, H: 21, T: 6, B: 5 }, 'adam'],
      [{ V: 30, H: 40, T: 9, B: 7 }, 'rmsprop'],
      [{ V: 7, H: 9, T: 5, B: 2 }, 'momentum'],
      [{ V: 20, H: 33, T: 11, B: 1 }, 'adagrad'],
    ];
    for (const [shape, optimizer] of cases) {
      test(`of 1, 2 and 3 computes the same bits with ${optimizer} and B = ${shape.B}`, () => {
        const alone = trained(name, 1, shape, optimizer);
        for (const threads of [2, 3]) assert.deepEqual(trained(name, threads, shape, optimizer), alone);
      });
    }

    for (const [description, network] of Object.entries(MANY_NETWORKS)) {
      test(`of 1, 2 and 3 computes the same bits: ${description}`, () => {
        for (const B of [1, 5]) {
          const shape = { V: 13, H: 21, T: 6, B };
          const alone = trained(name, 1, shape, 'adam', network);
          for (const threads of [2, 3]) assert.deepEqual(trained(name, threads, shape, 'adam', network), alone);
        }
      });
    }
  });
}

suite('a team of which a thread dies', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'team-'));
    await copyFile(join(BUNDLES, 'kernels-simd.wasm'), join(folder, 'kernels-simd.wasm'));
  });
  after(() => rm(folder, { recursive: true }));

  /** Where thread 2 of the team dies: what its script does before the bundle of every member begins. */
  const deaths = {
    'within its share': `
      const { Instance } = WebAssembly;
      WebAssembly.Instance = function (...values) {
        this.exports = { ...new Instance(...values).exports, run: () => process.exit(1) };
      };`,
    'right after its start': `
      const { notify } = Atomics;
      Atomics.notify = (...values) => {
        notify(...values);
        process.exit(1);
      };`,
  };
  for (const [where, script] of Object.entries(deaths)) {
    // The limit is for a team that waits for ever.
    test(`${where} says so to its owner, which does not wait`, { timeout: 60_000 }, async (context) => {
      const bundle = JSON.stringify(join(BUNDLES, 'member.cjs'));
      await writeFile(
        join(folder, 'member.cjs'),
        `if (require('node:worker_threads').workerData.worker === 2) {${script}\n}\nrequire(${bundle});\n`,
      );
      // The owner waits asleep: in a thread of its own, it can be ended.
      const owner = new Worker(new URL('ownerOfTeam.ts', import.meta.url), { workerData: folder });
      context.after(() => owner.terminate());
      const failed = 'Error: Thread 2 of the kernels failed.';
      assert.deepEqual(await once(owner, 'message'), [[failed, failed]]);
    });
  }
});
