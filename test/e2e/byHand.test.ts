import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { byHandSettings } from '../../src/host/run/presetSettings.ts';
import { errorName, shapeOf } from '../../src/network/network.ts';
import { BY_HAND_TEXT } from '../../src/text/byHandText.ts';
import { TrainingRun } from '../../src/training/run.ts';
import { numpyPython, runPython, withoutNumpy } from '../unit/runs/export/python.ts';
import { MACHINE } from '../unit/training/helpers.ts';
import { referenceSteps, type ReferenceStep } from './inspection/referenceWindow.ts';
import { freshSession, pictured, SAMPLE, train } from './support.ts';

const FILE = 'hello.txt';
const session = freshSession({ files: { [FILE]: BY_HAND_TEXT }, size: { width: 1280, height: 800 } });
const panel = (): ReturnType<typeof session>['panel'] => session().panel;
const window = (): ReturnType<typeof session>['window'] => session().window;
const { learningRate } = byHandSettings('tanh');

/** What a table of the figure has: each cell as it is written, and whole. */
interface Table {
  readonly texts: string[];
  readonly values: number[];
}

async function tableOf(id: string): Promise<Table> {
  const cells = await panel()
    .testId(`numbers-${id}`)
    .evaluate((table) =>
      [...table.querySelectorAll('td[data-value]')]
        .map((cell) => [cell.textContent, cell.getAttribute('data-value') ?? ''] as const)
        .filter(([, value]) => value !== ''),
    );
  return { texts: cells.map(([text]) => text), values: cells.map(([, value]) => Number(value)) };
}

/** Waits for the numbers of the window that an iteration reads. */
async function waitForNumbers(iteration: number): Promise<void> {
  await panel().waitForAttribute('numbers', 'data-iteration', (text) => text === String(iteration));
}

/** The panel's parameters are those of the run in float32. */
function assertNear(actual: readonly number[], expected: readonly number[], what: string): void {
  assert.equal(actual.length, expected.length, what);
  actual.forEach((value, index) => {
    const allowed = 1e-6 * Math.abs(expected[index]) + 1e-7;
    assert.ok(Math.abs(value - expected[index]) <= allowed, `${what}[${index}] is ${value}, not ${expected[index]}`);
  });
}

/** By quantity and row, each with the columns of a table of one side. */
function inRows(steps: readonly ReferenceStep[], quantities: readonly string[], of: 'now' | 'errors'): number[] {
  return quantities.flatMap((name) =>
    Array.from(steps[0][of][name]).flatMap((_, row) => [
      ...(of === 'now' && name === 'a' ? [steps[0].before.a[row]] : []),
      ...steps.map((step) => step[of][name][row]),
    ]),
  );
}

test('By hand waits at iteration 0, with every number of its first window on the screen', async () => {
  await pictured(session(), 'by-hand', async () => {
    await train(session(), FILE, 'By hand');
    await panel().waitForText('state', (state) => /paused/i.test(state));
    assert.equal(await panel().readNumber('iteration'), 0);
    assert.match(await panel().readTestId('message'), /nothing is trained yet/);
    await window().statusBarItem('RNN paused · 0').waitFor();
    await panel().click('tab-steps');
    await waitForNumbers(0);
  });
  const settings = byHandSettings('tanh');
  const run = TrainingRun.create({ type: 'start', runId: 'again', name: FILE, text: BY_HAND_TEXT, settings }, MACHINE);
  const { network, shape } = run.kernels;
  for (const parameter of network.parameters) {
    const { name } = parameter;
    const { values } = await tableOf(name);
    assert.equal(
      values.length,
      shapeOf(parameter, shape).reduce((size, length) => size * length, 1),
    );
    assertNear(values, [...run.kernels.parameters[name]], name);
  }
  const steps = referenceSteps(run, settings, 0);
  const losses = steps.map(({ lossNats }) => lossNats);
  assertNear((await tableOf('side-a')).values, [...inRows(steps, ['h', 'a', 'o', 'yhat'], 'now'), ...losses], 'side A');
  const messages = [0, 1, 2].flatMap((row) => steps.map((step) => step.messages.a[row]));
  assertNear((await tableOf('side-b')).values, [...inRows(steps, ['o', 'a', 'h'], 'errors'), ...messages], 'side B');
  for (const name of network.parameterNames) {
    assertNear((await tableOf(errorName(name))).values, [...run.kernels.gradients[name]], `the gradient of ${name}`);
  }
  run.close();
});

test('the palette offers Step and Resume, and Step does one iteration, whose update can be recomputed from six digits', async () => {
  const offered = await window().commandsMatching('RNN Inspector: Step one iteration');
  assert.ok(offered.includes('RNN Inspector: Step one iteration'));
  const read = async (name: string): Promise<number[]> =>
    (await tableOf(name)).texts.map((text) => Number(text.replace('−', '-')));
  const [before, gradient] = [await read('W_ah'), await read(errorName('W_ah'))];
  await panel().click('button-step');
  assert.equal(await panel().waitForNumber('iteration', (iteration) => iteration !== 0), 1);
  await waitForNumbers(1);
  const after = await read('W_ah');
  assert.notDeepEqual(after, before);
  after.forEach((weight, index) => {
    const byHand = before[index] - learningRate * gradient[index];
    assert.ok(Math.abs(weight - byHand) < 2e-6, `${before[index]} − ${learningRate}·${gradient[index]} is ${weight}`);
  });
  await panel().waitForText('state', (state) => /paused/i.test(state));
});

test('the head of a column chooses its time step', async () => {
  await panel().testId('numbers-side-b').getByRole('button').nth(1).click();
  await panel().waitForAttribute('tape', 'aria-valuenow', (t) => t === '1');
  const chosen = panel().testId('numbers-side-b').locator('thead [data-chosen]');
  assert.match((await chosen.textContent()) ?? '', /t = 1/);
});

test('a copy of the numbers as Python recomputes them', { skip: withoutNumpy }, async () => {
  const { page } = window();
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await panel().click('numbers-copy');
  await panel().waitForText('numbers-copied', (text) => text.startsWith('Copied'));
  const folder = mkdtempSync(join(tmpdir(), 'by-hand-'));
  const script = join(folder, 'window.py');
  writeFileSync(script, await page.evaluate(() => navigator.clipboard.readText()));
  const { code, out } = await runPython([script], {}, numpyPython);
  rmSync(folder, { recursive: true });
  assert.equal(code, 0, out);
  assert.match(out, /every number is the one that the panel shows/);
});

test('the run comes back after a reload of the window, and its network with all numbers where it is loaded', async () => {
  const { values } = await tableOf('W_xh');
  await window().reload();
  assert.match(await panel().waitForText('state', (state) => state !== '', 60_000), /paused/i);
  await panel().click('action-loadPaused');
  await panel().waitForText('message', (text) => text.includes('Step runs exactly one more'), 60_000);
  await panel().click('tab-steps');
  await waitForNumbers(1);
  assert.deepEqual((await tableOf('W_xh')).values, values);
});

test('a command trains by hand on a few words, and shows the time steps', async () => {
  await window().runCommand('RNN Inspector: Train by hand on a few words');
  // The paused run is not asked about: it does not slow another one down.
  await panel().waitForText('file', (file) => file !== FILE, 60_000);
  await waitForNumbers(0);
  assert.equal(await panel().readTestId('state'), 'Paused');
});

test('of a larger network one line says why its numbers are not shown', async () => {
  await window().closeTab('RNN:');
  await train(session(), SAMPLE, 'Quick look');
  await panel().waitForText('file', (file) => file === SAMPLE, 60_000);
  await panel().click('tab-steps');
  await panel().waitForText('numbers-absence', (text) => /up to 1\s500 of them; this one has \d+\s\d{3}/.test(text));
  assert.ok(!(await panel().testId('numbers').isVisible()));
});
