import assert from 'node:assert/strict';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, suite, test } from 'node:test';
import { pytorchFiles } from '../../../../src/runs/export/pytorch/files.ts';
import { columnsOf } from '../../../../src/runs/format/columns.ts';
import { writeExportFolder } from '../../../../src/runs/export/writeExport.ts';
import type { Vitals } from '../../../../src/protocol/events.ts';
import { readRun } from '../../../../src/runs/reading/runReader.ts';
import { importNetworkFile } from '../../../../src/runs/import/stateDict.ts';
import { AFTER, BEFORE, CASES, END } from './pytorchCases.ts';
import { networkOf } from '../../../../src/network/network.ts';
import { readLog } from './pytorchLog.ts';
import { type Finished, type Job, runJobs, torchPython, withoutTorch } from './python.ts';
import { difference, ExportedCases, storedRun } from './pytorchFixtures.ts';

const cases = new ExportedCases();

suite('the generated train.py', { skip: withoutTorch }, () => {
  const finished = new Map<string, Finished>();

  /** In one process, whatever they are about. */
  before(async () => {
    if (torchPython === undefined) return;
    const jobs = await otherJobs();
    for (const { name } of CASES) jobs.set(name, cases.goingOn(name));
    const results = await runJobs(cases.root, [...jobs.values()]);
    [...jobs.keys()].forEach((name, at) => finished.set(name, results[at]));
  });

  /** Those that are not one of the cases, by what they are to show. */
  async function otherJobs(): Promise<Map<string, Job>> {
    const { folder, run, checkpoint, vocabulary } = cases.of('adam');
    const adam = cases.script('adam');
    const wrong = join(cases.root, 'wrong');
    await cp(folder, wrong, { recursive: true });
    await changeHeader(wrong, (header) => header.replace(/(lossNats\\":)\d\.\d{4}/g, '$19.0000'));
    const otherText = join(cases.root, 'other.txt');
    await writeFile(otherText, (await readFile(join(folder, 'text.txt'), 'utf8')).slice(3));
    const parameters = { ...checkpoint.parameters, W_ao: checkpoint.parameters.W_ao.map(() => 3e38) };
    const text = await readFile(join(folder, 'text.txt'));
    const overflowing = { run, checkpoint: { ...checkpoint, parameters }, vocabulary, textFileName: 'a.txt', text };
    await writeExportFolder(join(cases.root, 'overflowing'), pytorchFiles(overflowing));
    const undecodable = join(cases.root, 'undecodable.txt');
    await writeFile(undecodable, Buffer.concat([await readFile(otherText), Buffer.of(0xfc, 0x62)]));
    await mkdir(join(cases.root, 'foreign'));
    await writeFile(join(cases.root, 'foreign', 'run.json'), JSON.stringify(run));
    return new Map([
      ['check', { script: adam, args: ['--check'] }],
      ['wrong', { script: join(wrong, 'train.py'), args: ['--check'] }],
      ['other text', { script: adam, args: ['--check', '--text', otherText] }],
      [
        'allowed text',
        {
          script: adam,
          args: ['--iterations', '5', '--text', otherText, '--other-text', '--out', join(cases.root, 'other')],
        },
      ],
      [
        'overflowing',
        {
          script: join(cases.root, 'overflowing', 'train.py'),
          args: ['--iterations', '9', '--out', join(cases.root, 'failed')],
        },
      ],
      ['undecodable', { script: adam, args: ['--check', '--text', undecodable, '--other-text'] }],
      ['no cuda', { script: adam, args: ['--check', '--device', 'cuda:99'] }],
      ['no device', { script: adam, args: ['--check', '--device', 'gpu'] }],
      ['no numbers', { script: adam, args: ['--check', '--device', 'meta'] }],
      ['foreign', { script: adam, args: ['--iterations', '1', '--out', join(cases.root, 'foreign')] }],
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
      const { rows, atExport } = cases.of(name);
      assert.match(
        out,
        new RegExp(
          `validation loss ${atExport.lossNats.toFixed(4)} nats \\(run says ${atExport.lossNats.toFixed(4)}\\)`,
        ),
      );
      const log = await readLog(cases.trained(name));
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
      const { inspections, vitals, atEnd } = cases.of(name);
      const log = await readLog(cases.trained(name));
      assert.deepEqual([...log.inspections.keys()], [30, 40, 50, END - 1]);
      assert.deepEqual(log.others[0], { type: 'columns', ...columnsOf(networkOf(cases.of(name).run.settings)) });
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
      const names = ({ iteration, functions }: Vitals): unknown => [iteration, Object.keys(functions ?? {})];
      assert.deepEqual(measured.map(names), vitals.map(names));
      assert.ok(difference(measured.flatMap(sharesOf), vitals.flatMap(sharesOf), 1) <= 2e-6);
      const updates = (all: typeof vitals): number[] =>
        all.flatMap(({ updateToWeight, updateToWeightOfLayers = [] }) => [updateToWeight, ...updateToWeightOfLayers]);
      assert.ok(difference(updates(measured), updates(vitals)) <= 1e-3);
      const last = log.others.filter(({ type }) => type === 'validation').at(-1)?.validation as typeof atEnd;
      assert.deepEqual([last.iteration, last.characters], [atEnd.iteration, atEnd.characters]);
      assert.ok(Math.abs(last.lossNats - atEnd.lossNats) <= 1e-4);
    });
  }

  test('writes a run’s folder that the inspector opens', async () => {
    for (const { name } of CASES) {
      const { run: origin } = cases.of(name);
      const { run, history, progress, problems } = await readRun(cases.trained(name));
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
      const { parameters, vocabulary, cell, layers } = await importNetworkFile(
        join(cases.trained(name), 'model.safetensors'),
      );
      const { parametersAtEnd, vocabulary: expected, run } = cases.of(name);
      assert.deepEqual([cell, layers], [run.settings.cell, run.settings.layers]);
      for (const parameter of networkOf({ cell, layers }).parameterNames) {
        const own = difference(parameters[parameter], parametersAtEnd[parameter], 0.1);
        assert.ok(own <= 1e-3, `${name}, ${parameter}: ${own}`);
      }
      assert.deepEqual(vocabulary, expected);
    }
  });

  test('checks the validation loss against the run’s, by its exit code', () => {
    const said = cases.of('adam').atExport.lossNats.toFixed(4);
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
    const { text } = await storedRun(join(cases.root, 'other'));
    assert.deepEqual([text?.fileName, text?.bytes, text?.isKept], ['other.txt', 1497, false]);
    const { inspections } = await readLog(join(cases.root, 'other'));
    const { inputs = [] } = inspections.get(BEFORE + 4) ?? {};
    const { vocabulary } = cases.of('adam');
    // The fifth window of nine symbols.
    const read = inputs.map((id) => String.fromCodePoint(vocabulary.codes[id])).join('');
    assert.equal(read, (await readFile(join(cases.root, 'other.txt'), 'utf8')).slice(36, 45));
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

  test('fails, changes no weight and says so when a number is not finite', async () => {
    assert.equal(resultOf('overflowing').code, 1);
    const { state, notFinite, iterations } = await storedRun(join(cases.root, 'failed'));
    assert.deepEqual([state, notFinite?.iteration, iterations], ['failed', BEFORE, BEFORE + 1]);
    const start = await importNetworkFile(join(cases.root, 'overflowing', 'model.safetensors'));
    const saved = await importNetworkFile(join(cases.root, 'failed', 'model.safetensors'));
    assert.deepEqual(saved.parameters, start.parameters);
  });

  test('does not write into a folder with a run of another program', async () => {
    const { code, out } = resultOf('foreign');
    assert.equal(code, 1);
    assert.match(out, /holds a run that this program did not write/);
    assert.equal((await storedRun(join(cases.root, 'foreign'))).source, 'inspector');
  });
});

/** The shares of the vitals, which a run records in six digits. */
function sharesOf({ saturation, functions = {} }: Vitals): number[] {
  const ofFunctions = Object.values(functions).flatMap(({ saturated, open = -1, dead }) => [saturated, open, dead]);
  return [saturation, ...ofFunctions];
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
