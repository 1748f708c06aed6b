import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { amount } from '../../run/amount.ts';
import {
  assertClose,
  CELL_PASSES,
  CELL_TRAJECTORIES,
  flatten,
  LARGE_PASS,
  missing,
  passVector,
  SMALL_PASSES,
  TRAJECTORIES,
  trajectoryVector,
  type Nested,
  type TrajectoryVector,
} from '../model/vectors.ts';
import { copyHeadless, Headless, headless } from './headless.ts';

/** `backprop` and `replay`, which print what is compared with the numbers of PyTorch in the files that they read. */

const fixture = (name: string) => fileURLToPath(new URL(`../../fixtures/vectors/${name}.json`, import.meta.url));
const beside = (name: string) => fileURLToPath(new URL(`../../../../shared/vectors/${name}.json`, import.meta.url));

let folder: string;
before(async () => {
  folder = await copyHeadless();
});
after(() => rm(folder, { recursive: true }));

type Printed = Nested | { readonly [key: string]: Printed };

/** What a command prints of a file with certain kernels. */
async function printed(command: 'backprop' | 'replay', path: string, kernels: string): Promise<Printed> {
  const { code, stdout, stderr } = await headless(folder, command, path, '--kernels', kernels);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as Printed;
}

/** Key by key: the same keys everywhere, and under them arrays of the same sizes with numbers that are close. */
function assertSame(actual: Printed, expected: Printed, relative: number, floor: number, at = ''): void {
  if (isNested(expected)) {
    assert.ok(isNested(actual), `${at} is no number and no array`);
    assert.deepEqual(sizesOf(actual), sizesOf(expected), `sizes of ${at}`);
    return assertClose(flatten(actual), flatten(expected), relative, at, floor);
  }
  assert.ok(!isNested(actual), `${at} has no keys`);
  assert.deepEqual(Object.keys(actual).sort(), Object.keys(expected).sort(), `keys of ${at}`);
  for (const [key, value] of Object.entries(expected)) {
    assertSame(actual[key], value, relative, floor, at === '' ? key : `${at}.${key}`);
  }
}

function isNested(value: Printed): value is Nested {
  return typeof value === 'number' || Array.isArray(value);
}

function sizesOf(value: Nested): number[] {
  return typeof value === 'number' ? [] : [value.length, ...(value.length === 0 ? [] : sizesOf(value[0]))];
}

const OF_CELLS = CELL_PASSES.map((name) => `cells/${name}`);
const RUNS_OF_CELLS = CELL_TRAJECTORIES.map((name) => `cells/${name}`);

suite('headless backprop', () => {
  for (const name of [...SMALL_PASSES, ...OF_CELLS]) {
    test(`prints all that PyTorch computes for ${name} in its layout, to 1e-9`, async () => {
      assertSame(await printed('backprop', fixture(name), 'reference'), passVector(name).expected, 1e-9, 1e-14);
    });
  }

  const inFloat32 = amount(OF_CELLS.length, 2, 'passes of cells with each of the float32 kernels of the terminal');
  for (const name of [...SMALL_PASSES, ...OF_CELLS.slice(-inFloat32)]) {
    test(`prints what float32 kernels compute for ${name}, to 1e-4`, async () => {
      const { loss, stepLoss, stepNorm, stepCosine, grad, gradNorm } = passVector(name).expected;
      const asked = { loss, stepLoss, stepNorm, stepCosine, grad, gradNorm };
      for (const kernels of ['scalar', 'simd', 'relaxed']) {
        const all = await printed('backprop', fixture(name), kernels);
        const found = Object.fromEntries(Object.entries(all).filter(([key]) => Object.hasOwn(asked, key)));
        assertSame(found, asked, 1e-4, 1e-6);
      }
    });
  }

  test(`prints all that PyTorch computes for ${LARGE_PASS}`, { skip: missing(LARGE_PASS) }, async () => {
    const { expected } = passVector(LARGE_PASS);
    assertSame(await printed('backprop', beside(LARGE_PASS), 'reference'), expected, 1e-9, 1e-13);
  });

  test('computes with the reference where no kernels are asked for', async () => {
    const { stdout } = await headless(folder, 'backprop', fixture(SMALL_PASSES[0]));
    assert.deepEqual(JSON.parse(stdout), await printed('backprop', fixture(SMALL_PASSES[0]), 'reference'));
  });

  test('ends quietly where its output is not read', async () => {
    const run = new Headless(folder, ['backprop', fixture(SMALL_PASSES[1])]);
    run.process.stdout.destroy();
    const { code, stderr } = await run.outcome();
    assert.deepEqual([code, stderr], [0, '']);
  });
});

suite('headless replay', () => {
  // The same numbers are compared for each optimizer where they are computed, in `model/` and `kernels/`.
  const replayed = amount(TRAJECTORIES.length, 2, 'trajectories of the terminal');
  for (const name of [...TRAJECTORIES.slice(0, replayed), ...RUNS_OF_CELLS]) {
    test(`repeats PyTorch's ${name}: the reference to 1e-9, float32 to 2e-3`, async () => {
      const { expected } = trajectoryVector(name);
      for (const [kernels, relative] of [
        ['reference', 1e-9],
        ['scalar', 2e-3],
        ['simd', 2e-3],
        ['relaxed', 2e-3],
      ] as const) {
        const actual = (await printed('replay', fixture(name), kernels)) as unknown as TrajectoryVector['expected'];
        assert.deepEqual(Object.keys(actual).sort(), Object.keys(expected).sort());
        assertClose(actual.loss, expected.loss, relative, 'loss');
        assertClose(actual.gradNorm, expected.gradNorm, relative, 'gradNorm');
        assert.deepEqual(actual.stateResetAt, expected.stateResetAt);
      }
    });
  }
});
