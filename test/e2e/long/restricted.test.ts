import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshSession, SAMPLE, train } from '../support.ts';

const session = freshSession({
  restricted: true,
  files: { '.vscode/settings.json': JSON.stringify({ 'rnnInspector.hiddenSize': 3 }) },
});

test('in restricted mode a run trains, with the settings of the workspace ignored', async () => {
  await session().window.statusBarItem('Restricted Mode').waitFor();
  await train(session(), SAMPLE, 'My settings');
  await session().panel.waitForNumber('iteration', (iteration) => iteration > 3, 60_000);
  assert.match(await session().panel.readTestId('facts'), /H\s=\s128/);
});
