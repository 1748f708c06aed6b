import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleText } from '../../../src/text/sampleText.ts';
import { themeNames } from '../../workbench/window.ts';
import { graveFindings } from '../axe.ts';
import { drawn, freshSession, keepForReadme, SAMPLE, train } from '../support.ts';

/** Three networks, each over after a second or some. */
const PRESETS = ['Quick look', 'Balanced', 'min-char-rnn'];
const CHARTS = ['chart-compare-loss', 'chart-compare-norms', 'chart-compare-horizons', 'chart-compare-profiles'];

const session = freshSession({
  settings: { 'rnnInspector.maxEpochs': 1, 'rnnInspector.runs.checkpointSeconds': 1 },
  files: { [SAMPLE]: sampleText().slice(0, 50_000) },
});
const panel = (): ReturnType<typeof session>['panel'] => session().panel;

/** Waits until the chart of losses has the curves of these runs, by their letters, and of no others. */
async function showsRuns(...keys: readonly string[]): Promise<void> {
  const label = await panel().waitForAttribute('chart-compare-loss', 'aria-label', (text) =>
    text.includes(`of ${keys.length} run`),
  );
  for (const key of keys) assert.ok(label.includes(`. ${key} `), label);
}

test('runs that are over are chosen in the view and compared', async () => {
  const { window, runs } = session();
  await runs.open();
  for (const [before, preset] of PRESETS.entries()) {
    await window.page.keyboard.press('ControlOrMeta+1');
    await train(session(), SAMPLE, preset);
    await runs.run('finished').nth(before).waitFor({ timeout: 60_000 });
  }
  await runs.waitForCount(PRESETS.length);
  const [first, ...others] = await runs.runs.all();
  await runs.select(first, ...others);
  await runs.pick(others[0], 'Compare runs');
  // Of the panels on the screen the comparison alone is left.
  await window.closeTab('RNN:');
  await panel().waitForText('compare-title', (title) => title === 'Comparison of 3 runs');
  await window.closeTab(SAMPLE);
});

test('the table tells of each run how it ended and in which settings they differ', async () => {
  const text = await panel().readTestId('compare-table');
  for (const word of ['hidden size', 'optimizer', 'learning rate', 'adagrad', '64', '128', '100']) {
    assert.ok(text.includes(word), `no "${word}" in: ${text}`);
  }
  assert.equal(await panel().testId('compare-table').locator('tbody tr').count(), PRESETS.length);
  assert.match(text, /Finished/);
});

test('every run has a curve of its own, which the legend hides and shows', async () => {
  await showsRuns('A', 'B', 'C');
  const all = await drawn(session(), 'chart-compare-loss');
  await panel().click('compare-loss-A');
  await showsRuns('B', 'C');
  assert.equal(await panel().testId('compare-loss-A').getAttribute('aria-pressed'), 'false');
  const without = await panel().waitForOtherPixels('chart-compare-loss', all);
  await panel().click('compare-loss-B');
  await showsRuns('C');
  await panel().waitForOtherPixels('chart-compare-loss', without);
  await panel().click('compare-loss-A');
  await panel().click('compare-loss-B');
  await showsRuns('A', 'B', 'C');
  // The curve of the run whose name is pointed at stands out.
  await panel().testId('compare-title').click();
  await panel().waitForPixels('chart-compare-loss', ({ hash }) => hash === all.hash);
});

test('the charts go over iterations, characters seen and time', async () => {
  const hashes = new Set<string>();
  for (const axis of ['characters', 'time', 'iteration']) {
    const before = await panel().canvasPixels('chart-compare-loss');
    await panel().testId('x-axis').locator(`[data-value="${axis}"]`).click();
    await panel().testId('x-axis').locator(`[data-value="${axis}"][aria-checked="true"]`).waitFor();
    hashes.add((await panel().waitForOtherPixels('chart-compare-loss', before)).hash);
  }
  assert.equal(hashes.size, 3);
});

test('the comparison comes back after the window was reloaded, as it was left', async () => {
  await panel().testId('x-axis').locator('[data-value="characters"]').click();
  await session().window.reload();
  await panel().waitForText('compare-title', (title) => title === 'Comparison of 3 runs', 60_000);
  await panel().testId('x-axis').locator('[data-value="characters"][aria-checked="true"]').waitFor();
  await drawn(session(), 'chart-compare-loss');
});

for (const theme of themeNames) {
  for (const size of ['wide', 'narrow'] as const) {
    test(`the comparison is drawn in the theme ${theme}, ${size}`, async () => {
      const { window } = session();
      await window.setTheme(theme);
      await (size === 'wide' ? window.resize(1600, 1500) : window.resize(800, 3000));
      for (const chart of CHARTS) await drawn(session(), chart);
      assert.deepEqual(await graveFindings(panel()), []);
      await panel().testId('compare-title').scrollIntoViewIfNeeded();
      await window.page.mouse.move(5, 300);
      const picture = await session().picture(`compare-${theme}-${size}`);
      if (theme === 'dark' && size === 'wide') keepForReadme(picture, 'compare.png');
    });
  }
}

test('a run is taken out of the comparison', async () => {
  await panel().click('remove-C');
  await panel().waitForText('compare-title', (title) => title === 'Comparison of 2 runs');
  assert.equal(await panel().testId('compare-table').locator('tbody tr').count(), 2);
});
