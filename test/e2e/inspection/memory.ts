import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HORIZON_SHARES, influence, lagProfile, memoryHorizon } from '../../../src/inspection/influence.ts';
import { saturation } from '../../../src/inspection/saturation.ts';
import { spectrum } from '../../../src/inspection/spectrum.ts';
import { passOfStream } from '../../../src/model/streamPass.ts';
import { startOf } from '../../../src/study/windowStudyCaptures.ts';
import { drawn, pictured, SAMPLE, train } from '../support.ts';
import { session, SETTINGS, trainedAgain } from './session.ts';
import { finish } from '../../../src/common/work.ts';

const T = SETTINGS.sequenceLength;
const CHARTS = [
  'chart-influence',
  'chart-influence-row',
  'chart-lag-profile',
  'chart-horizon-history',
  'chart-decay-split',
  'chart-saturation',
  'chart-slope-factor',
  'chart-spectrum',
  'chart-singular-values',
] as const;

const panel = (): ReturnType<typeof session>['panel'] => session().panel;

/** The number that an element of the page carries in full; undefined where there is none. */
async function valueOf(id: string): Promise<number | undefined> {
  const text = await panel().testId(id).getAttribute('data-value');
  assert.ok(text !== null, `"${id}" carries no number`);
  return text === '' ? undefined : Number(text);
}

/** Waits until the attribute of an element has a value. */
function waitForAttribute(id: string, attribute: string, value: string): Promise<void> {
  return panel().frame.locator(`[data-testid="${id}"][${attribute}="${value}"]`).waitFor({ state: 'attached' });
}

/** What the page should say of stream 0 at the iteration that it shows. */
function reference(iterations: number): {
  readonly horizon: { readonly onePercent: number | undefined; readonly oneOverE: number | undefined };
  readonly spectralRadius: number;
  readonly sigmaMax: number;
  readonly tanhMean: number;
} {
  const run = trainedAgain(iterations);
  const H = SETTINGS.hiddenSize;
  const pass = finish(passOfStream(startOf(run.capture()), 0));
  const profile = lagProfile(influence(pass, pass.parameters, 0).h);
  const { slope } = saturation(pass.activations.a.slice(H), H, 'tanh');
  const { spectralRadius, sigmaMax } = finish(spectrum(Float64Array.from(run.kernels.parameters.W_ah), H, 'W_ah'));
  const horizon = {
    onePercent: memoryHorizon(profile, HORIZON_SHARES.onePercent),
    oneOverE: memoryHorizon(profile, HORIZON_SHARES.oneOverE),
  };
  return { horizon, spectralRadius, sigmaMax, tanhMean: slope.reduce((sum, factor) => sum + factor, 0) / T };
}

test('a person trains and opens Memory: every picture is drawn, and the horizon stands in words', async () => {
  await pictured(session(), 'memory', async () => {
    await train(session(), SAMPLE, 'My settings');
    await panel().waitForNumber('iteration', (iteration) => iteration > 20, 60_000);
    await panel().click('tab-memory');
    await panel().waitForText('memory-iteration', (text) => /^iteration \d+/.test(text), 60_000);
    const [first, ...others] = CHARTS;
    await drawn(session(), first);
    // What is compared with it is trained again here, and takes as long.
    await panel().testId('button-pause').scrollIntoViewIfNeeded();
    await panel().click('button-pause');
    await panel().waitForText('state', (state) => /paused/i.test(state));
    for (const chart of others) await drawn(session(), chart);
    assert.match(
      await panel().readTestId('horizon'),
      /Memory horizon, 1 %.*(\d+ steps?|beyond the window \(> 19 steps\))/s,
    );
    assert.match(await panel().readTestId('decay-sentence'), /tanh factor averages 0\.\d+/);
    assert.match(await panel().readTestId('dead-units'), /dead unit/);
  });
});

test('the horizon, ρ and σ_max of a paused run are those of the reference at that iteration', async () => {
  const iteration = await panel().readNumber('iteration');
  await waitForAttribute('memory-iteration', 'data-value', String(iteration));
  await waitForAttribute('spectrum', 'data-iteration', String(iteration));
  assert.match(await panel().readTestId('memory-iteration'), /next, not yet run/);
  const expected = reference(iteration);
  assert.equal(await valueOf('horizon-one-percent'), expected.horizon.onePercent);
  assert.equal(await valueOf('horizon-one-over-e'), expected.horizon.oneOverE);
  assert.equal(await valueOf('rho'), expected.spectralRadius);
  assert.equal(await valueOf('sigma-max'), expected.sigmaMax);
  const [, shown] = /averages (0\.\d+)/.exec(await panel().readTestId('decay-sentence')) ?? [];
  assert.equal(Number(shown), Number(expected.tanhMean.toPrecision(3)));
});

test('arrow keys choose the error that is followed', async () => {
  await panel().testId('chart-influence').scrollIntoViewIfNeeded();
  assert.equal(await valueOf('influence-row'), T - 1);
  await panel().testId('chart-influence-row').scrollIntoViewIfNeeded();
  const last = await panel().canvasPixels('chart-influence-row');
  await panel().frame.locator('.surface-influence').focus();
  await session().window.page.keyboard.press('ArrowUp');
  await session().window.page.keyboard.press('ArrowUp');
  await waitForAttribute('influence-row', 'data-value', String(T - 3));
  await panel().testId('chart-influence-row').scrollIntoViewIfNeeded();
  await panel().waitForOtherPixels('chart-influence-row', last);
});

test('a click on the matrix chooses the row under it', async () => {
  const chart = panel().testId('chart-influence');
  await chart.scrollIntoViewIfNeeded();
  const box = await chart.boundingBox();
  assert.ok(box);
  await chart.click({ position: { x: box.width / 2, y: box.height / 2 } });
  // The axis below takes some of the height: the middle of the picture is a little below the middle row.
  await panel()
    .frame.locator('[data-testid="influence-row"]')
    .and(panel().frame.locator('[data-value="10"], [data-value="11"]'))
    .waitFor();
});

test('the colours per row are others than the absolute ones', async () => {
  const absolute = await drawn(session(), 'chart-influence');
  await panel().testId('influence-mode').getByRole('radio', { name: 'per row' }).click();
  const byRow = await panel().waitForOtherPixels('chart-influence', absolute);
  await panel().testId('influence-mode').getByRole('radio', { name: 'absolute' }).click();
  await panel().waitForOtherPixels('chart-influence', byRow);
});
