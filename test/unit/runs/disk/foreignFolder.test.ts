import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import {
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, suite, test } from 'node:test';
import { InputError } from '../../../../src/common/inputError.ts';
import { CheckpointFolder } from '../../../../src/runs/disk/checkpoints.ts';
import { acquire, isHeld, ownerOf, thisOwner } from '../../../../src/runs/disk/lock.ts';
import { RunLibrary } from '../../../../src/runs/disk/library.ts';
import { takeBackRunFolder } from '../../../../src/runs/recording/runFolder.ts';
import { readRun } from '../../../../src/runs/reading/runReader.ts';
import { importNetworkFile } from '../../../../src/runs/import/stateDict.ts';
import { putRun, storedRun } from '../../host/runsFixtures.ts';
import { diskFiles, type RunFileHandle, type RunFiles } from '../../../../src/runs/disk/files.ts';
import { encodeFrame, MAGIC } from '../../../../src/runs/format/recordFrames.ts';
import { encodeRecord } from '../../../../src/runs/format/records.ts';
import { checkpointFixture } from '../format/checkpointFixtures.ts';
import { fileOf, inspectionOf } from '../format/recordFixtures.ts';
import { METRIC_NAMES } from '../../../tanh.ts';

/** What somebody else may have put into a folder of runs: git carries links, and a pipe is made by one command. */

const parent = await mkdtemp(join(tmpdir(), 'rnn-foreign-'));
after(() => rm(parent, { recursive: true }));
const noLinks = process.platform === 'win32' ? 'links need rights of their own' : false;
const HOUR_MS = 3600 * 1000;

let root: string;
let outside: string;
let nowMs: number;
let library: RunLibrary;
beforeEach(async () => {
  const folder = await mkdtemp(join(parent, 'case-'));
  [root, outside] = [join(folder, '.rnn-runs'), join(folder, 'outside')];
  await mkdir(root);
  await mkdir(outside);
  nowMs = 0;
  library = new RunLibrary(root, { trashRecords: join(folder, 'records'), now: () => nowMs });
});

function handleOf(handle: RunFileHandle): RunFileHandle {
  return {
    read: (...place) => handle.read(...place),
    write: (...place) => handle.write(...place),
    truncate: (length) => handle.truncate(length),
    sync: () => handle.sync(),
    stat: () => handle.stat(),
    close: () => handle.close(),
  };
}

suite('a trash that somebody else filled', { skip: noLinks }, () => {
  test('is a link: nothing behind it is removed, and no run is moved there', async () => {
    for (const name of ['thesis.2024', 'ls.1']) await mkdir(join(outside, name));
    await symlink(outside, join(root, '.trash'));
    nowMs = Date.now();
    assert.deepEqual(await library.purgeTrash(HOUR_MS), []);
    await putRun(root, storedRun());
    await assert.rejects(library.remove('one'), /it is a link, and links in a run are not followed/);
    await library.purgeTrash(0);
    assert.deepEqual((await readdir(outside)).sort(), ['ls.1', 'thesis.2024']);
    assert.ok(existsSync(join(root, 'one')));
  });

  test('becomes a link later: what was put there is looked for no more', async () => {
    await putRun(root, storedRun());
    await library.remove('one');
    await rm(join(root, '.trash'), { recursive: true });
    await mkdir(join(outside, 'one.0'));
    await symlink(outside, join(root, '.trash'));
    nowMs = 2 * HOUR_MS;
    await library.purgeTrash(HOUR_MS);
    await assert.rejects(library.undoRemove('one'), /deleted for good/);
    assert.deepEqual(await readdir(outside), ['one.0']);
  });

  test('holds what nobody put there: it stays', async () => {
    await mkdir(join(root, '.trash', 'thesis.2024'), { recursive: true });
    await putRun(root, storedRun());
    await library.remove('one');
    nowMs = Date.now();
    await library.purgeTrash(HOUR_MS);
    assert.deepEqual(await readdir(join(root, '.trash')), ['thesis.2024']);
    await assert.rejects(library.undoRemove('thesis'), InputError);
  });

  test('holds another folder of the same name: it stays', async () => {
    await putRun(root, storedRun());
    await library.remove('one');
    await mkdir(join(outside, 'another'));
    await rm(join(root, '.trash', 'one.0'), { recursive: true });
    await rename(join(outside, 'another'), join(root, '.trash', 'one.0'));
    nowMs = 2 * HOUR_MS;
    await library.purgeTrash(HOUR_MS);
    assert.deepEqual(await readdir(join(root, '.trash')), ['one.0']);
  });
});

suite('a run that somebody else made', { skip: noLinks }, () => {
  test('is a link: it is no run', async () => {
    await putRun(outside, storedRun());
    await symlink(join(outside, 'one'), join(root, 'one'));
    assert.deepEqual(await library.list(), []);
    assert.equal(await library.find('one'), undefined);
  });

  test('has files that are links: they count nothing, and are neither read nor written', async () => {
    const secret = join(outside, 'profile');
    await writeFile(secret, 'as it was');
    await putRun(root, storedRun({ isPinned: true }));
    const folder = join(root, 'one');
    const before = (await library.find('one'))?.bytes ?? NaN;
    await rm(join(folder, 'metrics'), { force: true });
    await truncate(secret, 100_000_000);
    for (const name of ['samples', 'metrics', 'owner.json']) await symlink(secret, join(folder, name));
    assert.ok(((await library.find('one'))?.bytes ?? NaN) <= before);
    await assert.rejects(takeBackRunFolder(folder, storedRun(), 0), /is a link, and links in a run are not followed/);
    await assert.rejects(readRun(folder), /it is a link, and links in a run are not followed/);
    assert.equal(await ownerOf(folder), undefined);
    assert.equal((await readFile(secret)).subarray(0, 9).toString(), 'as it was');
  });

  test('has a folder of checkpoints that is a link: none of another run is read, written or removed', async () => {
    await putRun(outside, storedRun({ runId: 'other' }));
    await new CheckpointFolder(join(outside, 'other')).write(checkpointFixture(), 'end');
    const there = await readdir(join(outside, 'other', 'checkpoints'));
    const folder = join(root, 'one');
    await mkdir(folder);
    await symlink(join(outside, 'other', 'checkpoints'), join(folder, 'checkpoints'));
    const checkpoints = new CheckpointFolder(folder);
    await assert.rejects(checkpoints.list(), /it is a link, and links in a run are not followed/);
    await assert.rejects(checkpoints.removeAfter(0), /it is a link, and links in a run are not followed/);
    await assert.rejects(
      checkpoints.write(checkpointFixture(), 'end'),
      /it is a link, and links in a run are not followed/,
    );
    assert.deepEqual(await readdir(join(outside, 'other', 'checkpoints')), there);
  });

  test('has pipes for files: nothing waits for them', async () => {
    await putRun(root, storedRun());
    const folder = join(root, 'one');
    for (const name of ['run.json', 'metrics', 'samples', 'owner.json']) {
      await rm(join(folder, name), { force: true });
      execFileSync('mkfifo', [join(folder, name)]);
    }
    const [summary] = await library.list();
    assert.match(summary.problem ?? '', /it is a pipe, a device or a socket, not a file/);
    await assert.rejects(readRun(folder), /it is a pipe, a device or a socket/);
    assert.equal(await ownerOf(folder), undefined);
    await assert.rejects(importNetworkFile(join(folder, 'metrics')), /is not a file/);
  });

  test('has a lock that is a link: it is refused, and what it leads to keeps its time', async () => {
    await putRun(root, storedRun());
    await symlink(outside, join(root, 'one', 'lock'));
    const { mtimeMs } = await stat(outside);
    await assert.rejects(acquire(join(root, 'one'), thisOwner('a test')), /its "lock" is no folder/);
    assert.equal((await stat(outside)).mtimeMs, mtimeMs);
  });

  test('has a lock and a guard from years ahead: nobody holds it', async () => {
    await putRun(root, storedRun());
    const years = new Date(Date.now() + 1e11);
    for (const name of ['lock', 'lock.guard']) {
      await mkdir(join(root, 'one', name));
      await utimes(join(root, 'one', name), years, years);
    }
    assert.equal(await ownerOf(join(root, 'one')), undefined);
    const lock = await acquire(join(root, 'one'), thisOwner('a test'));
    assert.ok(!isHeld(lock));
    await lock.release();
  });

  test('is neither counted nor removed when room is made', async () => {
    for (const runId of ['ours', 'theirs']) await putRun(root, storedRun({ runId }), 100_000);
    const isOurs = (runId: string): boolean => runId === 'ours';
    assert.deepEqual((await library.cleanUp(150_000, new Set(), isOurs)).removed, []);
    const { removed, bytes } = await library.cleanUp(1000, new Set(), isOurs);
    assert.deepEqual([removed.map(({ runId }) => runId), bytes], [['ours'], 0]);
    await library.undoRemove('ours');
    assert.deepEqual((await library.list()).map(({ runId }) => runId).sort(), ['ours', 'theirs']);
  });

  test('claims an iteration in the far future in 121 bytes: what is missing is one gap', async () => {
    await putRun(root, storedRun());
    const rows = new Float64Array(METRIC_NAMES.length).fill(1);
    const clock = { epoch: 1, characters: 1, elapsedMs: 1, columns: METRIC_NAMES };
    await writeFile(
      join(root, 'one', 'metrics'),
      fileOf([
        { type: 'rows', firstIteration: 0, ...clock, rows },
        { type: 'rows', firstIteration: 2 ** 24, ...clock, rows },
      ]),
    );
    const { history, problems } = await readRun(join(root, 'one'));
    assert.equal(history.iterations, 2 ** 24 + 1);
    assert.match(problems.join(), /16777215 of 16777217 iterations have no numbers/);
    assert.equal(history.newest('lossNats'), 1);
    const [finest] = history.metrics.levels;
    assert.equal(finest.end - finest.first, 4096, 'the newest rows alone are kept one by one');
  });

  test('has measurements of a file of holes: reading it ends at the first thousand', async () => {
    await putRun(root, storedRun());
    const metrics = join(root, 'one', 'metrics');
    await writeFile(metrics, MAGIC);
    await truncate(metrics, 4 * 2 ** 30);
    let read = 0;
    const files: RunFiles = {
      ...diskFiles,
      async open(path, flags) {
        const handle = await diskFiles.open(path, flags);
        return {
          ...handleOf(handle),
          read: (bytes, offset, length, position) => {
            read += length;
            return handle.read(bytes, offset, length, position);
          },
        };
      },
    };
    const { problems } = await readRun(join(root, 'one'), { files });
    assert.match(problems.join(), /are no whole record/);
    assert.ok(read < 20e6, `${read} bytes were read`);
  });

  test('claims a window longer than any setting allows: it is left out', async () => {
    await putRun(root, storedRun());
    const records = [inspectionOf(1, 2048), inspectionOf(2, 2049)].map(
      (inspection) => ({ type: 'inspection', value: inspection }) as const,
    );
    await writeFile(join(root, 'one', 'metrics'), fileOf(records));
    const { history } = await readRun(join(root, 'one'));
    assert.deepEqual(
      history.of('inspection').map(({ iteration }) => iteration),
      [1],
    );
  });

  test('failed for a reason of six million characters: it is damaged, which a list says in a line', async () => {
    await putRun(root, storedRun());
    const path = join(root, 'one', 'run.json');
    await writeFile(path, JSON.stringify({ ...storedRun(), state: 'failed', failure: 'x'.repeat(1_000_000) }));
    assert.ok(((await library.find('one'))?.problem ?? '').length < 500);
    await writeFile(path, JSON.stringify({ ...storedRun(), state: 'failed', failure: 'x'.repeat(6_000_000) }));
    assert.match((await library.find('one'))?.problem ?? '', /has 6\d+ bytes; the longest that is read/);
  });

  test('holds a text longer than anybody can ask for, or a thousand versions: neither is taken', async () => {
    await putRun(root, storedRun());
    const sample = {
      iteration: 1,
      prompt: '',
      temperature: 1,
      topK: 0,
      characters: Array.from({ length: 10_001 }, () => 'a'),
      probability: new Float32Array(10_001).fill(1),
    };
    assert.equal(encodeRecord({ type: 'sample', value: sample }), undefined);
    const text = Buffer.from(
      JSON.stringify({ type: 'sample', sample: { ...sample, probability: [...sample.probability] } }),
    );
    const frame = encodeFrame(3, text.length, (payload) => payload.set(text));
    await writeFile(join(root, 'one', 'samples'), Buffer.concat([MAGIC, frame]));
    const { history, problems } = await readRun(join(root, 'one'));
    assert.equal(history.of('sample').length, 0);
    assert.match(problems.join(), /1 record was of the file samples left out/);
    const versions = Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`part-${at}`, '1']));
    await writeFile(join(root, 'one', 'run.json'), JSON.stringify({ ...storedRun(), versions }));
    assert.match((await library.find('one'))?.problem ?? '', /versions/);
  });

  test('has a million files, or as good as: a list looks at no more than a thousand of them', async () => {
    await putRun(root, storedRun());
    let looks = 0;
    const files: RunFiles = {
      ...diskFiles,
      readdir: async (path) =>
        path === join(root, 'one')
          ? Array.from({ length: 1_000_000 }, (_, at) => `file-${at}`)
          : diskFiles.readdir(path),
      stat: (path) => {
        looks++;
        return diskFiles.stat(path);
      },
    };
    await new RunLibrary(root, { trashRecords: `${root}-records`, files }).list();
    assert.ok(looks < 2000, `${looks} looks`);
  });

  test('claims a size by holes: it counts what it takes', async () => {
    await putRun(root, storedRun());
    const metrics = join(root, 'one', 'metrics');
    await writeFile(metrics, '');
    await truncate(metrics, 4 * 2 ** 30);
    assert.ok(((await library.find('one'))?.bytes ?? NaN) < 100_000);
  });
});
