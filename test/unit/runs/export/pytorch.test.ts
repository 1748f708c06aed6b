import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import * as v from 'valibot';
import { PARAMETER_NAMES } from '../../../../src/network/names.ts';
import { METRIC_NAMES } from '../../../../src/protocol/run.ts';
import { StoredRun } from '../../../../src/protocol/storedRun.ts';
import { pytorchFiles } from '../../../../src/runs/export/pytorch/files.ts';
import { writeExportFolder } from '../../../../src/runs/export/writeExport.ts';
import { readRun } from '../../../../src/runs/reading/runReader.ts';
import { importNetworkFile } from '../../../../src/runs/import/stateDict.ts';
import { AFTER, BEFORE, CASES, END, exportCase, type Exported, INSPECT_EVERY } from './pytorchCases.ts';
import { readLog } from './pytorchLog.ts';
import { type Finished, interruptPython, type Job, runJobs, runTwoRanks, torchPython, withoutTorch } from './python.ts';

const LOSS = METRIC_NAMES.indexOf('lossNats');

let root: string;
const exported = new Map<string, Exported>();

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'pytorch-export-'));
  for (const case_ of CASES) exported.set(case_.name, await exportCase(case_, root));
});
after(() => rm(root, { recursive: true, force: true }));

function exportOf(name: string): Exported {
  const found = exported.get(name);
  assert.ok(found);
  return found;
}

/** The largest difference, relative where the expected number is larger than `floor`. */
function difference(actual: ArrayLike<number>, expected: ArrayLike<number>, floor = 1e-6): number {
  assert.equal(actual.length, expected.length);
  return Math.max(
    ...Array.from(expected, (value, at) => Math.abs(actual[at] - value) / Math.max(Math.abs(value), floor)),
  );
}

async function storedRun(folder: string): Promise<StoredRun> {
  return v.parse(StoredRun, JSON.parse(await readFile(join(folder, 'run.json'), 'utf8')));
}

async function losses(folder: string): Promise<number[]> {
  return [...(await readLog(folder)).rows].sort(([a], [b]) => a - b).map(([, row]) => row[LOSS]);
}

suite('an export to PyTorch', () => {
  test('is a program that Python can compile, with nothing in it of one run or machine', async (t) => {
    const script = join(exportOf('adam').folder, 'train.py');
    const python = ['python3', 'python'].find((name) => spawnSync(name, ['--version']).status === 0);
    if (python === undefined) return t.skip('no Python was found');
    const compiled = spawnSync(python, [
      '-W',
      'error',
      '-c',
      'import ast, sys; ast.parse(open(sys.argv[1], "rb").read(), feature_version=(3, 9))',
      script,
    ]);
    assert.equal(compiled.status, 0, compiled.stderr.toString());
    assert.deepEqual(await readFile(script), await readFile(join(exportOf('sgd').folder, 'train.py')));
  });

  test('has the weights by the names of a state_dict, and the vocabulary', async () => {
    const { folder, checkpoint, run } = exportOf('adagrad');
    const network = await importNetworkFile(join(folder, 'model.safetensors'));
    assert.deepEqual(network.shape, { V: checkpoint.shape.V, H: checkpoint.shape.H });
    for (const name of PARAMETER_NAMES) assert.deepEqual(network.parameters[name], checkpoint.parameters[name], name);
    assert.deepEqual(
      network.vocabulary?.codes.map((code) => String.fromCodePoint(code)),
      run.facts?.vocabulary,
    );
    assert.deepEqual(network.assumptions, [], 'what it is needs no guess when it comes back');
  });

  test('refuses a text that is not the run’s, and a run without one', () => {
    const { run, checkpoint } = exportOf('adam');
    const vocabulary = {
      tokens: 'characters' as const,
      codes: Array.from({ length: checkpoint.shape.V }, (_, id) => id + 32),
    };
    const source = { run, checkpoint, vocabulary, textFileName: 'a.txt' };
    assert.throws(() => pytorchFiles({ ...source, text: Buffer.from('another') }), /7 bytes.*is not the one/);
    const textless = structuredClone(run);
    delete textless.text;
    assert.throws(() => pytorchFiles({ ...source, run: textless }), /has not read its text/);
  });
});

suite('the generated train.py', { skip: withoutTorch }, () => {
  const trained = (name: string): string => join(exportOf(name).folder, 'trained');
  const finished = new Map<string, Finished>();
  const script = (name: string): string => join(exportOf(name).folder, 'train.py');

  /** In one process, whatever they are about. */
  before(async () => {
    if (torchPython === undefined) return;
    const jobs = await otherJobs();
    for (const { name } of CASES) {
      jobs.set(name, {
        script: script(name),
        args: ['--iterations', String(AFTER), '--inspect-every', String(INSPECT_EVERY)],
      });
    }
    const results = await runJobs(root, [...jobs.values()]);
    [...jobs.keys()].forEach((name, at) => finished.set(name, results[at]));
  });

  /** Those that are not one of the cases, by what they are to show. */
  async function otherJobs(): Promise<Map<string, Job>> {
    const { folder, run, checkpoint, vocabulary } = exportOf('adam');
    const adam = script('adam');
    const wrong = join(root, 'wrong');
    await cp(folder, wrong, { recursive: true });
    await changeHeader(wrong, (header) => header.replace(/(lossNats\\":)\d\.\d{4}/g, '$19.0000'));
    const otherText = join(root, 'other.txt');
    await writeFile(otherText, (await readFile(join(folder, 'text.txt'), 'utf8')).slice(3));
    const parameters = { ...checkpoint.parameters, W_ao: checkpoint.parameters.W_ao.map(() => 3e38) };
    const text = await readFile(join(folder, 'text.txt'));
    const overflowing = { run, checkpoint: { ...checkpoint, parameters }, vocabulary, textFileName: 'a.txt', text };
    await writeExportFolder(join(root, 'overflowing'), pytorchFiles(overflowing));
    const undecodable = join(root, 'undecodable.txt');
    await writeFile(undecodable, Buffer.concat([await readFile(otherText), Buffer.of(0xfc, 0x62)]));
    await mkdir(join(root, 'foreign'));
    await writeFile(join(root, 'foreign', 'run.json'), JSON.stringify(run));
    return new Map([
      ['check', { script: adam, args: ['--check'] }],
      ['wrong', { script: join(wrong, 'train.py'), args: ['--check'] }],
      ['other text', { script: adam, args: ['--check', '--text', otherText] }],
      [
        'allowed text',
        {
          script: adam,
          args: ['--iterations', '5', '--text', otherText, '--other-text', '--out', join(root, 'other')],
        },
      ],
      ['stopped', { script: script('rmsprop'), args: ['--iterations', '12', '--out', join(root, 'parts')] }],
      [
        'overflowing',
        { script: join(root, 'overflowing', 'train.py'), args: ['--iterations', '9', '--out', join(root, 'failed')] },
      ],
      ['undecodable', { script: adam, args: ['--check', '--text', undecodable, '--other-text'] }],
      ['no cuda', { script: adam, args: ['--check', '--device', 'cuda:99'] }],
      ['no device', { script: adam, args: ['--check', '--device', 'gpu'] }],
      ['no numbers', { script: adam, args: ['--check', '--device', 'meta'] }],
      ['foreign', { script: adam, args: ['--iterations', '1', '--out', join(root, 'foreign')] }],
    ]);
  }

  function resultOf(name: string): Finished {
    return finished.get(name) ?? assert.fail(`no result of ${name}`);
  }

  for (const { name, settings } of CASES) {
    // The reference computes in float64, and so does train.py then.
    const tolerance = settings.kernels === undefined ? 1e-9 : 1e-4;

    test(`goes on with ${name} as the run itself does: losses, norms, clipping`, async () => {
      const { code, out } = resultOf(name);
      assert.equal(code, 0, out);
      const { rows, atExport } = exportOf(name);
      assert.match(
        out,
        new RegExp(
          `validation loss ${atExport.lossNats.toFixed(4)} nats \\(run says ${atExport.lossNats.toFixed(4)}\\)`,
        ),
      );
      const log = await readLog(trained(name));
      assert.deepEqual(
        [...log.rows.keys()],
        Array.from({ length: AFTER }, (_, at) => BEFORE + at),
      );
      rows.forEach((row, at) => {
        const own = difference(log.rows.get(BEFORE + at) ?? [], row);
        assert.ok(own <= tolerance, `iteration ${BEFORE + at}: ${own}`);
      });
    });

    test(`measures with ${name} the step norms, cosines, vitals and validation that the run measures`, async () => {
      const { inspections, vitals, atEnd } = exportOf(name);
      const log = await readLog(trained(name));
      assert.deepEqual([...log.inspections.keys()], [30, 40, 50, END - 1]);
      for (const expected of inspections) {
        const found = log.inspections.get(expected.iteration) ?? assert.fail();
        assert.deepEqual(found.inputs, [...expected.inputs]);
        assert.deepEqual(found.targets, [...expected.targets]);
        assert.ok(difference(found.stepNorm, expected.stepNorm) <= 1e-4);
        // A cosine of two nearly orthogonal vectors has no digits of its own.
        assert.ok(difference(found.stepCosine, expected.stepCosine, 1) <= 1e-4);
      }
      const measured = log.others
        .filter(({ type }) => type === 'vitals')
        .map((record) => record.vitals as (typeof vitals)[0]);
      assert.deepEqual(
        measured.map(({ iteration, saturation }) => [iteration, saturation]),
        vitals.map(({ iteration, saturation }) => [iteration, saturation]),
      );
      assert.ok(
        difference(
          measured.map(({ updateToWeight }) => updateToWeight),
          vitals.map(({ updateToWeight }) => updateToWeight),
        ) <= 1e-3,
      );
      const last = log.others.filter(({ type }) => type === 'validation').at(-1)?.validation as typeof atEnd;
      assert.deepEqual([last.iteration, last.characters], [atEnd.iteration, atEnd.characters]);
      assert.ok(Math.abs(last.lossNats - atEnd.lossNats) <= 1e-4);
    });
  }

  test('writes a run’s folder that the inspector opens', async () => {
    for (const { name } of CASES) {
      const { run: origin } = exportOf(name);
      const { run, history, progress, problems } = await readRun(trained(name));
      assert.deepEqual([run.source, run.state, run.iterations, run.runId], ['train.py', 'finished', END, 'trained']);
      assert.deepEqual(run.facts?.vocabulary, origin.facts?.vocabulary);
      const kept = [
        'parameterCount',
        'trainingCharacters',
        'validationCharacters',
        'iterationsPerEpoch',
        'iterationsTotal',
      ] as const;
      for (const fact of kept) assert.equal(run.facts?.[fact], origin.facts?.[fact], fact);
      assert.deepEqual(run.forkedFrom, { runId: origin.runId, iteration: BEFORE });
      const { best } = run;
      assert.ok(best === undefined || best.iteration > BEFORE, `its best is of iteration ${best?.iteration}`);
      assert.equal(run.text?.sha256, origin.text?.sha256);
      assert.equal(history.iterations, END);
      assert.equal(progress.epoch, END / (origin.facts?.iterationsPerEpoch ?? 0));
      assert.equal(progress.characters, END * 45);
      assert.ok(progress.elapsedMs > 1234);
      // What was before the export is not in it.
      assert.deepEqual(problems, [`${BEFORE} of ${END} iterations have no numbers.`]);
    }
  });

  test('saves weights that the inspector imports: those that the run itself has then', async () => {
    for (const { name } of CASES) {
      const { parameters, vocabulary } = await importNetworkFile(join(trained(name), 'model.safetensors'));
      const { parametersAtEnd, vocabulary: expected } = exportOf(name);
      for (const parameter of PARAMETER_NAMES) {
        const own = difference(parameters[parameter], parametersAtEnd[parameter], 0.1);
        assert.ok(own <= 1e-3, `${name}, ${parameter}: ${own}`);
      }
      assert.deepEqual(vocabulary, expected);
    }
  });

  test('checks the validation loss against the run’s, by its exit code', () => {
    const said = exportOf('adam').atExport.lossNats.toFixed(4);
    assert.deepEqual(resultOf('check'), {
      code: 0,
      out: `iteration ${BEFORE}: validation loss ${said} nats (run says ${said})\n`,
    });
    assert.deepEqual(resultOf('wrong'), {
      code: 1,
      out: `iteration ${BEFORE}: validation loss ${said} nats (run says 9.0000)\n`,
    });
  });

  test('refuses another text unless it is allowed, and then starts at its beginning', async () => {
    const { code, out } = resultOf('other text');
    assert.equal(code, 1);
    assert.match(out, /other\.txt \(1497 bytes\) is not the run's text/);
    assert.equal(resultOf('allowed text').code, 0);
    assert.match(resultOf('allowed text').out, /the run did not measure it/);
    const { text } = await storedRun(join(root, 'other'));
    assert.deepEqual([text?.fileName, text?.bytes, text?.isKept], ['other.txt', 1497, false]);
    const { inspections } = await readLog(join(root, 'other'));
    const { inputs = [] } = inspections.get(BEFORE + 4) ?? {};
    const { vocabulary } = exportOf('adam');
    // The fifth window of nine symbols.
    const read = inputs.map((id) => String.fromCodePoint(vocabulary.codes[id])).join('');
    assert.equal(read, (await readFile(join(root, 'other.txt'), 'utf8')).slice(36, 45));
  });

  test('says in a line which byte of a text is none, and that a device is not there', () => {
    const line = (name: string): string => {
      const { code, out } = resultOf(name);
      assert.equal(code, 1, out);
      assert.doesNotMatch(out, /Traceback|\n./);
      return out;
    };
    assert.match(
      line('undecodable'),
      /undecodable\.txt is not valid utf-8: the byte 0xfc at offset 1497 belongs to no/,
    );
    for (const [name, device] of Object.entries({ 'no cuda': 'cuda:99', 'no device': 'gpu', 'no numbers': 'meta' })) {
      assert.match(line(name), new RegExp(`^The device ${device} is not to be had: .+\\. Leave --device out, or give`));
    }
  });

  test('goes on where it stopped, and mends a log whose end was torn', async () => {
    const parts = join(root, 'parts');
    assert.equal(resultOf('stopped').code, 0);
    await appendFile(join(parts, 'metrics'), Buffer.from([200, 0, 0, 0, 1, 7, 7]));
    const args = ['--iterations', String(AFTER - 12), '--out', parts];
    const [{ code, out }] = await runJobs(root, [{ script: script('rmsprop'), args }]);
    assert.equal(code, 0, out);
    assert.ok(difference(await losses(parts), await losses(trained('rmsprop'))) <= 1e-12);
    // Had it logged more than it saved, that would be void.
    const rewinds = (await readLog(parts)).others.filter(({ type }) => type === 'rewind');
    assert.deepEqual(rewinds, [{ type: 'rewind', iterations: BEFORE + 12 }]);
    assert.deepEqual((await readRun(parts)).problems, [`${BEFORE} of ${END} iterations have no numbers.`]);
  });

  test('fails, changes no weight and says so when a number is not finite', async () => {
    assert.equal(resultOf('overflowing').code, 1);
    const { state, notFinite, iterations } = await storedRun(join(root, 'failed'));
    assert.deepEqual([state, notFinite?.iteration, iterations], ['failed', BEFORE, BEFORE + 1]);
    const start = await importNetworkFile(join(root, 'overflowing', 'model.safetensors'));
    const saved = await importNetworkFile(join(root, 'failed', 'model.safetensors'));
    assert.deepEqual(saved.parameters, start.parameters);
  });

  test('does not write into a folder with a run of another program', async () => {
    const { code, out } = resultOf('foreign');
    assert.equal(code, 1);
    assert.match(out, /holds a run that this program did not write/);
    assert.equal((await storedRun(join(root, 'foreign'))).source, 'inspector');
  });

  test('gives with two ranks, which share five streams unequally, the losses and step norms of one', async () => {
    await runRanks('sgd', AFTER);
    const [two, one] = [await readLog(join(root, 'ranks-sgd')), await readLog(trained('sgd'))];
    assert.ok(difference(await losses(join(root, 'ranks-sgd')), await losses(trained('sgd'))) <= 1e-4);
    for (const [iteration, { stepNorm, stepCosine }] of one.inspections) {
      assert.ok(difference(two.inspections.get(iteration)?.stepNorm ?? [], stepNorm) <= 1e-4);
      assert.ok(difference(two.inspections.get(iteration)?.stepCosine ?? [], stepCosine, 1) <= 1e-4);
    }
    // Validations and vitals.
    assert.ok(difference(numbersIn(two.others), numbersIn(one.others)) <= 1e-3);
  });

  test('saves with two ranks what one goes on from', async () => {
    await runRanks('adam', 12);
    const out = join(root, 'ranks-adam');
    const args = ['--iterations', String(AFTER - 12), '--out', out];
    const [result] = await runJobs(root, [{ script: script('adam'), args }]);
    assert.equal(result.code, 0, result.out);
    assert.ok(difference(await losses(out), await losses(trained('adam'))) <= 1e-4);
  });

  async function runRanks(name: string, iterations: number): Promise<void> {
    const out = join(root, `ranks-${name}`);
    const args = ['--iterations', String(iterations), '--inspect-every', String(INSPECT_EVERY), '--out', out];
    const ranks = await runTwoRanks(script(name), args);
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
    const out = join(root, 'interrupted');
    const args = [script('adam'), '--iterations', '100000000', '--inspect-every', '0', '--out', out];
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

const headerEnd = (bytes: Buffer): number => 8 + Number(bytes.readBigUInt64LE(0));

/** Changes the header of a model's file, not its length. */
async function changeHeader(folder: string, change: (header: string) => string): Promise<void> {
  const path = join(folder, 'model.safetensors');
  const bytes = await readFile(path);
  const end = headerEnd(bytes);
  const changed = change(bytes.toString('utf8', 8, end));
  assert.equal(changed.length, end - 8);
  bytes.write(changed, 8);
  await writeFile(path, bytes);
}
