import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator } from 'playwright-core';
import { themeNames } from '../../workbench/window.ts';
import { drawn, freshSession, openTab, SAMPLE, train } from '../support.ts';

/** Networks of gates and layers, from the quick pick to every figure of every tab, in every theme. */

/** Each with what is chosen in the quick pick, over which settings, and what the panel says of such a network alone. */
const NETWORKS = [
  {
    name: 'lstm-2',
    preset: 'My settings',
    settings: { 'rnnInspector.cell': 'lstm', 'rnnInspector.layers': 2 },
    words: ['W_af', 'layer 2', 'lstm cell'],
  },
  {
    name: 'gru-3',
    preset: 'Quick look',
    settings: { 'rnnInspector.cell': 'gru', 'rnnInspector.layers': 3 },
    words: ['W_az', 'layer 3', 'gru cell'],
  },
] as const;
const TABS = ['overview', 'steps', 'memory'] as const;
const CHART = 'canvas[data-testid^="chart-"]:visible';
/** What no text of the panel says where all numbers are known. */
const UNKNOWN = /NaN|undefined|\[object|Infinity/;

const session = freshSession({
  settings: {
    'rnnInspector.maxEpochs': 1000,
    'rnnInspector.hiddenSize': 24,
    'rnnInspector.sequenceLength': 20,
    'rnnInspector.batchSize': 8,
  },
});
const panel = (): ReturnType<typeof session>['panel'] => session().panel;

/** The figures of the tab that is shown. */
const figures = (): Locator => panel().frame.locator('section.figure:visible');

/** The charts of the tab that is shown: those of a figure that is hidden, or that draws nothing on a canvas, are none. */
async function charts(): Promise<string[]> {
  // Those of a window come once it has been looked into.
  await panel().frame.locator(CHART).nth(1).waitFor();
  const ids = await panel()
    .frame.locator(CHART)
    .evaluateAll((all) => all.map((canvas) => canvas.getAttribute('data-testid') ?? ''));
  assert.ok(ids.length > 1, ids.join());
  return ids;
}

/** Waits until every figure of the tab has what it shows: a picture or words, and in all of it real numbers. */
async function showsAll(): Promise<void> {
  for (const chart of await charts()) await drawn(session(), chart);
  for (const figure of await figures().all()) {
    const text = await figure.innerText();
    assert.match(text, /\S/);
    assert.doesNotMatch(text, UNKNOWN);
    for (const canvas of await figure.locator(CHART).all()) {
      const described = (await canvas.getAttribute('aria-label')) ?? '';
      assert.match(described, /\d/, text);
      assert.doesNotMatch(described, UNKNOWN);
    }
  }
  assert.doesNotMatch(await panel().frame.locator('body').innerText(), UNKNOWN);
}

test('the panel will have the whole window', () =>
  session().window.runCommand('View: Toggle Primary Side Bar Visibility'));

for (const { name, preset, settings, words } of NETWORKS) {
  test(`${name} is trained from the quick pick, and its parameters have their names`, async () => {
    const { window } = session();
    await window.setTheme('dark');
    await window.resize(1600, 1200);
    await window.changeSettings(settings);
    await train(session(), SAMPLE, preset);
    await panel().waitForNumber('iteration', (iteration) => iteration > 100, 240_000);
    await panel().click('button-pause');
    await panel().waitForText('state', (state) => /paused/i.test(state));
    await window.closeTab(SAMPLE);
    const text = await panel().frame.locator('body').innerText();
    for (const word of words) assert.ok(text.includes(word), `no ${word}`);
  });

  for (const theme of themeNames) {
    for (const tab of TABS) {
      test(`every figure of the tab ${tab} is drawn for ${name} in the theme ${theme}, wide and narrow`, async () => {
        const { window } = session();
        await window.setTheme(theme);
        for (const [size, width, height] of [
          ['wide', 1600, 2600],
          ['narrow', 480, 5200],
        ] as const) {
          await window.resize(width, height);
          await openTab(session(), tab);
          await showsAll();
          await panel().toTop();
          await session().picture(`${name}-${tab}-${theme}-${size}`);
        }
      });
    }
  }

  test(`${name} is stopped`, async () => {
    await session().window.runCommand('RNN Inspector: Stop');
    await panel().waitForText('state', (state) => /stopped/i.test(state));
  });
}
