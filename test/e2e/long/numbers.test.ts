import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byHandSettings } from '../../../src/host/run/presetSettings.ts';
import { networkOf } from '../../../src/network/network.ts';
import { BY_HAND_TEXT } from '../../../src/text/byHandText.ts';
import { themeNames } from '../../workbench/window.ts';
import { ofExtension } from '../inspection/trainsAgain.ts';
import { drawn, freshSession, train } from '../support.ts';

/** All numbers of small networks, with the eyes of a person: in every theme, wide and narrow. */

const FILE = 'hello.txt';
const SETTINGS = byHandSettings('lstm');
const session = freshSession({ files: { [FILE]: BY_HAND_TEXT }, settings: ofExtension(SETTINGS) });
const panel = (): ReturnType<typeof session>['panel'] => session().panel;

/** By how many pixels the page goes on to the right. */
function overhang(): Promise<number> {
  return panel()
    .frame.locator('html')
    .evaluate((page) => page.scrollWidth - page.clientWidth);
}

async function showNumbers(): Promise<void> {
  await panel().waitForText('state', (state) => /paused/i.test(state), 60_000);
  await panel().click('tab-steps');
  await panel().waitForAttribute('numbers', 'data-iteration', (text) => text === '0');
}

test('by hand beside the text and alone', async () => {
  await session().window.resize(1280, 800);
  await train(session(), FILE, 'By hand');
  await showNumbers();
  await session().window.runCommand('View: Toggle Primary Side Bar Visibility');
  await panel().testId('numbers-copy').scrollIntoViewIfNeeded();
  await session().picture('numbers-beside');
  for (const tab of ['overview', 'memory'] as const) {
    await panel().click(`tab-${tab}`);
    if (tab === 'memory') await drawn(session(), 'chart-influence');
    await panel().testId('state').scrollIntoViewIfNeeded();
    await session().picture(`by-hand-${tab}`);
  }
  await panel().click('tab-steps');
  await session().window.closeTab(FILE);
  await panel()
    .frame.locator('.figure-numbers')
    .evaluate((figure) => figure.scrollIntoView());
  const { height } = (await panel().frame.locator('.figure-numbers').boundingBox()) ?? assert.fail('it is not shown');
  assert.ok(height < 700, `the figure takes ${height} pixels`);
});

for (const theme of themeNames) {
  for (const [size, width, height] of [
    ['wide', 1280, 800],
    ['narrow', 480, 2200],
  ] as const) {
    test(`by hand in the theme ${theme}, ${size}`, async () => {
      if (size === 'wide') await session().window.setTheme(theme);
      await session().window.resize(width, height);
      await panel()
        .frame.locator('.figure-numbers')
        .evaluate((figure) => figure.scrollIntoView());
      assert.equal(await overhang(), 0);
      const chosen = panel().testId('numbers-side-a').locator('thead [data-chosen]');
      const { x, width: wide } = (await chosen.boundingBox()) ?? assert.fail('no column is chosen');
      assert.ok(x > 0 && x + wide <= width, 'the chosen time step is in sight');
      await session().picture(`numbers-${theme}-${size}`);
    });
  }
}

test('a run of any other preset starts paused where the settings say so: an LSTM', async () => {
  await session().window.resize(1280, 1600);
  await session().window.openFile(FILE);
  await session().window.runCommand('RNN Inspector: Train RNN on file');
  await session().window.pickQuickPick('My settings');
  await panel().waitForText('facts', (facts) => facts.includes('lstm cell'), 60_000);
  await showNumbers();
  // Both sides, and each parameter with its gradient.
  const { parameters } = networkOf(SETTINGS);
  await panel()
    .frame.locator('.number-table')
    .nth(2 + 2 * parameters.length - 1)
    .waitFor();
  assert.equal(await panel().frame.locator('.number-table').count(), 2 + 2 * parameters.length);
  // The panel of the first run is beside the text now, behind it: without it, the whole window is one panel's.
  await session().window.closeTab(`RNN: ${FILE} · tanh`);
  await session().window.closeTab(FILE);
  await panel()
    .frame.locator('.figure-numbers')
    .evaluate((figure) => figure.scrollIntoView());
  await session().picture('numbers-lstm');
});
