import assert from 'node:assert/strict';
import { test } from 'node:test';
import { themeNames } from '../../workbench/window.ts';
import { graveFindings } from '../axe.ts';
import { freshSession, SAMPLE, train } from '../support.ts';

/** What axe-core calls serious or critical is nowhere: in no tab, state and theme, of networks with and without gates and layers. */

const NETWORKS = [
  { name: 'tanh', settings: { 'rnnInspector.cell': 'tanh', 'rnnInspector.layers': 1 } },
  { name: 'lstm-2', settings: { 'rnnInspector.cell': 'lstm', 'rnnInspector.layers': 2 } },
] as const;
const TABS = ['overview', 'steps', 'memory'] as const;

const session = freshSession({
  settings: {
    'rnnInspector.maxEpochs': 1_000_000,
    'rnnInspector.hiddenSize': 24,
    'rnnInspector.sequenceLength': 20,
    'rnnInspector.batchSize': 8,
  },
});
const panel = (): ReturnType<typeof session>['panel'] => session().panel;

/** @param where what is on the screen. */
async function isClean(where: string): Promise<void> {
  assert.deepEqual(await graveFindings(panel()), [], where);
}

for (const { name, settings } of NETWORKS) {
  test(`${name} is paused`, async () => {
    const { window } = session();
    await window.changeSettings(settings);
    await train(session(), SAMPLE, 'My settings');
    await panel().waitForNumber('iteration', (iteration) => iteration > 100, 240_000);
    await panel().click('button-pause');
    await panel().waitForText('state', (state) => /paused/i.test(state));
  });
  for (const theme of themeNames) {
    for (const tab of TABS) {
      test(`${name} ${theme} ${tab}`, async () => {
        await session().window.setTheme(theme);
        await panel().click(`tab-${tab}`);
        await isClean(tab);
      });
    }
  }
  test(`${name} is stopped`, async () => {
    await session().window.runCommand('RNN Inspector: Stop');
    await panel().waitForText('state', (state) => /stopped/i.test(state));
  });
}
