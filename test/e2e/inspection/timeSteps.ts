import assert from 'node:assert/strict';
import { test } from 'node:test';
import { longTest } from '../../run/amount.ts';
import { parseSettings } from '../../../src/protocol/settings.ts';
import { referenceWindow, type ReferenceCell } from './referenceWindow.ts';
import { pictured } from '../support.ts';
import { session, SETTINGS, trainedAgain } from './session.ts';

const STREAM = 2;
const panel = (): ReturnType<typeof session>['panel'] => session().panel;
let cells: ReferenceCell[] = [];

function press(...keys: readonly string[]): Promise<void> {
  return keys.reduce((before, key) => before.then(() => session().window.page.keyboard.press(key)), Promise.resolve());
}

function norm(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}

/** What the eleven steps of a cell give: the value of step 1 and the norms of the others. */
function stepNorms({ lossNats, N, a, aPrevious, ...cell }: ReferenceCell): number[] {
  const [dO, dh] = [norm(cell.do), norm(cell.dh)];
  return [
    lossNats / N,
    norm(cell.dyhat),
    dO,
    dO,
    dO * norm(a),
    norm(cell.da),
    dh,
    dh,
    dh,
    dh * norm(aPrevious),
    norm(cell.message),
  ];
}

/** The vectors that the open step shows, by the id of their strip; `next` is the cell at t+1. */
function vectorsOf(step: number, cell: ReferenceCell, next: ReferenceCell): Readonly<Record<string, Float64Array>> {
  const vectors: readonly Readonly<Record<string, Float64Array>>[] = [
    { yhat: cell.yhat },
    { dyhat: cell.dyhat },
    { do: cell.do },
    { db_o: cell.do },
    { do: cell.do, a: cell.a },
    { 'da-own': cell.daOwn, 'da-future': next.message, da: cell.da },
    { slope: cell.a.map((a) => 1 - a * a), da: cell.da, dh: cell.dh },
    { db_h: cell.dh },
    { 'dW_xh-column': cell.dh },
    { dh: cell.dh, aPrevious: cell.aPrevious },
    { dh: cell.dh, message: cell.message },
  ];
  return vectors[step - 1];
}

/** Asserts that a number is the expected one to rounding: `floor` is for differences of larger numbers. */
function assertNear(actual: number, expected: number, what: string, floor = 0): void {
  const allowed = 1e-9 * Math.abs(expected) + floor;
  assert.ok(Math.abs(actual - expected) <= allowed, `${what} is ${actual}, the reference has ${expected}`);
}

/** Asserts that a text shows a number to its last digit. */
function assertShows(text: string, expected: number, what: string, digits = 4): void {
  const shown = /[−\d.e-]+$/.exec(text.trim())?.[0].replaceAll('−', '-') ?? '';
  assert.equal(Number(shown), Number(expected.toPrecision(digits)), `${what} shows "${text}"`);
}

async function valueOf(id: string): Promise<number> {
  return Number(await panel().testId(id).getAttribute('data-value'));
}

/** Waits until a step of a cell is open with the numbers of that cell. */
async function waitForStep(step: number, t: number): Promise<void> {
  await panel().waitForText('walk-where', (text) => text === `step ${step} of 11 at t = ${t}`);
  await panel()
    .frame.locator(`[data-testid="side-b"]:not([data-stale]) [data-testid="step-${step}"][data-open]`)
    .waitFor();
}

/** The numbers of a vector over classes: whole, and as they are shown. They open under its strip, and are closed again. */
async function numbersOfClasses(key: string): Promise<[string | null, string | null][]> {
  const body = panel().frame.locator(`.step-body [data-testid="vector-${key}"]`);
  await body.getByTestId(`vector-${key}-table`).click();
  const shown = await body
    .locator('tbody td[data-value]')
    .evaluateAll((entries) =>
      entries.map((entry): [string | null, string | null] => [entry.getAttribute('data-value'), entry.textContent]),
    );
  await body.getByTestId(`vector-${key}-table`).click();
  return shown;
}

/** The same of one over hidden units: its strip leads to a column of the table of the cell. */
async function numbersOfUnits(key: string): Promise<[string | null, string | null][]> {
  await panel().frame.locator(`.step-body [data-testid="vector-${key}-table"]`).click();
  const head = panel().frame.locator('[data-testid="unit-table"] thead button:focus');
  const column = (await head.getAttribute('data-sort')) ?? assert.fail(`${key} leads to no column`);
  await panel().frame.locator('[data-testid="units"]:not([data-stale])').waitFor();
  return panel()
    .frame.locator(`[data-testid="unit-table"] td[data-column="${column}"]`)
    .evaluateAll((entries) =>
      entries.map((entry): [string | null, string | null] => [entry.getAttribute('data-value'), entry.textContent]),
    );
}

const OF_CLASSES = ['yhat', 'dyhat', 'do', 'db_o'];

/** Compares every number of a vector that the open step shows. */
async function compareVector(key: string, expected: Float64Array, what: string): Promise<void> {
  const isOfClasses = OF_CLASSES.includes(key);
  const shown = await (isOfClasses ? numbersOfClasses(key) : numbersOfUnits(key));
  assert.equal(shown.length, expected.length, what);
  const floor = 1e-12 * norm(expected);
  shown.forEach(([value, text], i) => {
    assertNear(Number(value), expected[i], `${what}, entry ${i}`, floor);
    // What tanh gave has more digits, as many as its slope takes.
    if (Math.abs(expected[i]) > 1e-3 * norm(expected) && !key.startsWith('a'))
      assertShows(text ?? '', Number(value), `${what}, entry ${i}`, isOfClasses ? 4 : 6);
  });
}

/** Compares all that the open step shows of a cell with the reference. */
async function compareStep(step: number, t: number): Promise<void> {
  await waitForStep(step, t);
  const what = `step ${step} at t = ${t}`;
  const expected = stepNorms(cells[t])[step - 1];
  assertNear(await valueOf(`step-${step}-norm`), expected, what);
  assertShows(await panel().readTestId(`step-${step}-norm`), expected, what);
  assert.equal(
    await panel()
      .testId(`step-${step}-formula`)
      .evaluate((math) => math.namespaceURI),
    'http://www.w3.org/1998/Math/MathML',
  );
  for (const [key, vector] of Object.entries(vectorsOf(step, cells[t], cells[t + 1]))) {
    await compareVector(key, vector, `${what}, ${key}`);
  }
}

/** The cell (0, 1) of the matrix that is open, reached with the keyboard. */
async function matrixEntry(): Promise<number> {
  await panel().testId('matrix').focus();
  await press('ArrowUp', 'ArrowLeft', 'ArrowRight');
  return valueOf('matrix-reading');
}

test('a paused run shows the window that its next iteration reads, with the numbers of the reference', async () => {
  await pictured(session(), 'time-steps', async () => {
    assert.match(await panel().readTestId('state'), /paused/i);
    const iteration = await panel().readNumber('iteration');
    cells = referenceWindow(trainedAgain(iteration), parseSettings(SETTINGS), STREAM);
    await panel().click('tab-steps');
    await panel().testId('tape-stream').fill(String(STREAM));
    await press('Enter');
    const note = await panel().waitForText(
      'tape-iteration',
      (text) => text.includes('next, not yet run') && !text.includes('still of stream'),
    );
    assert.equal(await panel().testId('tape-stream').inputValue(), String(STREAM));
    assert.equal(Number(/iteration ([\d\s\u202f]+)/.exec(note)?.[1].replaceAll(/\D/g, '')), iteration);
  });
});

test('the keyboard walks the tape, and through all eleven steps of a cell', async () => {
  await panel().testId('tape').focus();
  await press('End', 'ArrowLeft', 'ArrowLeft');
  const t = SETTINGS.sequenceLength - 3;
  await panel().waitForAttribute('tape', 'data-t', (shown) => shown === String(t));
  for (let step = 1; step <= 11; step++) {
    if (step > 1) await press('n');
    await compareStep(step, t);
    if (step === 5) assertNear(await matrixEntry(), cells[t].do[0] * cells[t].a[1], '∂W_ao(t)[0][1]');
    if (step === 9) assertNear(await valueOf('matrix-norm'), norm(cells[t].dh), '‖∂W_xh(t)‖');
    if (step === 10) assertNear(await matrixEntry(), cells[t].dh[0] * cells[t].aPrevious[1], '∂W_ah(t)[0][1]');
    await panel().testId(`step-${step}-head`).focus();
  }
});

test('the walk goes on into the cell before, which receives the message', async () => {
  await pictured(session(), 'time-steps-message', async () => {
    const t = SETTINGS.sequenceLength - 4;
    const passed = await valueOf('step-11-norm');
    await press('ArrowDown');
    await compareStep(1, t);
    assertNear(await valueOf('vector-message-in-norm'), passed, 'the message that came in');
    await panel().testId('step-1-head').focus();
    await press('n', 'n', 'n', 'n', 'n');
    await compareStep(6, t);
    assertNear(await valueOf('vector-da-future-norm'), passed, 'the second term of step 6');
    await panel().testId('step-6-head').focus();
    await press('p');
    await waitForStep(5, t);
  });
});

test('side A shows what the forward pass computed, and the likeliest characters', async () => {
  const cell = cells[SETTINGS.sequenceLength - 4];
  for (const name of ['aPrevious', 'h', 'a', 'o', 'yhat'] as const) {
    assertNear(await valueOf(`vector-side-a-${name}-norm`), norm(cell[name]), name);
  }
  assertNear(await valueOf('side-a-loss'), cell.lossNats, 'L(t)');
  const shown = await panel()
    .testId('predictions')
    .locator('li')
    .evaluateAll((rows) => rows.map((row) => Number(row.getAttribute('data-value'))));
  const likeliest = Array.from(cell.yhat).sort((a, b) => b - a);
  shown.slice(0, 5).forEach((probability, rank) => assertNear(probability, likeliest[rank], `prediction ${rank + 1}`));
  await panel().testId('vector-side-a-a-strip').focus();
  await press('Home', 'ArrowRight');
  assertShows(await panel().readTestId('vector-side-a-a-reading'), cell.a[1], 'a(t) of unit 1');
});

test('the sum over time says how much cancels, and a bar leads to its step', async () => {
  const { hiddenSize: H, sequenceLength: T } = SETTINGS;
  const gradient = new Float64Array(H * H);
  let sumOfNorms = 0;
  for (const { dh, aPrevious } of cells) {
    dh.forEach((error, i) => aPrevious.forEach((a, j) => (gradient[i * H + j] += error * a)));
    sumOfNorms += norm(dh) * norm(aPrevious);
  }
  assertNear(await valueOf('cancellation-W_ah'), norm(gradient) / sumOfNorms, 'the cancellation ratio of W_ah');
  const bars = panel().testId('sum-W_ah-bars');
  await bars.scrollIntoViewIfNeeded();
  const { width } = (await bars.boundingBox()) ?? { width: 0 };
  // The bars stand between an axis of 46 pixels and a margin of 14.
  await bars.click({ position: { x: 46 + (2.5 / T) * (width - 60), y: 60 } });
  await compareStep(10, 2);
  await panel().waitForAttribute('tape', 'data-t', (shown) => shown === '2');
});

test('profiles are pinned and laid over one another', async () => {
  await panel().click('pin');
  await panel().waitForText('pins', (text) => text.startsWith('iteration') && !text.includes('not pinned'));
  await panel().click('pin-spaced');
  await panel().waitForText('pins', (text) => (text.match(/iteration/g) ?? []).length >= 3);
  await panel().testId('chart-pins').scrollIntoViewIfNeeded();
  await panel().waitForPixels('chart-pins', ({ colours }) => colours > 20);
});

test('a window that was read in a paused run stays when it goes on; a step shows its own', async () => {
  const note = (): Promise<string> => panel().readTestId('tape-iteration');
  await panel().testId('tape').scrollIntoViewIfNeeded();
  const before = await note();
  assert.match(before, /^Reading iteration/, 'the walk through the cells made it one that is read');
  await panel().click('button-step');
  const stepped = await panel().waitForText(
    'tape-iteration',
    (text) =>
      text.startsWith('iteration') && text.includes('next, not yet run') && !before.includes(text.split(' · ')[0]),
  );
  await panel().testId('tape').focus();
  await press('ArrowLeft');
  await panel().waitForText('tape-iteration', (text) => text.startsWith('Reading iteration'));
  const iteration = await panel().readNumber('iteration');
  await panel().click('button-resume');
  await panel().waitForNumber('iteration', (later) => later > iteration + 100);
  const [name] = stepped.split(',');
  assert.ok((await note()).startsWith(`Reading ${name} `), `still ${name}, not "${await note()}"`);
});

test('a step asked for by its command shows its own window too', async () => {
  await panel().click('button-pause');
  await panel().waitForText('state', (state) => /paused/i.test(state));
  await panel().click('tape-live');
  const before = await panel().waitForText('tape-iteration', (text) => text.includes('next, not yet run'));
  await panel().testId('tape').focus();
  await press('ArrowLeft');
  await panel().waitForText('tape-iteration', (text) => text.startsWith('Reading iteration'));
  await session().window.runCommand('RNN Inspector: Step one iteration');
  await panel().waitForText(
    'tape-iteration',
    (text) => text.startsWith('iteration') && !before.startsWith(text.split(',')[0]),
  );
  await panel().click('button-resume');
});

longTest('a window that is read is read on after the panel’s page was loaded anew', async () => {
  await panel().waitForText('tape-iteration', (text) => text.startsWith('iteration') && !text.includes('next'));
  await panel().testId('tape').focus();
  await press('ArrowLeft');
  const reading = await panel().waitForText('tape-iteration', (text) => text.startsWith('Reading iteration'));
  await panel()
    .testId('tape')
    .evaluate((tape) => tape.setAttribute('data-old-page', ''));
  await session().window.runCommand('Developer: Reload Webviews');
  await panel().frame.locator('[data-testid="tape"]:not([data-old-page])').waitFor();
  await panel().waitForText('tape-iteration', (text) => text === reading);
  await panel().click('tape-live');
});

test('choosing a cell while training keeps its window until the person goes back to live', async () => {
  const note = (): Promise<string> => panel().readTestId('tape-iteration');
  const first = await panel().waitForText('tape-iteration', (text) => text.startsWith('iteration'));
  await panel().waitForText('tape-iteration', (text) => text !== first);
  await panel().testId('tape').focus();
  await press('ArrowLeft');
  const frozen = await panel().waitForText('tape-iteration', (text) => text.startsWith('Reading iteration'));
  const iteration = await panel().readNumber('iteration');
  await panel().waitForNumber('iteration', (later) => later > iteration + 100);
  assert.equal(await note(), frozen);
  await panel().click('tape-live');
  await panel().waitForText('tape-iteration', (text) => text.startsWith('iteration') && !frozen.includes(text));
});
