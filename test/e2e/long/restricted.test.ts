import assert from 'node:assert/strict';
import { test } from 'node:test';
import { storedRun } from '../../unit/host/runsFixtures.ts';
import { freshSession, SAMPLE, train } from '../support.ts';

const session = freshSession({
  restricted: true,
  files: {
    '.vscode/settings.json': JSON.stringify({ 'rnnInspector.hiddenSize': 3 }),
    '.rnn-runs/evil/run.json': JSON.stringify(storedRun({ runId: 'evil', name: 'not mine' })),
  },
});

test('in restricted mode a run trains, with the settings and the runs of the workspace ignored', async () => {
  await session().window.statusBarItem('Restricted Mode').waitFor();
  await train(session(), SAMPLE, 'My settings');
  await session().panel.waitForNumber('iteration', (iteration) => iteration > 3, 60_000);
  assert.match(await session().panel.readTestId('facts'), /H\s=\s128/);
  await session().runs.open();
  await session().runs.waitForRun('running');
  assert.equal(await session().runs.runs.count(), 1, 'the run that came with the folder is left alone');
});
