import assert from 'node:assert/strict';
import { appendFile, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, suite, test } from 'node:test';
import { networkOf } from '../../../../src/network/network.ts';
import { columnsOf } from '../../../../src/runs/format/columns.ts';
import { readRun } from '../../../../src/runs/reading/runReader.ts';
import { importNetworkFile } from '../../../../src/runs/import/stateDict.ts';
import { AFTER, BEFORE, END, INSPECT_EVERY } from './pytorchCases.ts';
import { readLog } from './pytorchLog.ts';
import { interruptPython, runJobs, runTwoRanks, torchPython, withoutTorch } from './python.ts';
import { difference, ExportedCases, losses, storedRun } from './pytorchFixtures.ts';

const cases = new ExportedCases();

suite('the generated train.py that stops, goes on, and trains with several ranks', { skip: withoutTorch }, () => {
  /** What goes on without a break, and what stopped early. */
  before(async () => {
    if (torchPython === undefined) return;
    const stopped = {
      script: cases.script('rmsprop'),
      args: ['--iterations', '12', '--out', join(cases.root, 'parts')],
    };
    for (const { code, out } of await runJobs(cases.root, [
      ...['sgd', 'rmsprop', 'gru-2'].map((name) => cases.goingOn(name)),
      stopped,
    ])) {
      assert.equal(code, 0, out);
    }
  });

  test('goes on where it stopped, as an earlier version left it, and mends a log whose end was torn', async () => {
    const parts = join(cases.root, 'parts');
    // It had one state, which needed no name. Spaces are nothing in JSON.
    const saved = join(parts, 'optimizer.safetensors');
    const bytes = await readFile(saved);
    await writeFile(saved, Buffer.from(bytes.toString('latin1').replace('"state.a":', '"state":  '), 'latin1'));
    await appendFile(join(parts, 'metrics'), Buffer.from([200, 0, 0, 0, 1, 7, 7]));
    const args = ['--iterations', String(AFTER - 12), '--out', parts];
    const [{ code, out }] = await runJobs(cases.root, [{ script: cases.script('rmsprop'), args }]);
    assert.equal(code, 0, out);
    assert.ok(difference(await losses(parts), await losses(cases.trained('rmsprop'))) <= 1e-12);
    // Had it logged more than it saved, that would be void.
    const rewinds = (await readLog(parts)).others.filter(({ type }) => type === 'rewind');
    assert.deepEqual(rewinds, [{ type: 'rewind', iterations: BEFORE + 12 }]);
    assert.deepEqual((await readRun(parts)).problems, [`${BEFORE} of ${END} iterations have no numbers.`]);
  });

  test('says again what its numbers are where it was killed before that was whole', async () => {
    const out = join(cases.root, 'torn');
    await mkdir(out);
    await writeFile(join(out, 'metrics'), Buffer.from('RNNRUN1\n\u00ff\0\0\0\u0003{"type":"col', 'latin1'));
    const [{ code, out: said }] = await runJobs(cases.root, [
      { script: cases.script('gru-2'), args: ['--iterations', '5', '--out', out] },
    ]);
    assert.equal(code, 0, said);
    const { columns, rows } = await readLog(out);
    assert.deepEqual(columns, { type: 'columns', ...columnsOf(networkOf({ cell: 'gru', layers: 2 })) });
    assert.equal(rows.size, 5);
    assert.deepEqual((await readRun(out)).problems, [`${BEFORE} of ${BEFORE + 5} iterations have no numbers.`]);
  });

  test('refuses a folder with another network, also where only its log has begun', async () => {
    const [weights, log] = [join(cases.root, 'lstm-weights'), join(cases.root, 'lstm-log')];
    for (const [out, kept] of [
      [weights, ['model.safetensors', 'optimizer.safetensors']],
      [log, ['run.json', 'metrics']],
    ] as const) {
      await mkdir(out);
      for (const file of kept) await cp(join(cases.trained('sgd'), file), join(out, file));
    }
    const jobs = [weights, log].map((out) => ({
      script: cases.script('lstm-2'),
      args: ['--iterations', '1', '--out', out],
    }));
    for (const { code, out } of await runJobs(cases.root, jobs)) {
      assert.equal(code, 1, out);
      assert.match(
        out,
        /holds another network \(cell tanh, layers 1, H=7\) than this program trains \(cell lstm, layers 2, H=7\)/,
      );
    }
  });

  test('gives with two ranks, which share five streams unequally, the losses and step norms of one', async () => {
    await runRanks('sgd', AFTER);
    const [two, one] = [await readLog(join(cases.root, 'ranks-sgd')), await readLog(cases.trained('sgd'))];
    assert.ok(difference(await losses(join(cases.root, 'ranks-sgd')), await losses(cases.trained('sgd'))) <= 1e-4);
    for (const [iteration, { stepNorm, stepCosine }] of one.inspections) {
      assert.ok(difference(two.inspections.get(iteration)?.stepNorm ?? [], stepNorm) <= 1e-4);
      assert.ok(difference(two.inspections.get(iteration)?.stepCosine ?? [], stepCosine, 1) <= 1e-4);
    }
    // Validations and vitals.
    assert.ok(difference(numbersIn(two.others), numbersIn(one.others)) <= 1e-3);
  });

  test('saves with two ranks what one goes on from', async () => {
    await runRanks('gru-2', 12);
    const out = join(cases.root, 'ranks-gru-2');
    const args = ['--iterations', String(AFTER - 12), '--out', out];
    const [result] = await runJobs(cases.root, [{ script: cases.script('gru-2'), args }]);
    assert.equal(result.code, 0, result.out);
    assert.ok(difference(await losses(out), await losses(cases.trained('gru-2'))) <= 1e-4);
  });

  async function runRanks(name: string, iterations: number): Promise<void> {
    const out = join(cases.root, `ranks-${name}`);
    const args = ['--iterations', String(iterations), '--inspect-every', String(INSPECT_EVERY), '--out', out];
    const ranks = await runTwoRanks(cases.script(name), args);
    const said = ranks.map((rank) => rank.out).join('\n');
    assert.deepEqual(
      ranks.map(({ code }) => code),
      [0, 0],
      said,
    );
    // One of them speaks and writes.
    assert.equal(said.match(/^finished after/gm)?.length, 1);
  }

  test('saves where it is when it is interrupted', async () => {
    const out = join(cases.root, 'interrupted');
    const args = [cases.script('adam'), '--iterations', '100000000', '--inspect-every', '0', '--out', out];
    const { code, out: said } = await interruptPython(args, /iteration 26 of/, 'SIGINT');
    assert.equal(code, 0, said);
    const run = await storedRun(out);
    assert.equal(run.state, 'stopped');
    assert.ok(run.iterations > BEFORE && run.iterations < 100_000_000);
    assert.match(said, new RegExp(`stopped after ${run.iterations} iterations`));
    assert.equal((await losses(out)).length, run.iterations - BEFORE);
    await importNetworkFile(join(out, 'model.safetensors'));
  });
});

/** All numbers in a value, in order. */
function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}
