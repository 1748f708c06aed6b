import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { RunHistory } from '../../../src/protocol/history.ts';
import { METRIC_NAMES } from '../../../src/protocol/run.ts';
import { DEFAULT_SETTINGS } from '../../../src/protocol/settings.ts';
import { RunStore, type StoredRun } from '../../../src/runs/storedRun.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rnn-runs-'));
});
after(() => rm(folder, { recursive: true }));

function run(runId: string): StoredRun {
  const history = new RunHistory();
  history.addRows(new Float64Array(METRIC_NAMES.length * 3).fill(2));
  return {
    version: 1,
    uri: 'file:///text.txt',
    description: {
      runId,
      fileName: 'text.txt',
      settings: DEFAULT_SETTINGS,
      sampling: { prompt: '', length: 10, temperature: 1, topK: 0 },
    },
    status: {
      state: 'running',
      iteration: 3,
      epoch: 0.1,
      characters: 30,
      elapsedMs: 5,
      charactersPerSecond: 6000,
      restored: false,
    },
    history: history.snapshot(),
    study: {},
  };
}

test('what is written is read back the same, by either way of writing', async () => {
  const store = new RunStore(join(folder, 'same'));
  await store.write(run('one'));
  store.writeNow(run('two'));
  assert.deepEqual(await store.read('one'), run('one'));
  assert.deepEqual(await store.read('two'), run('two'));
  assert.equal(await store.read('three'), undefined);
});

test('what was written as a window closed stands for the end of its run, whichever write finishes last', async () => {
  const store = new RunStore(join(folder, 'closing'));
  const last = { ...run('one'), status: { ...run('one').status, epoch: 0.2 } };
  store.writeNow(last);
  await store.write(run('one'));
  assert.deepEqual(await store.read('one'), last);
});

test('a cut, foreign or altered file is an error that names it, never a wrong history', async () => {
  const store = new RunStore(join(folder, 'damaged'));
  await store.write(run('cut'));
  const path = join(folder, 'damaged', 'cut.run');
  const whole = await readFile(path);
  for (let length = 0; length < whole.length; length += 97) {
    await truncate(path, length);
    await assert.rejects(store.read('cut'), /cut\.run is damaged/);
    await writeFile(path, whole);
  }
  await writeFile(path, 'something else');
  await assert.rejects(store.read('cut'), /cut\.run is damaged/);
});

test('a run id that is a path is refused', async () => {
  await assert.rejects(new RunStore(folder).read('../secret'));
});

test('only the newest runs are kept, but none that is spared, and no leftovers of a write that was cut off', async () => {
  const many = join(folder, 'many');
  const store = new RunStore(many, 3);
  for (const [index, id] of ['a', 'b', 'c', 'd', 'e'].entries()) {
    await store.write(run(id), new Set(['a']));
    await utimes(join(many, `${id}.run`), index + 1, index + 1);
  }
  await writeFile(join(many, 'e.run.1234'), 'cut');
  await utimes(join(many, 'e.run.1234'), 1, 1);
  await store.write(run('f'), new Set(['a']));
  assert.deepEqual((await readdir(many)).sort(), ['a.run', 'd.run', 'e.run', 'f.run']);
});
