import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { InputError } from '../../../../src/common/inputError.ts';
import { exportFolder } from '../../../../src/runs/export/folderExport.ts';
import { RunLibrary } from '../../../../src/runs/disk/library.ts';
import type { News } from '../../../../src/runs/reading/answer.ts';
import { ReadingThread } from '../../../../src/runs/reading/readingThread.ts';
import { endOfRows } from '../../../../src/runs/format/records.ts';
import { RunRecorder } from '../../../../src/runs/recording/recorder.ts';
import { readRun } from '../../../../src/runs/reading/runReader.ts';
import { readRunFile } from '../../../../src/runs/format/runFile.ts';
import { FACTS } from '../export/fixtures.ts';
import { progressOf, recordsOf, RUN_ID, runFixture } from '../format/recordFixtures.ts';

const ENTRY = fileURLToPath(new URL('../../../../src/runs/reading/worker.ts', import.meta.url));

let root: string;
let folder: string;
const threads: ReadingThread[] = [];
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'rnn-reading-'));
  folder = join(root, RUN_ID);
  const recorder = await RunRecorder.create(folder, runFixture(), { onProblem: assert.ifError });
  recorder.receive(progressOf(0, 200));
  for (const record of recordsOf(200)) recorder.add(record);
  assert.ok(await recorder.close());
});
afterEach(() => {
  for (const thread of threads.splice(0)) thread.dispose();
});
after(() => rm(root, { recursive: true }));

function threadOf(path = ENTRY): ReadingThread {
  const thread = new ReadingThread(path);
  threads.push(thread);
  return thread;
}

suite('the thread that reads runs', () => {
  test('reads what is read without it, also up to an iteration', async () => {
    const thread = threadOf();
    for (const upTo of [Infinity, 100]) {
      const { history, ...read } = await thread.readRun(folder, { upTo });
      const { history: same, ...expected } = await readRun(folder, { upTo });
      assert.deepEqual(read, expected);
      assert.deepEqual(history.snapshot(), same.snapshot());
    }
    const library = new RunLibrary(root, {
      trashRecords: join(root, 'records'),
      readRunFile: (path) => thread.readRunFile(path),
    });
    assert.deepEqual(await library.list(), await new RunLibrary(root, { trashRecords: join(root, 'records') }).list());
  });

  test('has the symbols of a run, though they travel in one string', async () => {
    const vocabulary = ['\u0000', '"', '\n', '字', '😀'];
    const described = join(root, 'described');
    const facts = { ...FACTS, vocabulary };
    const run = runFixture({ runId: 'described', facts });
    await (await RunRecorder.create(described, run, { onProblem: assert.ifError })).close();
    const read = await threadOf().readRunFile(described);
    assert.deepEqual(read, await readRunFile(described));
    assert.deepEqual(read.facts?.vocabulary, vocabulary);
    assert.deepEqual(JSON.parse(JSON.stringify(read)), JSON.parse(JSON.stringify(await readRunFile(described))));
    assert.deepEqual(structuredClone({ ...read.facts }), facts);
  });

  test('tells what is new of a run since a place, also where another thread told of it before', async () => {
    const growing = join(root, 'growing');
    const recorder = await RunRecorder.create(growing, runFixture(), { onProblem: assert.ifError });
    recorder.receive(progressOf(0, 50));
    await recorder.flush();
    const { position } = await readRun(growing);
    const rowsOf = ({ records }: News) =>
      records.map((record) => record.type === 'rows' && [record.firstIteration, endOfRows(record)]);
    recorder.receive(progressOf(50, 20));
    await recorder.flush();
    const first = await threadOf().news(growing, { read: position });
    assert.deepEqual([rowsOf(first), first.isRestarted], [[[50, 70]], false]);
    assert.equal((await threadOf().news(growing, first.place)).records.length, 0);
    recorder.receive(progressOf(70, 5));
    recorder.receive({ type: 'state', runId: RUN_ID, state: 'paused' });
    await recorder.close();
    const last = await threadOf().news(growing, first.place);
    assert.deepEqual([rowsOf(last), last.run?.state], [[[70, 75]], 'paused']);
  });

  test('exports as without it, and says why it cannot', async () => {
    const tape = { absent: 'None.' };
    const madeAt = '2026-01-01T00:00:00.000Z';
    const [path, same] = ['exported.jsonl', 'same.jsonl'].map((name) => join(root, name));
    assert.deepEqual(await threadOf().exportFolder(folder, { format: 'jsonl', path, tape, madeAt }), []);
    await exportFolder(folder, { format: 'jsonl', path: same, tape, madeAt });
    assert.equal(await readFile(path, 'utf8'), await readFile(same, 'utf8'));
    const nowhere = join(root, 'not', 'there.jsonl');
    await assert.rejects(threadOf().exportFolder(folder, { format: 'jsonl', path: nowhere, tape, madeAt }), InputError);
  });

  test('lets another one do what is long, which ends with its work, or with the first', async () => {
    const thread = threadOf();
    let other: ReadingThread | undefined;
    await thread.another(async (one) => {
      other = one;
      assert.notEqual(one, thread);
      // Nobody waits for it.
      const [long, short] = [one.readRun(folder), thread.readRunFile(folder)];
      assert.equal((await short).runId, RUN_ID);
      await long;
    });
    await assert.rejects(other?.readRunFile(folder) ?? Promise.resolve(), /has ended/);
    const begun = thread.another((one) => one.readRun(folder));
    thread.dispose();
    await assert.rejects(begun, /has ended/);
    await assert.rejects(
      thread.another((one) => one.readRunFile(folder)),
      /has ended/,
    );
  });

  test('answers many at once, and says why one cannot be read as the reader itself does', async () => {
    const thread = threadOf();
    const damaged = join(root, 'damaged');
    await RunRecorder.create(damaged, runFixture({ runId: 'damaged' }), { onProblem: assert.ifError });
    await writeFile(join(damaged, 'run.json'), '{');
    const [good, bad, absent] = await Promise.allSettled([
      thread.readRunFile(folder),
      thread.readRunFile(damaged),
      thread.readRun(join(root, 'nothing')),
    ]);
    assert.equal(good.status === 'fulfilled' && good.value.runId, RUN_ID);
    assert.ok(bad.status === 'rejected' && bad.reason instanceof InputError);
    assert.match(bad.reason.message, /run\.json of the run damaged cannot be read: it is not JSON/);
    assert.equal(absent.status === 'rejected' && (absent.reason as NodeJS.ErrnoException).code, 'ENOENT');
  });

  test('that dies says so to whoever asked, and the next question gets a thread of its own', async () => {
    const entry = join(root, 'mortal.mjs');
    await writeFile(
      entry,
      `import { parentPort } from 'node:worker_threads';
      parentPort.on('message', ({ requestId, folder }) => {
        if (folder === 'deadly') throw new Error('a test ends this thread');
        parentPort.postMessage({ requestId, ok: true, value: { folder } });
      });`,
    );
    const thread = threadOf(entry);
    const [first, dead, next] = await Promise.allSettled(
      ['one', 'deadly', 'two'].map((one) => thread.readRunFile(one)),
    );
    assert.deepEqual([first.status, dead.status, next.status], ['fulfilled', 'rejected', 'fulfilled']);
    assert.match(
      dead.status === 'rejected' ? (dead.reason as Error).message : '',
      /could not be read: a test ends this thread/,
    );
  });

  test('that has ended reads nothing any more', async () => {
    const thread = threadOf();
    const reading = thread.readRunFile(folder);
    thread.dispose();
    await assert.rejects(reading, /has ended/);
    await assert.rejects(thread.readRunFile(folder), /has ended/);
  });
});
