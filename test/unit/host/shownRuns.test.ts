import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, suite, test } from 'node:test';
import { ShownRuns } from '../../../src/host/shownRuns.ts';

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
    const shown = new ShownRuns(path);
    shown.note([showing(one, 'run-a')]);
    shown.note([showing(one, 'run-b'), showing(other, 'run-c')]);
    await shown.settled();
    const later = new ShownRuns(path);
    assert.deepEqual([await later.runOf(one), await later.runOf(other)], ['run-b', 'run-c']);
    assert.equal(await later.runOf(randomUUID()), undefined);
  });

  test('stay while their panels have not come back yet, and go with a panel that is closed', async () => {
    const shown = new ShownRuns(path);
    shown.note([showing(one, 'run-a'), showing(other, 'run-b')]);
    await shown.settled();
    const later = new ShownRuns(path);
    later.note([showing(one, 'run-a', 'second')]);
    later.note([]);
    await later.settled();
    assert.deepEqual(await new ShownRuns(path).before, [showing(other, 'run-b')]);
  });

  test('are none where the file is not one of ours', async () => {
    const elsewhere = join(folder, 'elsewhere');
    await writeFile(elsewhere, JSON.stringify([{ panelId: '../..', runId: 'a', sessionId: '' }]));
    assert.deepEqual(await new ShownRuns(elsewhere).before, []);
    await writeFile(elsewhere, '[');
    assert.deepEqual(await new ShownRuns(elsewhere).before, []);
    const link = join(folder, 'folder');
    await symlink(folder, link);
    assert.deepEqual(await new ShownRuns(link).before, []);
  });
});
