import assert from 'node:assert/strict';
import { test } from 'node:test';
import { themeNames } from '../../workbench/window.ts';
import { graveFindings } from '../axe.ts';
import { tabStopsFrom, uselessStops } from '../tabStops.ts';
import { drawn, freshSession, SAMPLE, train } from '../support.ts';

/** What axe-core calls serious or critical is nowhere, and every stop of the Tab key can be seen: in any tab, state and theme, with and without gates and layers. */

const NETWORKS = [
  { name: 'tanh', settings: { 'rnnInspector.cell': 'tanh', 'rnnInspector.layers': 1 }, folds: [] },
  {
    name: 'lstm-2',
    settings: { 'rnnInspector.cell': 'lstm', 'rnnInspector.layers': 2 },
    folds: ['side-a-turn-all', 'side-b-turn-all', 'sum-turn-all'],
  },
] as const;
const TABS = ['overview', 'steps', 'memory'] as const;
/** Tells of a run that diverges at once. */
const DIVERGING = { 'rnnInspector.learningRate': 10, 'rnnInspector.clipNorm': 0, 'rnnInspector.optimizer': 'sgd' };

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

async function trainOn(settings: Readonly<Record<string, string | number>>): Promise<void> {
  await session().window.changeSettings(settings);
  await train(session(), SAMPLE, 'My settings');
}

async function stop(): Promise<void> {
  await session().window.runCommand('RNN Inspector: Stop');
  await panel().waitForText('state', (state) => /stopped/i.test(state));
}

/** Opens every "?" of the tab that is in sight, or closes it. */
async function turnHelps(): Promise<void> {
  for (const help of await panel().frame.locator('.help-button:visible').all()) await help.press('Enter');
}

for (const { name, settings, folds } of NETWORKS) {
  test(`${name} while it trains`, async () => {
    await session().window.setTheme('dark');
    await trainOn(settings);
    await panel().waitForNumber('iteration', (iteration) => iteration > 100, 240_000);
    await isClean('running');
    await panel().click('button-pause');
    await panel().waitForText('state', (state) => /paused/i.test(state));
  });

  for (const theme of themeNames) {
    test(`${name}, paused, in the theme ${theme}: every tab, then with all opened that opens`, async () => {
      await session().window.setTheme(theme);
      for (const tab of TABS) {
        await panel().click(`tab-${tab}`);
        await isClean(tab);
        await turnHelps();
        await isClean(`${tab} with every help`);
        await turnHelps();
      }
      await panel().click('tab-steps');
      for (const id of folds) {
        const turn = panel().testId(id);
        if ((await turn.innerText()) === 'Open all') await turn.press('Enter');
      }
      await isClean('every fold open');
      await panel().testId('menu-tape').press('Enter');
      await isClean('a menu');
      await session().window.page.keyboard.press('Enter');
      await panel().testId('numbers').waitFor();
      await isClean('a table');
      await session().picture(`numbers-${name}-${theme}`);
      await session().window.page.keyboard.press('Escape');
      await panel().testId('menu').press('Enter');
      await isClean('the menu of the panel');
      await session().window.page.keyboard.press('Escape');
    });
  }

  test(`${name}: the Tab key, forth and back, stops at what can be seen, in every tab of a narrow panel with all folds open`, async () => {
    await session().window.resize(900, 700);
    for (const tab of TABS) {
      await panel().click(`tab-${tab}`);
      for (const [from, key] of [
        ['button-resume', 'Tab'],
        [`tab-${tab}`, 'Shift+Tab'],
      ] as const) {
        const stops = await tabStopsFrom(session(), from, key);
        assert.ok(stops.length > (key === 'Tab' ? 20 : 3), stops.map((stop) => stop.name).join(', '));
        assert.deepEqual(uselessStops(stops), [], `${tab}, ${key}`);
      }
    }
    await session().window.resize(1440, 900);
  });

  test(`${name}, stopped`, async () => {
    await stop();
    await isClean('stopped');
  });
}

for (const theme of themeNames) {
  test(`a run that diverges, in the theme ${theme}`, async () => {
    await session().window.setTheme(theme);
    if (theme === 'dark') {
      await trainOn({ ...NETWORKS[0].settings, ...DIVERGING });
      await panel().waitForAttribute('health', 'data-condition', (condition) => condition === 'alarm', 120_000);
    }
    await panel().click('tab-overview');
    await drawn(session(), 'chart-loss');
    await isClean('alarm');
    await session().picture(`alarm-${theme}`);
  });
}
