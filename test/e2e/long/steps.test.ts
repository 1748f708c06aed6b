import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRef } from '../../../src/network/description.ts';
import { networkOf, type Step } from '../../../src/network/network.ts';
import { parseSettings } from '../../../src/protocol/settings.ts';
import { themeNames } from '../../workbench/window.ts';
import { referenceSteps, type ReferenceStep } from '../inspection/referenceWindow.ts';
import { ofExtension, trainsAgain } from '../inspection/trainsAgain.ts';
import { freshSession, SAMPLE, train } from '../support.ts';

/** Two layers of gates: their 55 steps are folded, and walked through by keyboard. */
const SETTINGS = {
  cell: 'lstm',
  layers: 2,
  hiddenSize: 12,
  sequenceLength: 10,
  batchSize: 3,
  kernels: 'simd',
  threads: 1,
  maxEpochs: 1_000_000,
} as const;
const STREAM = 1;
const NETWORK = networkOf(SETTINGS);
const COUNT = NETWORK.steps.length;

const session = freshSession({ settings: ofExtension(SETTINGS), size: { width: 1440, height: 1400 } });
const trainedAgain = trainsAgain(SETTINGS);
const panel = (): ReturnType<typeof session>['panel'] => session().panel;
const press = (key: string): Promise<void> => session().window.page.keyboard.press(key);
let steps: ReferenceStep[] = [];

function norm(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}

/** The norm of what a step gives: of an outer product that of its two factors, of the loss its value. */
function normOf(step: Step, { now, before, errors, messages, lossNats, N }: ReferenceStep): number {
  if (step.kind === 'loss') return lossNats / N;
  if (step.kind === 'error') return norm(errors[step.of]);
  if (step.kind === 'message') return norm(messages[step.to]);
  if (step.v === undefined || step.v === 'x') return norm(errors[step.u]);
  const { name, isBefore } = readRef(step.v);
  return norm(errors[step.u]) * norm((isBefore ? before : now)[name]);
}

async function waitForStep(step: number, t: number): Promise<void> {
  await panel().waitForText('walk-where', (text) => text === `step ${step} of ${COUNT} at t = ${t}`);
  await panel()
    .frame.locator(`[data-testid="side-b"]:not([data-stale]) [data-testid="step-${step}"][data-open]`)
    .waitFor();
}

function assertNear(actual: number, expected: number, what: string): void {
  const allowed = 1e-9 * Math.abs(expected);
  assert.ok(Math.abs(actual - expected) <= allowed, `${what} is ${actual}, the reference has ${expected}`);
}

/** Asserts that this step alone is open, in sight under headings that are open, with the norm of the reference. */
async function compareStep(step: number, t: number): Promise<void> {
  await waitForStep(step, t);
  const what = `step ${step} at t = ${t}`;
  const sideB = panel().testId('side-b');
  assert.equal(await sideB.locator('.step[data-open]').count(), 1, what);
  const item = panel().testId(`step-${step}`);
  assert.equal(await item.locator('.step-body').isVisible(), true, what);
  const closed = await item.evaluate(
    (open) =>
      [...document.querySelectorAll('.fold')].filter(
        (fold) => fold.contains(open) && fold.querySelector('[aria-expanded="true"]') === null,
      ).length,
  );
  assert.equal(closed, 0, `${what} is under a heading that is closed`);
  assert.equal((await sideB.locator('.fold[data-held]').count()) > 0, true, what);
  const shown = Number(await panel().testId(`step-${step}-norm`).getAttribute('data-value'));
  assertNear(shown, normOf(NETWORK.steps[step - 1], steps[t]), what);
}

test('a window of a network of two layers is looked into, with its steps folded by layer', async () => {
  await train(session(), SAMPLE, 'My settings');
  await panel().waitForNumber('iteration', (iteration) => iteration > 20, 60_000);
  await panel().click('button-pause');
  await panel().waitForText('state', (state) => /paused/i.test(state));
  const iteration = await panel().readNumber('iteration');
  steps = referenceSteps(trainedAgain(iteration), parseSettings(SETTINGS), STREAM);
  await panel().click('tab-steps');
  await panel().testId('tape-stream').fill(String(STREAM));
  await press('Enter');
  await panel().waitForText(
    'tape-iteration',
    (text) => text.includes('next, not yet run') && !text.includes('still of'),
  );
  for (const fold of ['layer-1', 'layer-2', 'messages']) {
    assert.equal(await panel().testId(`side-b-fold-${fold}`).getAttribute('aria-expanded'), 'false', fold);
  }
  await session().picture('steps-folded');
});

test('the keyboard walks through every step of it in order, and opens what it is folded into', async () => {
  await panel().testId('tape').focus();
  await press('End');
  await press('ArrowLeft');
  await press('ArrowLeft');
  const t = SETTINGS.sequenceLength - 3;
  for (let step = 1; step <= COUNT; step++) {
    if (step > 1) await press(step % 2 === 0 ? 'n' : 'ArrowDown');
    await compareStep(step, t);
    if (step === 1) await panel().testId('step-1-head').focus();
  }
  await press('Home');
  await compareStep(1, t);
  await press('End');
  await compareStep(COUNT, t);
  await press('p');
  await compareStep(COUNT - 1, t);
});

for (const theme of themeNames) {
  for (const [width, height] of [
    [1600, 2400],
    [480, 5000],
  ] as const) {
    test(`looks ${theme} ${width}`, async () => {
      await session().window.setTheme(theme);
      await session().window.resize(width, height);
      await panel().testId('state').scrollIntoViewIfNeeded();
      await session().picture(`steps-${theme}-${width}`);
    });
  }
}
