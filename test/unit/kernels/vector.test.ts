import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { InputError } from '../../../src/common/inputError.ts';
import * as create from '../../../src/kernels/create.ts';
import { ENUMERATIONS, FLOAT_FIELDS, RECORDS, TASKS } from '../../../src/kernels/layout.ts';
import { allocateMemory, compile, instantiate, readModule } from '../../../src/kernels/webAssembly.ts';
import { BUNDLES, createKernels, loadKernels } from './built.ts';
import { NETWORK } from '../../tanh.ts';

const ASSEMBLY = new URL('../../../src/kernels/assembly/', import.meta.url);
const INSTRUCTIONS = ['simd', 'relaxed'] as const;

const source = (file: string): string => readFileSync(new URL(file, ASSEMBLY), 'utf8');

suite('the layout that TypeScript and AssemblyScript share', () => {
  test('has the records with their fields in their order', () => {
    const classes = Array.from(
      source('network.ts').matchAll(/^export class (\w+) \{(.*?)^\}/gms),
      ([, name, body]) => ({
        name,
        fields: Array.from(body.matchAll(/^ {2}(\w+): (\w+);/gm), ([, field, type]) => ({ field, type })),
      }),
    );
    assert.deepEqual(
      Object.fromEntries(classes.map(({ name, fields }) => [name, fields.map(({ field }) => field)])),
      RECORDS,
    );
    const floats = classes.flatMap(({ fields }) => fields.filter(({ type }) => type === 'f32'));
    assert.deepEqual(
      floats.map(({ field }) => field),
      [...FLOAT_FIELDS],
    );
  });

  const valuesOf = (file: string, name: string): string[] => {
    const [, list] = new RegExp(`enum ${name} \\{([^}]*)\\}`).exec(source(file)) ?? [];
    return Array.from(list.replaceAll(/\/\*\*.*?\*\//gs, '').matchAll(/\w+/g), ([value]) => value);
  };

  test('has the tasks in their order', () => {
    const tasks = valuesOf('index.ts', 'Task').map((task) => task[0].toLowerCase() + task.slice(1));
    assert.deepEqual(tasks, [...TASKS]);
  });

  for (const [name, values] of Object.entries(ENUMERATIONS)) {
    test(`has the values of ${name} in their order`, () => assert.deepEqual(valuesOf('network.ts', name), [...values]));
  }
});

for (const name of INSTRUCTIONS) {
  /** What one of the module's functions makes of some numbers. */
  function computed(functionName: 'expOf' | 'tanhOf' | 'sigmoidOf', x: Float32Array): Float32Array {
    const bytes = readModule(BUNDLES, name);
    assert.ok(bytes);
    const memory = allocateMemory(64);
    const kernels = instantiate(compile(bytes), memory);
    const from = Math.ceil(kernels.heapBase() / 16) * 16;
    const to = from + x.byteLength;
    new Float32Array(memory.buffer, from, x.length).set(x);
    kernels[functionName](from, to, x.length);
    return new Float32Array(memory.buffer, to, x.length).slice();
  }

  /** Evenly spaced numbers, and as many whose exponents are evenly spaced. */
  function samples(lowest: number, highest: number): Float32Array {
    const count = 100_000;
    const x = Float32Array.from({ length: 2 * count }, (_, i) =>
      i < count ? lowest + ((highest - lowest) * i) / count : lowest * 10 ** ((-40 * (i - count)) / count),
    );
    return x;
  }

  suite(`the elementary functions of ${name}`, () => {
    test('exp is within 2.5e-7 of e^x, relatively, down to the smallest normal number, and 0 below', () => {
      const x = samples(-87.3, 0);
      computed('expOf', x).forEach((value, i) => {
        const exact = Math.exp(x[i]);
        assert.ok(Math.abs(value / exact - 1) <= 2.5e-7, `exp(${x[i]}) is ${value}, not ${exact}`);
      });
      const extreme = computed('expOf', Float32Array.of(-88, -1e4, -Infinity, NaN));
      assert.deepEqual([...extreme], [0, 0, 0, NaN]);
      assert.equal(computed('expOf', new Float32Array(4))[0], 1);
    });

    test('tanh is within 1.5e-7 of the exact value, absolutely, and 2.5e-7 relatively, and never beyond 1', () => {
      const x = samples(-12, 12);
      computed('tanhOf', x).forEach((value, i) => {
        const exact = Math.tanh(x[i]);
        const isClose = Math.abs(value - exact) <= 1.5e-7 && Math.abs(value - exact) <= 2.5e-7 * Math.abs(exact);
        assert.ok(isClose && Math.abs(value) <= 1, `tanh(${x[i]}) is ${value}, not ${exact}`);
      });
      const extreme = computed('tanhOf', Float32Array.of(1e4, -Infinity, NaN, 1e-30));
      assert.deepEqual([...extreme], [1, -1, NaN, Math.fround(1e-30)]);
    });
  });

  suite(`the logistic function of ${name}`, () => {
    test('is within 5e-7 of the exact value, relatively, 0 or 1 far out, and NaN of NaN', () => {
      for (const x of [samples(-87, 87), samples(-12, 12)]) {
        computed('sigmoidOf', x).forEach((value, i) => {
          const exact = 1 / (1 + Math.exp(-x[i]));
          assert.ok(Math.abs(value / exact - 1) <= 5e-7 && value <= 1, `σ(${x[i]}) is ${value}, not ${exact}`);
        });
      }
      const extreme = computed('sigmoidOf', Float32Array.of(1e4, -1e4, NaN, -Infinity));
      assert.deepEqual([...extreme], [1, 0, NaN, 0]);
    });
  });

  suite(`extremes with ${name}`, () => {
    test('random logits up to ±1e4 and saturated states give finite losses and gradients', () => {
      const sizes = fc.record({ V: fc.integer({ min: 2, max: 70 }), H: fc.integer({ min: 1, max: 20 }) });
      const property = fc.property(sizes, fc.nat(), ({ V, H }, seed) => {
        const kernels = createKernels(name, { V, H, T: 3, B: 2 }, { reduction: 'mean', optimizer: 'adam' });
        const sign = (i: number): number => (((i + 1) * (seed + 7)) % 5) - 2;
        kernels.parameters.b_o.forEach((_, i, b_o) => (b_o[i] = 5000 * sign(i)));
        kernels.parameters.b_h.forEach((_, i, b_h) => (b_h[i] = 500 * sign(i)));
        kernels.window.inputs.forEach((_, i, inputs) => (inputs[i] = (i * seed) % V));
        kernels.window.targets.forEach((_, i, targets) => (targets[i] = (i + seed) % V));
        assert.ok(Number.isFinite(kernels.forward()));
        kernels.backward();
        const { total } = kernels.gradientNorms();
        assert.ok(Number.isFinite(total));
        kernels.update(0.1, 1);
        for (const parameter of Object.values(kernels.parameters)) assert.ok(parameter.every(Number.isFinite));
      });
      fc.assert(property, { seed: 8, numRuns: 300 });
    });

    test('a loss or state that is not a number stays one', () => {
      const kernels = createKernels(name, { V: 5, H: 6, T: 3, B: 2 }, { reduction: 'mean', optimizer: 'adam' });
      kernels.parameters.b_h[5] = NaN;
      assert.ok(Number.isNaN(kernels.forward()));
      kernels.backward();
      assert.ok(Number.isNaN(kernels.gradientNorms().total));
    });

    test('norms of gradients whose squares float32 cannot hold are still right', () => {
      for (const size of [1e-30, 1e30]) {
        const kernels = createKernels(name, { V: 5, H: 6, T: 3, B: 2 }, { reduction: 'mean', optimizer: 'sgd' });
        kernels.gradients.W_ah.fill(size);
        const { byParameter } = kernels.gradientNorms();
        assert.ok(Math.abs(byParameter.W_ah / (6 * Math.fround(size)) - 1) < 1e-6, String(byParameter.W_ah));
      }
    });
  });
}

suite('what a machine may lack', () => {
  test('instructions: auto takes what there is, and asking for what there is not says so', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kernels-'));
    try {
      writeFileSync(join(folder, 'kernels-relaxed.wasm'), 'not a module');
      writeFileSync(join(folder, 'kernels-simd.wasm'), readFileSync(join(BUNDLES, 'kernels-simd.wasm')));
      const place = { folder, threads: 1 };
      assert.equal(create.loadKernels('auto', place).name, 'simd');
      const refusal = thrownBy(() => create.loadKernels('relaxed', place));
      assert.deepEqual(refusal.remedy, { setting: 'kernels', value: 'auto', label: 'Choose kernels automatically' });
      writeFileSync(join(folder, 'kernels-simd.wasm'), 'not a module');
      assert.equal(create.loadKernels('auto', place).name, 'scalar');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('addresses: more than 4 GiB are refused, with what to do', () => {
    const shape = { V: 65, H: 4096, T: 2048, B: 64 };
    const { message, remedy } = thrownBy(() =>
      loadKernels('simd').create([{ network: NETWORK, shape, reduction: 'mean', optimizer: 'adam' }]),
    );
    assert.match(message, /needs \d+\.\d\d GiB of memory, and the kernels "simd" reach 4 GiB\. Lower hiddenSize/);
    assert.equal(remedy?.value, 'scalar');
  });
});

function thrownBy(action: () => unknown): InputError {
  try {
    action();
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  assert.fail('nothing was refused');
}
