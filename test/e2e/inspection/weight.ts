import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metricNamesOf } from '../../../src/protocol/run.ts';
import { session, SETTINGS, trainedAgain } from './session.ts';

const panel = (): ReturnType<typeof session>['panel'] => session().panel;
const CHOSEN = { row: 7, column: 3 };
const AT = CHOSEN.row * SETTINGS.hiddenSize + CHOSEN.column;
/** The weight after the update of the run's next iteration, as the panel showed it. */
let after = 0;

/** Waits for the update of a weight of the run's next iteration; returns that iteration. */
async function waitForUpdate(name: string, later = -1): Promise<number> {
  await panel().waitForAttribute('weight-which', 'data-name', (shown) => shown === name);
  const note = await panel().waitForText('weight-note', (text) => {
    const iteration = Number(/iteration ([\d\s\u202f]+)/.exec(text)?.[1].replaceAll(/\D/g, ''));
    return text.includes('next, not yet run') && iteration > later;
  });
  await panel().frame.locator('[data-testid="weight"]:not([data-stale])').waitFor();
  return Number(/iteration ([\d\s\u202f]+)/.exec(note)?.[1].replaceAll(/\D/g, ''));
}

async function valueOf(key: string): Promise<number> {
  return Number(await panel().testId(`weight-${key}`).getAttribute('data-value'));
}

/** The weight before its update, as it stands in the last line. */
async function before(): Promise<number> {
  const line = await panel().testId('weight').locator('.weight-line').last().locator('.weight-numbers').textContent();
  const text = /^= \(?([−\d.e-]+)/.exec(line ?? '')?.[1] ?? assert.fail(`no number in "${line}"`);
  return Number(text.replaceAll('−', '-'));
}

test('a paused run shows the update of the largest gradient in the window that it reads next', async () => {
  await panel().click('tab-steps');
  const name = await panel().waitForAttribute('weight-which', 'data-name', (shown) => shown !== '');
  assert.equal(await waitForUpdate(name), await panel().readNumber('iteration'));
});

test('a weight that a person chooses has the numbers with which training then goes on', async () => {
  await panel().testId('weight-parameter').selectOption('W_ah');
  await panel().waitForAttribute('weight-which', 'data-name', (shown) => shown.startsWith('W_ah['));
  for (const part of ['row', 'column'] as const) {
    await panel().testId(`weight-${part}`).fill(String(CHOSEN[part]));
    await session().window.page.keyboard.press('Enter');
  }
  const iteration = await waitForUpdate(`W_ah[${CHOSEN.row},${CHOSEN.column}]`);
  await panel().testId('weight').scrollIntoViewIfNeeded();
  await session().picture('weight');
  const run = trainedAgain(iteration);
  const { W_ah } = run.kernels.parameters;
  assert.ok(Math.abs((await before()) / W_ah[AT] - 1) < 1e-5, `${W_ah[AT]} before`);
  const { row } = run.iterate();
  const gradNorm = row[metricNamesOf(run.kernels.network).indexOf('gradNorm')];
  assert.ok(Math.abs((await valueOf('norm')) / gradNorm - 1) < 1e-3, `norm ${gradNorm}`);
  after = await valueOf('weight');
  assert.ok(Math.abs(after - W_ah[AT]) < 1e-6 * Math.max(1, Math.abs(after)), `${W_ah[AT]} after, shown ${after}`);
  assert.ok(Math.abs((await valueOf('gradient')) / run.kernels.gradients.W_ah[AT] - 1) < 1e-3);
});

test('a step makes the weight after the weight before', async () => {
  const iteration = await panel().readNumber('iteration');
  await panel().click('button-step');
  await waitForUpdate(`W_ah[${CHOSEN.row},${CHOSEN.column}]`, iteration);
  const now = await before();
  assert.ok(Math.abs(now / after - 1) < 1e-5, `${now} before, ${after} after the step before`);
});

test('the weight is kept where the panel’s page is loaded anew', async () => {
  await panel()
    .testId('weight')
    .evaluate((figure) => figure.setAttribute('data-old-page', ''));
  await session().window.runCommand('Developer: Reload Webviews');
  await panel().frame.locator('[data-testid="weight"]:not([data-old-page])').waitFor();
  await waitForUpdate(`W_ah[${CHOSEN.row},${CHOSEN.column}]`);
});

test('another weight is chosen in an open matrix, with the keyboard', async () => {
  await panel().testId('step-10-head').click();
  // What is focused before its numbers have come would lose the focus to them.
  await panel().frame.locator('[data-testid="side-b"]:not([data-stale]) .figure-matrix:not([data-stale])').waitFor();
  await panel().waitForText('matrix-norm', (text) => text.startsWith('norm'));
  await panel().testId('matrix').focus();
  for (const key of ['ArrowUp', 'ArrowLeft', 'ArrowDown']) await session().window.page.keyboard.press(key);
  await panel().waitForText('matrix-reading', (text) => text.startsWith('row 1, column 0:'));
  await session().window.page.keyboard.press('Enter');
  await panel().waitForAttribute('weight-which', 'data-name', (shown) => shown === 'W_ah[1,0]');
  await panel().testId('step-1-head').click();
  await panel().click('tape-live');
});
