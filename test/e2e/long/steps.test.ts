import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRef } from '../../../src/network/description.ts';
import { networkOf, type Step } from '../../../src/network/network.ts';
import { parseSettings } from '../../../src/protocol/settings.ts';
import { longTest } from '../../run/amount.ts';
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
  maxEpochs: 1,
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

async function valueOf(id: string): Promise<number> {
  return Number(await panel().testId(id).getAttribute('data-value'));
}

function isOpen(id: string): Promise<string | null> {
  return panel().testId(id).getAttribute('aria-expanded');
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
  // A run that is over leaves the machine to the walk.
  await panel().waitForText('state', (state) => /finished/i.test(state), 240_000);
  const iteration = await panel().readNumber('iteration');
  steps = referenceSteps(trainedAgain(iteration), parseSettings(SETTINGS), STREAM);
  await panel().click('tab-steps');
  await panel().testId('tape-stream').fill(String(STREAM));
  await press('Enter');
  await panel().waitForText(
    'tape-iteration',
    (text) => text.includes('the network as it ended') && !text.includes('still of'),
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

test('the error of a memory is split into what comes through it and from the future', async () => {
  const t = SETTINGS.sequenceLength - 3;
  const step = NETWORK.steps.findIndex((one) => one.kind === 'error' && one.of === 'c.2') + 1;
  await panel().click('side-b-fold-layer-2');
  await panel().click('side-b-fold-a.2');
  await panel().click(`step-${step}-head`);
  await compareStep(step, t);
  const norms = { future: steps[t + 1].messages['c.2'], sum: steps[t].errors['c.2'] };
  assertNear(await valueOf('vector-dc.2-future-norm'), norm(norms.future), 'the message');
  assertNear(await valueOf('vector-dc.2-norm'), norm(norms.sum), '∂c(t)');
  const own = norms.sum.map((error, i) => error - norms.future[i]);
  assert.ok(Math.abs((await valueOf('vector-dc.2-own-norm')) - norm(own)) < 1e-12 * norm(norms.sum));
});

test('a link to side A opens what it leads to', async () => {
  assert.equal(await isOpen('side-a-fold-layer-2'), 'false');
  await panel().frame.locator('.step-body .source-link').filter({ hasText: 'side A' }).first().click();
  for (const id of ['side-a-fold-layer-2', 'side-a-fold-a.2']) {
    await panel().waitForAttribute(id, 'aria-expanded', (value) => value === 'true');
  }
  assertNear(
    await valueOf('vector-side-a-s.2-norm'),
    norm(steps[SETTINGS.sequenceLength - 3].now['s.2']),
    'what the link leads to',
  );
});

test('what a person opened is open after the page was loaded anew, and closed what the walk alone had opened', async () => {
  await panel().click('side-b-fold-i.2');
  await panel()
    .testId('side-b')
    .evaluate((sideB) => sideB.setAttribute('data-old-page', ''));
  await session().window.runCommand('Developer: Reload Webviews');
  await panel().frame.locator('[data-testid="side-b"]:not([data-old-page])').waitFor();
  for (const id of ['side-b-fold-layer-2', 'side-b-fold-a.2', 'side-b-fold-i.2', 'side-a-fold-a.2']) {
    await panel().waitForAttribute(id, 'aria-expanded', (value) => value === 'true');
  }
  for (const id of ['side-b-fold-f.2', 'side-b-fold-layer-1', 'side-b-fold-messages']) {
    assert.equal(await isOpen(id), 'false', id);
  }
});

test('the panel has the whole window', async () => {
  await session().window.closeTab(SAMPLE);
  await session().window.runCommand('View: Toggle Primary Side Bar Visibility');
});

for (const theme of themeNames) {
  for (const [width, height] of [
    [1600, 2400],
    [480, 5000],
  ] as const) {
    longTest(`steps that are folded look well in the theme ${theme}, ${width} px wide`, async () => {
      await session().window.setTheme(theme);
      await session().window.resize(width, height);
      await panel().toTop();
      await session().picture(`steps-${theme}-${width}`);
    });
  }
}
