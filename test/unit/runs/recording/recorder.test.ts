import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CheckpointReason } from '../../../../src/protocol/checkpoint.ts';
import type { WorkerEvent } from '../../../../src/protocol/worker.ts';
import { isTemporaryName } from '../../../../src/runs/disk/atomicFile.ts';
import { CheckpointFolder } from '../../../../src/runs/disk/checkpoints.ts';
import { RunRecorder } from '../../../../src/runs/recording/recorder.ts';
import { readRun } from '../../../../src/runs/reading/runReader.ts';
import { everyNth, longTest } from '../../../run/amount.ts';
import { checkpointFixture } from '../format/checkpointFixtures.ts';
import { FACTS } from '../export/fixtures.ts';
import { MemoryFiles } from '../memoryFiles.ts';
import { FaultyFiles } from '../format/recordFaults.ts';
import { inspectionOf, measuredOf, progressOf, RUN_ID, runFixture, sampleOf } from '../format/recordFixtures.ts';
import { columnsOf } from '../../../../src/runs/format/columns.ts';
import { encodeColumns } from '../../../../src/runs/format/records.ts';
import { NETWORK } from '../../../tanh.ts';
import { newFolders } from '../newFolders.ts';

const newFolder = newFolders();

const TEXT = 'a text';
const text = {
  uri: 'file:///a.txt',
  fileName: 'a.txt',
  bytes: 6,
  sha256: createHash('sha256').update(TEXT).digest('hex'),
  isKept: false,
};
const unexpected = (message: string): never => assert.fail(message);

function checkpoint(iteration: number, reason: CheckpointReason): WorkerEvent {
  return { type: 'checkpoint', runId: RUN_ID, reason, checkpoint: { ...checkpointFixture(), iteration } };
}
const state = (value: 'running' | 'paused'): WorkerEvent => ({ type: 'state', runId: RUN_ID, state: value });
const inspected = (iteration: number, T = 3): WorkerEvent =>
  measuredOf({ type: 'inspection', value: inspectionOf(iteration, T) });
const vitals = (iteration: number): WorkerEvent =>
  measuredOf({ type: 'vitals', value: { iteration, updateToWeight: 0.1, saturation: 0 } });

async function lossesOf(folder: string): Promise<number[]> {
  const { history } = await readRun(folder);
  return [...history.points('lossNats', 0, history.iterations, 4096).mean];
}
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

test('what training tells is found in the folder again', async () => {
  const folder = newFolder();
  const recorder = await RunRecorder.create(folder, runFixture({ text }), {
    onProblem: unexpected,
    nowMs: () => Date.UTC(2026, 0, 3),
  });
  recorder.receive(progressOf(0, 3));
  recorder.receive(progressOf(3, 2));
  recorder.receive(inspected(2));
  recorder.receive(measuredOf({ type: 'validation', value: { iteration: 5, lossNats: 2, characters: 9 } }));
  recorder.receive(measuredOf({ type: 'sample', value: sampleOf(4) }));
  recorder.receive({ ...progressOf(5, 1), runId: 'another' });
  recorder.receive(checkpoint(5, 'end'));
  recorder.receive({ type: 'ended', runId: RUN_ID, reason: 'finished', iterations: 5, charactersPerSecond: 1 });
  assert.equal(await recorder.keepText({ text: TEXT }), 'kept');
  assert.equal(await recorder.close(), true);
  const read = await readRun(folder);
  assert.deepEqual(await lossesOf(folder), upTo(5));
  assert.deepEqual(read.history.of('inspection'), [inspectionOf(2)]);
  assert.deepEqual(read.history.of('sample'), [sampleOf(4)]);
  assert.deepEqual(read.problems, []);
  const { state: endState, iterations, elapsedMs, best, endedAt } = read.run;
  assert.deepEqual(
    { endState, iterations, elapsedMs, best, endedAt, isKept: read.run.text?.isKept },
    {
      endState: 'finished',
      iterations: 5,
      elapsedMs: 10,
      best: { iteration: 5, lossNats: 2 },
      endedAt: '2026-01-03T00:00:00.000Z',
      isKept: true,
    },
  );
  assert.equal(await readFile(join(folder, 'text'), 'utf8'), TEXT);
  assert.equal((await new CheckpointFolder(folder).newestReadable())?.checkpoint.iteration, 5);
});

test('a run goes on from an iteration: what was beyond is void, whatever else was recorded', async () => {
  const folder = newFolder();
  const first = await RunRecorder.create(folder, runFixture(), { onProblem: unexpected });
  first.receive(progressOf(0, 10));
  first.receive(measuredOf({ type: 'sample', value: sampleOf(8) }));
  for (const at of [4, 6, 10]) {
    first.receive(checkpoint(at, 'interval'));
    await first.flush();
  }
  await first.close();
  const size = (await stat(join(folder, 'metrics'))).size;
  const again = await RunRecorder.continueAt(folder, runFixture(), 6, { onProblem: unexpected });
  assert.deepEqual(await lossesOf(folder), upTo(6));
  assert.deepEqual((await readRun(folder)).history.of('sample'), []);
  again.receive(progressOf(6, 2));
  await again.close();
  assert.deepEqual(await lossesOf(folder), upTo(8));
  assert.deepEqual(
    (await new CheckpointFolder(folder).list()).map(({ iteration }) => iteration),
    [6],
  );
  const grown = (await stat(join(folder, 'metrics'))).size;
  assert.ok(grown > size);
  await (await RunRecorder.continueAt(folder, runFixture(), 8, { onProblem: unexpected })).close();
  assert.equal((await stat(join(folder, 'metrics'))).size, grown, 'a rewind that nothing needs');
});

test('batches of single rows are written together, so that a slow run takes no more room', async () => {
  const folder = newFolder();
  const recorder = await RunRecorder.create(folder, runFixture(), { onProblem: unexpected });
  for (let at = 0; at < 640; at++) recorder.receive(progressOf(at, 1));
  await recorder.close();
  assert.deepEqual(await lossesOf(folder), upTo(640));
  const rowBytes = 72;
  const columnsBytes = encodeColumns(columnsOf(NETWORK)).length;
  assert.equal((await stat(join(folder, 'metrics'))).size, 8 + columnsBytes + 640 * rowBytes + 10 * (9 + 32));
});

test('a folder that holds a run is not begun anew', async () => {
  const folder = newFolder();
  await (await RunRecorder.create(folder, runFixture(), { onProblem: unexpected })).close();
  await assert.rejects(RunRecorder.create(folder, runFixture(), { onProblem: unexpected }), /There is a run/);
});

test('a text that is no longer the one that was trained on is not kept', async () => {
  const folder = newFolder();
  const recorder = await RunRecorder.create(folder, runFixture({ text }), { onProblem: unexpected });
  const path = newFolder();
  await writeFile(path, 'another');
  assert.equal(await recorder.keepText({ path }), 'changed');
  assert.equal(await recorder.keepText({ text: 'a Text' }), 'changed');
  await writeFile(path, TEXT);
  assert.equal(await recorder.keepText({ path }, text), 'kept');
  await recorder.close();
  assert.deepEqual((await readdir(folder)).sort(), ['metrics', 'run.json', 'samples', 'text']);
});

/** A disk that refuses what is written to it once it is full. */
function smallDisk(bytes: number): { disk: MemoryFiles; files: FaultyFiles } {
  const disk = new MemoryFiles();
  disk.capacity = bytes;
  return { disk, files: new FaultyFiles(disk) };
}

test('on a disk with little room the checkpoints come before the text, and a sentence says so', async () => {
  const facts = { ...FACTS, parameterCount: 300_000 };
  const run = runFixture({ text: { ...text, bytes: 16 * 2 ** 20 }, facts });
  const network = 3 * (2 * 8 * (3 * 300_000 + 2 * 2) + 8192 + 64 * 4) + 65_536;
  const long = 'a'.repeat(16 * 2 ** 20);
  const sha256 = createHash('sha256').update(long).digest('hex');
  for (const [room, outcome] of [
    [network + long.length - 1, 'left out'],
    [network + long.length + 10_000, 'kept'],
  ] as const) {
    const folder = '/runs/run-1';
    const { disk, files } = smallDisk(room);
    const problems: string[] = [];
    const recorder = await RunRecorder.create(folder, run, { files, onProblem: (message) => problems.push(message) });
    assert.equal(await recorder.keepText({ text: long }, { sha256, bytes: long.length }), outcome);
    recorder.receive(checkpoint(3, 'interval'));
    assert.equal(await recorder.flush(), true);
    assert.equal((await new CheckpointFolder(folder, disk).newestReadable())?.checkpoint.iteration, 3);
    await recorder.close();
    assert.equal((await readRun(folder, { files: disk })).run.text?.isKept, outcome === 'kept');
    assert.equal((await disk.readdir(folder)).includes('text'), outcome === 'kept');
    if (outcome === 'kept') assert.deepEqual(problems, []);
    else
      assert.match(
        problems.join('\n'),
        /^The disk of .* free: with the text of 17 MB there would be no room for checkpoints/,
      );
  }
});

test('where the system does not say how much room there is, the text is kept', async () => {
  const files = new FaultyFiles();
  files.fault = (_, operation) => (operation === 'freeBytes' ? 'ENOSYS' : undefined);
  const recorder = await RunRecorder.create(newFolder(), runFixture({ text }), { files, onProblem: unexpected });
  assert.equal(await recorder.keepText({ text: TEXT }), 'kept');
  await recorder.close();
});

test('of checkpoints that wait only the newest of a reason is written, after the rows before it', async () => {
  const folder = newFolder();
  const files = new FaultyFiles();
  const written: [CheckpointReason, number][] = [];
  const recorder = await RunRecorder.create(folder, runFixture(), {
    files,
    onProblem: () => undefined,
    onCheckpoint: (info, reason) => written.push([reason, info.iteration]),
  });
  files.fault = (_, operation) => (operation === 'write' ? 'ENOSPC' : undefined);
  for (const at of [1, 2, 3]) {
    recorder.receive(progressOf(at - 1, 1));
    recorder.receive(checkpoint(at, 'interval'));
    if (at < 3) recorder.receive(checkpoint(at, 'best'));
    assert.equal(await recorder.flush(), false);
  }
  assert.deepEqual(await new CheckpointFolder(folder).list(), []);
  files.fault = () => undefined;
  assert.equal(await recorder.flush(), true);
  assert.deepEqual(written, [
    ['best', 2],
    ['interval', 3],
  ]);
  assert.deepEqual(await lossesOf(folder), upTo(3));
  await recorder.close();
});

test('whoever lost the run writes nothing any more', async () => {
  const folder = newFolder();
  const recorder = await RunRecorder.create(folder, runFixture(), { onProblem: unexpected });
  recorder.receive(progressOf(0, 3));
  await recorder.abandon();
  assert.deepEqual(await lossesOf(folder), []);
});

test('inspections are dense at first, then at growing steps, and the last one before a pause is there', async () => {
  const folder = newFolder();
  const recorder = await RunRecorder.create(folder, runFixture(), { onProblem: unexpected });
  const T = 2048;
  let offered = 0;
  for (let at = 0; at < 100_000; at += 1 + Math.floor(at / 500)) {
    recorder.receive(inspected(at, T));
    offered++;
  }
  recorder.receive(inspected(100_000, T));
  recorder.receive(state('paused'));
  await recorder.close();
  const { size } = await stat(join(folder, 'metrics'));
  assert.ok(offered * 112 * 1024 > 100 * 2 ** 20);
  assert.ok(size > 8 * 2 ** 20 && size < 32 * 2 ** 20, String(size));
  assert.equal((await readRun(folder)).history.of('inspection').at(-1)?.iteration, 100_000);
});

/** A recording with everything in it: created, closed, and gone on with. */
async function record(folder: string, files: FaultyFiles, onProblem: (message: string) => void): Promise<void> {
  const recorder = await RunRecorder.create(folder, runFixture({ text }), { files, onProblem });
  for (const at of [0, 3, 6]) {
    recorder.receive(progressOf(at, 3));
    recorder.receive(inspected(at + 1));
    recorder.receive(vitals(at + 1));
    recorder.receive(measuredOf({ type: 'sample', value: sampleOf(at) }));
    recorder.receive(checkpoint(at + 3, 'interval'));
    await recorder.flush();
  }
  await recorder.keepText({ text: TEXT });
  files.fault = () => undefined;
  if ((await recorder.keepText({ text: TEXT })) !== 'kept') throw new Error('not kept');
  assert.equal(await recorder.close(), true);
}

const EVERY = everyNth(16, 'the failing operations of a recording');

for (const [first, code] of ['ENOSPC', 'EACCES', 'EIO'].entries()) {
  for (const mode of ['once', 'from then on']) {
    test(`${code} at any operation of a recording, ${mode}: told once, and everything is there in the end`, async () => {
      for (let failing = first % EVERY; ; failing += EVERY) {
        const folder = '/runs/run-1';
        const disk = new MemoryFiles();
        const files = new FaultyFiles(disk);
        const problems: string[] = [];
        let hasFailed = false;
        files.fault = (index) => {
          const fails = mode === 'once' ? index === failing : index >= failing;
          hasFailed ||= fails;
          return fails ? code : undefined;
        };
        try {
          await record(folder, files, (message) => problems.push(message));
        } catch (error) {
          // The folder could not be made: the person hears of it from whoever wanted it, and it can be tried again.
          assert.match((error as Error).message, /^The run cannot be written to /, `operation ${failing}`);
          assert.match((error as Error).message, new RegExp(code));
          assert.deepEqual(problems, []);
          files.fault = () => undefined;
          await disk.rm(folder);
          await record(folder, files, unexpected);
        }
        assert.equal(files.openHandles, 0, `operation ${failing}`);
        assert.ok(problems.length <= 1, problems.join('\n'));
        const read = await readRun(folder, { files: disk });
        assert.deepEqual([...read.history.points('lossNats', 0, 9, 4096).mean], upTo(9), `operation ${failing}`);
        assert.deepEqual(read.problems, []);
        assert.deepEqual([read.run.iterations, read.run.text?.isKept], [9, true]);
        assert.deepEqual(
          read.history.of('sample').map(({ iteration }) => iteration),
          [0, 3, 6],
        );
        assert.equal((await new CheckpointFolder(folder, disk).newestReadable())?.checkpoint.iteration, 9);
        if (!hasFailed) {
          assert.ok(failing > 40);
          break;
        }
      }
    });
  }
}

test('leftovers of a process that was killed are gone when the run goes on', async () => {
  const folder = newFolder();
  await (await RunRecorder.create(folder, runFixture(), { onProblem: unexpected })).close();
  await writeFile(join(folder, 'run.json.0123456789abcdef.tmp'), 'half');
  await (await RunRecorder.continueAt(folder, runFixture(), 0, { onProblem: unexpected })).close();
  assert.deepEqual((await readdir(folder)).filter(isTemporaryName), []);
});

test('a copied folder without run.json goes on as a run of its own', async () => {
  const folder = newFolder();
  await mkdir(folder);
  const fork = await RunRecorder.continueAt(folder, runFixture(), 0, { onProblem: unexpected });
  fork.receive(progressOf(0, 2));
  await fork.close();
  assert.deepEqual(await lossesOf(folder), upTo(2));
});

longTest('a run of a million iterations stays under 100 MB and is read again', async () => {
  const folder = newFolder();
  const recorder = await RunRecorder.create(folder, runFixture(), { onProblem: unexpected });
  const batch = 400;
  for (let at = 0; at < 1_000_000; at += batch) {
    recorder.receive(progressOf(at, batch));
    for (let k = 0; k < batch; k += 20) recorder.receive(inspected(at + k, 50));
    recorder.receive(vitals(at));
    if (at % (batch * 100) === 0) await recorder.flush();
  }
  await recorder.close();
  const { size } = await stat(join(folder, 'metrics'));
  assert.ok(size < 55 * 2 ** 20, String(size));
  const { history, problems, progress, wholeFrom } = await readRun(folder);
  assert.deepEqual(problems, []);
  assert.equal(history.iterations, 1_000_000);
  assert.equal(progress.iterations, 1_000_000);
  assert.ok(wholeFrom > 0 && wholeFrom <= 1_000_000 - 2 ** 17, String(wholeFrom));
  assert.equal(history.newest('lossNats'), 999_999);
  const { minimum, maximum, width, row } = history.points('lossNats', 0, 1_000_000, 3000);
  assert.deepEqual(
    [...minimum],
    Array.from(row, (_, point) => Math.fround(point * width)),
  );
  assert.deepEqual(
    [...maximum.slice(0, -1)],
    Array.from(row.slice(0, -1), (_, point) => Math.fround((point + 1) * width - 1)),
  );
  assert.ok(history.of('inspection').length > 500);
  assert.equal(history.of('inspection').at(-1)?.iteration, 999_980);
  assert.ok(history.metrics.clock.length > 500 && history.metrics.clock.length <= 4096);
});
