import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshSession, SAMPLE, train } from '../support.ts';

/** A checkpoint is never far. */
const session = freshSession({
  settings: { 'rnnInspector.maxEpochs': 1_000_000, 'rnnInspector.runs.checkpointSeconds': 1 },
});
const panel = (): ReturnType<typeof session>['panel'] => session().panel;

async function choose(label: string): Promise<void> {
  await panel().click('menu');
  await panel().frame.getByRole('menuitem', { name: label, exact: true }).click();
}

test('the menu of the panel of a run offers what can be done with it', async () => {
  await train(session(), SAMPLE, 'Quick look');
  await panel().waitForNumber('iteration', (iteration) => iteration > 300, 60_000);
  await session().runs.open();
  await session().runs.waitForRun('running');
  await panel().click('menu');
  const items = panel().frame.locator('#header-menu').getByRole('menuitem');
  await items.first().waitFor();
  assert.deepEqual(await items.allInnerTexts(), [
    'Train again',
    'Fork…',
    'Compare with…',
    'Export…',
    'Train on another file…',
    'Show the file',
    'Settings',
    'Log',
  ]);
  await panel().click('menu');
});

test('a run is exported from there', async () => {
  await choose('Export…');
  const formats = await session().window.quickPickItems();
  assert.ok(
    formats.some((format) => format.includes('PyTorch')),
    formats.join(),
  );
  await session().window.dismissQuickInput();
});

test('a run that is the only one is compared with none, and says so', async () => {
  await choose('Compare with…');
  await session().window.waitForNotification('There is no other run yet');
});

test('a run is forked from there, which asks from which checkpoint', async () => {
  await choose('Fork…');
  const checkpoints = await session().window.quickPickItems();
  assert.ok(
    checkpoints.some((checkpoint) => /\d/.test(checkpoint)),
    checkpoints.join(),
  );
  await session().window.dismissQuickInput();
});

test('with another run there, a comparison of both is opened', async () => {
  await session().window.runCommand('RNN Inspector: Stop');
  await panel().waitForText('state', (state) => state === 'Stopped');
  await train(session(), SAMPLE, 'Quick look');
  await panel().waitForNumber('iteration', (iteration) => iteration > 100, 60_000);
  await choose('Compare with…');
  const others = await session().window.quickPickItems();
  assert.equal(others.length, 1);
  await session().window.quickInput.locator('.monaco-list-row').first().click();
  await session().window.page.keyboard.press('Enter');
  await session().window.page.locator('.tabs-container .tab[aria-label^="Compare"]').waitFor();
});
