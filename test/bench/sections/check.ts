import { readFileSync } from 'node:fs';
import { RandomStream } from '../../../src/common/random.ts';
import { createReferenceKernels } from '../../../src/kernels/reference.ts';
import type { Kernels } from '../../../src/kernels/kernels.ts';
import { clipFactor } from '../../../src/model/clipping.ts';
import { initialize } from '../../../src/model/initialization.ts';
import { networkOfCase, settingsOf, type SettingValues } from '../cases.ts';
import type { Context, Section } from '../context.ts';
import type { PeerChoice } from '../peers.ts';

const SMALL = { hiddenSize: 48, sequenceLength: 16, batchSize: 8, optimizer: 'adam', learningRate: 2e-3 };

/** Small enough for the reference in a moment; the clipping acts, and the streams carry their state. */
const CASES: readonly SettingValues[] = [
  { hiddenSize: 40, sequenceLength: 12, batchSize: 1, optimizer: 'adagrad', learningRate: 0.01 },
  { ...SMALL, cell: 'tanh' },
  { ...SMALL, cell: 'lstm' },
  { ...SMALL, cell: 'gru' },
  { ...SMALL, cell: 'lstm', layers: 2 },
  { ...SMALL, cell: 'gru', layers: 2 },
].map((settings) => ({ ...settings, clipNorm: 0.3, validationFraction: 0 }));
const ITERATIONS = 30;
/** The peers compute in float32, the reference in float64, and every iteration builds on the one before. */
const TOLERANCE = 1e-3;

interface Course {
  readonly lossNats: readonly number[];
  readonly gradNorm: readonly number[];
}

/** That the peers train the same network: their first iterations against those of the reference, from equal parameters. */
export const check: Section = {
  name: 'check',
  description: "the peers' losses and gradient norms against the float64 reference",
  async run(context) {
    const rows: string[][] = [];
    for (const settings of CASES) {
      const { course, parameters } = referenceCourse(context, settings);
      for (const choice of oneThreaded(context, settings)) {
        context.log(`check: ${choice.framework}, ${choice.variant}`);
        const peer = await context.peers.prepare(choice, settings, context.text, parameters);
        rows.push([
          `${peer.name}, ${nameOf(settings)}, ${settings.optimizer}`,
          worst(course, await peer.iterate(ITERATIONS)).toExponential(1),
        ]);
      }
    }
    const title = `The largest relative difference in loss and gradient norm, ${ITERATIONS} iterations from equal parameters`;
    const wrong = rows.filter(([, difference]) => !(Number(difference) <= TOLERANCE)).map(([name]) => name);
    if (wrong.length > 0) throw new Error(`These do not train the same network: ${wrong.join('; ')}.`);
    return {
      tables: [{ title, columns: ['', 'difference'], rows }],
      notes: [...context.peers.missing],
      data: rows,
    };
  },
};

/** The cell, and its layers where there are several. */
function nameOf(settings: SettingValues): string {
  const { cell, layers } = networkOfCase(settings);
  return layers === 1 ? cell : `${cell}, ${layers} layers`;
}

/** The mathematics does not depend on the threads. */
function oneThreaded({ peers }: Context, settings: SettingValues): PeerChoice[] {
  return peers
    .choices(['numpy', 'torch'], settings)
    .filter(({ threads }) => threads.blas === 1 && threads.operations === 1);
}

function referenceCourse({ text }: Context, values: SettingValues): { course: Course; parameters: object } {
  const settings = settingsOf(values);
  const { hiddenSize: H, sequenceLength: T, batchSize: B } = settings;
  const { ids, V } = idsOf(readFileSync(text.path, 'utf8'));
  const shape = { V, H, T, B };
  const network = networkOfCase(values);
  const kernels = createReferenceKernels({ network, shape, ...settings });
  initialize(network, kernels.parameters, shape, 'uniform', RandomStream.seeded(1, 'initialization'));
  const parameters = inBase64(kernels);
  const course = { lossNats: [] as number[], gradNorm: [] as number[] };
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    fillWindow(kernels, ids, iteration);
    course.lossNats.push(kernels.forward());
    kernels.backward();
    const { total } = kernels.gradientNorms();
    course.gradNorm.push(total);
    kernels.update(settings.learningRate, clipFactor(total, settings.clipNorm));
    kernels.carryState();
  }
  return { course, parameters };
}

/** Ids in the order of the code points. */
function idsOf(text: string): { ids: number[]; V: number } {
  const characters = Array.from(text);
  const symbols = [...new Set(characters)].sort((a, b) => (a.codePointAt(0) ?? 0) - (b.codePointAt(0) ?? 0));
  const idOf = new Map(symbols.map((symbol, id) => [symbol, id]));
  return { ids: characters.map((character) => idOf.get(character) ?? 0), V: symbols.length };
}

/** The window of an iteration in B contiguous streams, none of which is read to its end here. */
function fillWindow({ shape: { T, B }, window }: Kernels, ids: readonly number[], iteration: number): void {
  const length = Math.floor((ids.length - 1) / B);
  if (length < T * (iteration + 1)) throw new RangeError('the text is too short for this check');
  for (let t = 0; t < T; t++) {
    for (let b = 0; b < B; b++) {
      const at = b * length + iteration * T + t;
      window.inputs[t * B + b] = ids[at];
      window.targets[t * B + b] = ids[at + 1];
    }
  }
}

/** The parameters as float32; the reference goes on from the same rounded numbers. */
function inBase64(kernels: Kernels): object {
  const entries = kernels.network.parameterNames.map((name) => {
    const rounded = Float32Array.from(kernels.parameters[name]);
    kernels.parameters[name].set(rounded);
    return [name, Buffer.from(rounded.buffer).toString('base64')] as const;
  });
  return Object.fromEntries(entries);
}

function worst(expected: Course, actual: Course): number {
  const differences = (['lossNats', 'gradNorm'] as const).flatMap((quantity) =>
    expected[quantity].map((value, iteration) => Math.abs(actual[quantity][iteration] - value) / value),
  );
  // NaN, which no comparison finds, must not look like agreement.
  return differences.some(Number.isNaN) ? Infinity : Math.max(...differences);
}
