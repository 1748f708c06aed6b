import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, suite, test } from 'node:test';
import { ShownRuns } from '../../../src/host/panel/shownRuns.ts';

let folder: string;
let path: string;
let files = 0;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rnn-shown-'));
});
beforeEach(() => {
  path = join(folder, `storage-${files++}`, 'shownRuns.json');
});
after(() => rm(folder, { recursive: true }));

const [one, other] = [randomUUID(), randomUUID()];
const showing = (panelId: string, runId: string, sessionId = 'first') => ({ panelId, runId, sessionId });

suite('the runs that panels show', () => {
  test('are there after a reload, each panel with the run that it showed last', async () => {
    const shown = new ShownRuns(path, 'first');
    shown.note([showing(one, 'run-a')]);
    shown.note([showing(one, 'run-b'), showing(other, 'run-c')]);
    await shown.settled();
    const later = new ShownRuns(path, 'first');
    assert.deepEqual([(await later.runOf(one))?.runId, (await later.runOf(other))?.runId], ['run-b', 'run-c']);
    assert.equal(await later.runOf(randomUUID()), undefined);
  });

  test('stay while their panels have not come back yet, and go with a panel that is closed', async () => {
    const shown = new ShownRuns(path, 'first');
    shown.note([showing(one, 'run-a'), showing(other, 'run-b')]);
    await shown.settled();
    const later = new ShownRuns(path, 'second');
    later.note([showing(one, 'run-a', 'second')]);
    later.note([]);
    await later.settled();
    assert.deepEqual(await new ShownRuns(path, 'first').before, [showing(other, 'run-b')]);
  });

  test('of panels that another process of the same window left behind are gone as soon as it shows others', async () => {
    const shown = new ShownRuns(path, 'first');
    shown.note([showing(one, 'run-a')]);
    await shown.settled();
    const restarted = new ShownRuns(path, 'first');
    assert.deepEqual(await restarted.before, [showing(one, 'run-a')]);
    restarted.note([showing(other, 'run-a')]);
    await restarted.settled();
    assert.deepEqual(await new ShownRuns(path, 'first').before, [showing(other, 'run-a')]);
  });

  test('are not undone by another window on the same storage', async () => {
    const shown = new ShownRuns(path, 'first');
    shown.note([showing(one, 'run-a')]);
    await shown.settled();
    const beside = new ShownRuns(path, 'second');
    await beside.before;
    shown.note([showing(one, 'run-b')]);
    await shown.settled();
    beside.note([showing(other, 'run-c', 'second')]);
    await beside.settled();
    assert.equal((await new ShownRuns(path, 'third').runOf(one))?.runId, 'run-b');
  });

  test('are known by place and id, and those that an earlier version wrote by their ids', async () => {
    const shown = new ShownRuns(path, 'first');
    shown.note([{ ...showing(one, 'run-a'), folder: '/there/run-a' }, showing(other, 'run-a')]);
    await shown.settled();
    const later = new ShownRuns(path, 'second');
    assert.deepEqual(
      [(await later.runOf(one))?.folder, (await later.runOf(other))?.folder],
      ['/there/run-a', undefined],
    );
  });

  test('are none where the file is not one of ours', async () => {
    const elsewhere = join(folder, 'elsewhere');
    await writeFile(elsewhere, JSON.stringify([{ panelId: '../..', runId: 'a', sessionId: '' }]));
    assert.deepEqual(await new ShownRuns(elsewhere, 'first').before, []);
    await writeFile(elsewhere, '[');
    assert.deepEqual(await new ShownRuns(elsewhere, 'first').before, []);
    const link = join(folder, 'folder');
    await symlink(folder, link, 'junction');
    assert.deepEqual(await new ShownRuns(link, 'first').before, []);
  });
});
