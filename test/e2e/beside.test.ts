import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator } from 'playwright-core';
import { longTest } from '../run/amount.ts';
import { themeNames } from '../workbench/window.ts';
import { freshSession, pictured, SAMPLE } from './support.ts';

/** Nobody has seen the shades before, and runs go on until they are stopped. */
const session = freshSession({ settings: { 'rnnInspector.maxEpochs': 1_000_000 }, size: { width: 1280, height: 800 } });
const panel = (): ReturnType<typeof session>['panel'] => session().panel;
const page = (): ReturnType<typeof session>['window']['page'] => session().window.page;
const tabs = (name: string): Locator => page().locator(`.tabs-container .tab[aria-label^="${name}"]`);
const lens = (text: string): Locator =>
  page().locator('.codelens-decoration a, .codelens-decoration span').getByText(text);

/** *Train RNN on file* in the context menu of a file of the explorer. */
async function trainFromExplorer(preset: string): Promise<void> {
  const { window } = session();
  await window.runCommand('File: Focus on Files Explorer');
  const file = page().locator('.explorer-folders-view .monaco-list-row', { hasText: SAMPLE });
  await window.pickFromContextMenu(file, 'Train RNN on file');
  await window.pickQuickPick(preset);
}

test('from the explorer the text opens on the left and the panel beside it', async () => {
  await pictured(session(), 'beside-explorer', async () => {
    await trainFromExplorer('Quick look');
    await panel().waitForNumber('iteration', (iteration) => iteration > 100, 60_000);
    const [text, run] = await Promise.all([tabs(SAMPLE).boundingBox(), tabs('RNN:').boundingBox()]);
    assert.ok(text !== null && run !== null && text.x < run.x, JSON.stringify([text, run]));
    assert.equal(await page().locator('.editor-group-container').count(), 2);
    await page().locator(`.monaco-editor[data-uri$="/${SAMPLE}"]:visible`).waitFor();
    // An only run goes by its file.
    await tabs(`RNN: ${SAMPLE}`)
      .and(page().getByRole('tab', { name: `RNN: ${SAMPLE}`, exact: false }))
      .waitFor();
    await lens('RNN: shade = surprise (loss)').waitFor();
  });
});

test('the panel says what the shades are, with the numbers of the editor', async () => {
  const legend = panel().testId('shades').first();
  assert.match(
    await legend.innerText(),
    /loss of a character, nats:\s*< 0\.25\s*0\.25–0\.5\s*0\.5–1\s*1–2\s*2–4\s*≥ 4/,
  );
  const colours = (at: Locator): Promise<string[]> =>
    at.evaluateAll((all) => all.map((element) => getComputedStyle(element).backgroundColor));
  const ofLegend = await colours(legend.locator('[class^="shade-"]'));
  assert.equal(new Set(ofLegend).size, 6, ofLegend.join(' '));
  const ofEditor = new Set(await colours(page().locator('.view-overlays .cdr')));
  const shades = [...ofEditor].filter((color) => color.startsWith('rgba(224, 33, 138, '));
  assert.ok(
    shades.length >= 2 && shades.every((color) => ofLegend.includes(color)),
    `${shades.join(' ')} of ${ofLegend.join(' ')}`,
  );
});

test('a person who got it is not told again', async () => {
  await lens('Got it').click();
  await lens('Got it').waitFor({ state: 'detached' });
  await session().window.runCommand('RNN Inspector: Pause');
  await session().window.reload();
  await panel().waitForNumber('iteration', (iteration) => iteration > 0, 60_000);
  await panel().click('button-resume');
  await panel().waitForText('state', (state) => /running/i.test(state), 60_000);
  await page().locator('.view-overlays .cdr').first().waitFor();
  assert.equal(await lens('RNN: shade = surprise').count(), 0);
});

test('two runs on one file are told apart in tabs, list and status bar, which counts what trains', async () => {
  const { window, runs } = session();
  await pictured(session(), 'beside-two-runs', async () => {
    await trainFromExplorer('LSTM');
    await page().locator('.monaco-dialog-box').getByRole('button', { name: 'Train both' }).click();
    await tabs(`RNN: ${SAMPLE} · lstm`).waitFor();
    await tabs(`RNN: ${SAMPLE} · tanh`).waitFor();
    assert.equal(await page().locator('.editor-group-container').count(), 2, 'one split serves all');
    await window.statusBarItem('2 training').waitFor();
    await window.statusBarItem('lstm').waitFor();
    await runs.open();
    assert.match(await runs.waitForRun(/^lstm/), /running/);
    assert.match(await runs.waitForRun(/^tanh/), /running/);
  });
  await window.statusBarItem('2 training').click();
  assert.deepEqual((await window.quickPickItems()).sort(), [`${SAMPLE} · lstm`, `${SAMPLE} · tanh`]);
  await window.pickQuickPick(`${SAMPLE} · tanh`);
  await tabs(`RNN: ${SAMPLE} · tanh`).and(page().locator('.active')).waitFor();
  await window.statusBarItem('tanh').waitFor();
});

test('the name that a person gives is in the tab', async () => {
  const { window, runs } = session();
  await runs.select(runs.run(/^lstm/));
  await page().keyboard.press('F2');
  const input = window.quickInput.locator('input').first();
  await input.waitFor();
  await input.fill('gated');
  await page().keyboard.press('Enter');
  await tabs(`RNN: ${SAMPLE} · gated`).waitFor();
  await runs.waitForRun(/^gated.*lstm cell/s);
});

longTest('the legend is there in every kind of theme, beside the tape and narrow too', async () => {
  const { window } = session();
  await panel().click('tab-steps');
  for (const theme of themeNames) {
    await window.setTheme(theme);
    await panel().testId('editor-legend').waitFor();
    await session().picture(`beside-legend-${theme}`);
    await panel().click('tab-overview');
    await panel().testId('sample-text').scrollIntoViewIfNeeded();
    await session().picture(`beside-sample-${theme}`);
    await panel().click('tab-steps');
  }
  await window.setTheme('dark');
});

longTest('a run that is in front says in the status bar that another one trains', async () => {
  const { window } = session();
  await window.runCommand('RNN Inspector: Stop');
  await window.statusBarItem('RNN stopped').waitFor();
  await window.statusBarItem('1 training').waitFor();
  await panel().click('tab-overview');
  await panel().testId('message').scrollIntoViewIfNeeded();
  await session().picture('beside-stopped');
});
