import assert from 'node:assert/strict';
import { cp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { CheckpointFolder } from '../../../src/runs/disk/checkpoints.ts';
import { readRun } from '../../../src/runs/reading/runReader.ts';
import { importNetworkFile } from '../../../src/runs/import/stateDict.ts';
import { copyHeadless, headless } from './headless.ts';

const RUNS = fileURLToPath(new URL('../../fixtures/runs/', import.meta.url));
const ITERATIONS = 60;

let folder: string;
let run: string;
before(async () => {
  folder = await copyHeadless();
  run = join(folder, 'run');
  await cp(join(RUNS, 'one-layer-of-tanh'), run, { recursive: true });
});
after(() => rm(folder, { recursive: true }));

async function lossesOf(events: string): Promise<(readonly [iteration: number, lossNats: number])[]> {
  const lines = (await readFile(events, 'utf8')).trimEnd().split('\n');
  return lines
    .map((line) => JSON.parse(line) as { type: string; iteration: number; lossNats: number })
    .filter(({ type }) => type === 'iteration')
    .map(({ iteration, lossNats }) => [iteration, lossNats]);
}

suite('a run of the version before', () => {
  test('is read, every number of it', async () => {
    const { history, problems, run: stored } = await readRun(run);
    assert.deepEqual(problems, []);
    assert.deepEqual([history.iterations, stored.iterations, stored.settings.hiddenSize], [ITERATIONS, ITERATIONS, 6]);
    assert.ok(
      history.of('inspection').length > 0 && history.of('sample').length > 0 && history.of('validation').length > 0,
    );
  });

  test('goes on as one that never stopped, to the bit', async () => {
    const [resumed, whole] = ['resumed.jsonl', 'whole.jsonl'].map((name) => join(folder, name));
    const settings = Object.entries({
      hiddenSize: 6,
      sequenceLength: 8,
      batchSize: 3,
      optimizer: 'adam',
      kernels: 'simd',
    });
    const sets = settings.flatMap(([name, value]) => ['--set', `${name}=${value}`]);
    const text = join(run, 'text');
    const outcomes = [
      await headless(folder, 'train', text, ...sets, '--iterations', '100', '--events', whole),
      await headless(folder, 'resume', run, '--text', 'kept', '--iterations', '100', '--events', resumed),
    ];
    for (const { code, stderr } of outcomes) assert.equal(code, 0, stderr);
    const expected = await lossesOf(whole);
    assert.deepEqual(await lossesOf(resumed), expected.slice(ITERATIONS));
    const { history } = await readRun(run);
    const { mean } = history.points('lossNats', 0, 100, 300);
    assert.deepEqual(
      [...mean],
      expected.map(([, lossNats]) => Math.fround(lossNats)),
    );
  });

  test('has the network that it exported to PyTorch', async () => {
    const path = join(RUNS, 'one-layer-of-tanh.safetensors');
    const { parameters } = await importNetworkFile(path);
    const stored = await new CheckpointFolder(join(RUNS, 'one-layer-of-tanh')).newestReadable();
    assert.deepEqual(Object.keys(parameters), Object.keys(stored?.checkpoint.parameters ?? {}));
    for (const [name, tensor] of Object.entries(parameters)) {
      assert.deepEqual([...tensor], [...(stored?.checkpoint.parameters[name] ?? [])], name);
    }
  });
});
