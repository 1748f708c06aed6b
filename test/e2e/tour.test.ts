import assert from 'node:assert/strict';
import { test } from 'node:test';
import { longTest } from '../run/amount.ts';
import { themeNames } from '../workbench/window.ts';
import { freshSession } from './support.ts';

const TITLE = 'RNN Inspector: Learn: backpropagation through time in eleven steps';
/** Six of side A, eleven of side B, the time step before, sum, clipping, update. */
const STOPS = 21;

const session = freshSession({ size: { width: 1280, height: 800 } });
const panel = (): ReturnType<typeof session>['panel'] => session().panel;
const press = (key: string): Promise<void> => session().window.page.keyboard.press(key);
const type = (text: string): Promise<void> => session().window.page.keyboard.type(text);

async function waitForStop(stop: number, of = STOPS): Promise<void> {
  await panel().waitForText('tour-where', (text) => text.startsWith(`stop ${stop} of ${of}`));
  await panel().testId('tour-asks').waitFor();
}

/** A number that is given, as it stands there. */
async function given(index: number): Promise<string> {
  return (await panel().testId('tour-given').locator('dd').nth(index).innerText()).trim();
}

/** What has the keyboard, by its test id. */
function focused(): Promise<string | undefined> {
  return panel()
    .testId('tour')
    .evaluate(() => {
      const { activeElement } = document;
      return activeElement instanceof HTMLElement ? activeElement.dataset.testid : undefined;
    });
}

async function learn(cell: string): Promise<void> {
  await session().window.runCommand(TITLE);
  await session().window.pickQuickPick(cell);
}

/** By the keyboard, the way shown where it is not known. */
async function revealAndGoOn(): Promise<void> {
  await panel().testId('tour-reveal').focus();
  await press('Enter');
  await panel().waitForText('tour-worked', (text) => text !== '');
  if (await panel().testId('tour-choice').isVisible()) {
    assert.equal(await panel().testId('tour-choice').locator('[aria-checked="true"]').count(), 1);
  }
  await panel().testId('tour-next').and(panel().frame.locator(':focus')).waitFor();
  await press('Enter');
}

test('the command begins a run by hand that waits, and the tour through its first window, with the keyboard in it', async () => {
  await learn('tanh');
  await waitForStop(1);
  assert.match(await panel().readTestId('state'), /paused/i);
  assert.equal(await panel().readNumber('iteration'), 0);
  assert.match(await panel().readTestId('tour-asks'), /product of W_xh with x\(t\)/);
  await panel().testId('tour-choice').locator(':focus').waitFor();
  for (const figure of ['side-a', 'side-b', 'units', 'weight']) {
    assert.equal(await panel().testId(figure).isVisible(), false, `what is asked stands below: ${figure}`);
  }
  await session().picture('tour-1');
});

test('a choice is checked and shown with Enter, and once more goes on', async () => {
  const radios = panel().testId('tour-choice').getByRole('radio');
  const count = await radios.count();
  const verdict = panel().testId('tour-verdict');
  let tries = 0;
  while ((await verdict.getAttribute('data-is')) !== 'right') {
    assert.ok(tries++ <= count, 'no answer is right');
    await press('ArrowRight');
    await press('Enter');
    await verdict.and(panel().frame.locator('[data-is]:not([data-is=""])')).waitFor();
  }
  await panel().testId('tour-next').and(panel().frame.locator(':focus')).waitFor();
  await panel().testId('side-a').waitFor();
  for (const later of ['side-a-L', 'side-b', 'units', 'weight']) {
    assert.equal(await panel().testId(later).isVisible(), false, `what later stops ask for stands below: ${later}`);
  }
  await press('Enter');
  await waitForStop(2);
});

test('a calculation is right, and what it comes to stands beside it', async () => {
  await press('Alt+ArrowDown');
  await waitForStop(3);
  assert.match(await panel().readTestId('tour-asks'), /What is a\(t\) of unit \d\?/);
  await type(`tanh(${await given(0)})`);
  await panel().waitForText('tour-preview', (text) => text.startsWith('= '));
  await press('Enter');
  await panel().waitForText('tour-verdict', (text) => text.startsWith('Right'));
  await session().picture('tour-right');
  await press('Enter');
  await waitForStop(4);
});

test('a wrong sign, and a forgotten N, are called by their names', async () => {
  for (let stop = 5; stop <= 9; stop++) {
    await press('Alt+ArrowDown');
    await waitForStop(stop);
  }
  assert.match(await panel().readTestId('tour-place'), /step 3 of 11/);
  const probability = await given(0);
  await type(`(1 - ${probability}) / 5`);
  await press('Enter');
  await panel().waitForText('tour-verdict', (text) => text.startsWith('The size is right, the sign is not'));
  assert.equal(await focused(), 'tour-answer');
  await session().picture('tour-wrong-sign');
  await type(`${probability} - 1`);
  await press('Enter');
  await panel().waitForText('tour-verdict', (text) => text.startsWith('N is forgotten'));
  await type(`(${probability} - 1) / 5`);
  await press('Enter');
  await panel().waitForText('tour-verdict', (text) => text.startsWith('Right'));
  assert.equal(await panel().testId('step-3').getAttribute('data-open'), '', 'side B has its step open');
});

test('a window that is loaded anew has the tour where it was, with what was said', async () => {
  const where = await panel().readTestId('tour-where');
  await session().window.reload();
  await panel().waitForText('state', (state) => /paused/i.test(state), 60_000);
  await panel().click('action-loadPaused');
  await waitForStop(9);
  assert.equal(await panel().readTestId('tour-where'), where);
  await panel().waitForText('tour-verdict', (text) => text.startsWith('Right'));
});

test('Escape leaves, and the button goes on at the same stop', async () => {
  await panel().testId('tour-next').focus();
  await press('Escape');
  await panel().testId('tour').waitFor({ state: 'hidden' });
  assert.equal(await panel().testId('side-b').isVisible(), true);
  await panel().waitForText('tour-open', (text) => text === 'Learn: go on at stop 9 of 21');
  await press('Enter');
  await waitForStop(9);
});

test('who walks on along side B comes to its stop, and the keyboard goes to the end', async () => {
  await panel().testId('step-7-head').click();
  await waitForStop(13);
  for (let stop = 13; stop < STOPS; stop++) {
    await revealAndGoOn();
    await waitForStop(stop + 1);
    if (stop + 1 >= 17) await session().picture(`tour-${stop + 1}`);
  }
  assert.match(await panel().readTestId('tour-asks'), /change this weight/);
  await type(`-${await given(0)} * (${await given(1)})`);
  await press('Enter');
  await panel().waitForText('tour-verdict', (text) => text.startsWith('Right'));
  await session().picture('tour-end');
  await press('Enter');
  await panel().testId('tour').waitFor({ state: 'hidden' });
  await panel().waitForText('tour-result', (text) => /predicted \d+ of \d+ at once/.test(text));
  await session().picture('tour-result');
  await panel().testId('tour-end-done').and(panel().frame.locator(':focus')).waitFor();
  await press('Enter');
  await panel().testId('tour-end').waitFor({ state: 'hidden' });
  await panel().waitForText('tour-open', (text) => text === 'Learn');
});

longTest('the same tour leads through an LSTM to its end', async () => {
  await learn('LSTM');
  await panel().waitForText('tour-where', (text) => text.startsWith('stop 1 of '));
  const stops = Number(/of (\d+)/.exec(await panel().readTestId('tour-where'))?.[1]);
  assert.ok(stops > 15 && stops < 30, `${stops} stops`);
  for (let stop = 1; stop <= stops; stop++) {
    await waitForStop(stop, stops);
    await session().picture(`tour-lstm-${stop}`);
    await revealAndGoOn();
  }
  await panel().testId('tour').waitFor({ state: 'hidden' });
});

longTest('the panel has the window to itself', async () => {
  await panel().testId('tour-open').click();
  await panel().testId('tour-asks').waitFor();
  await session().window.runCommand('View: Toggle Maximize Editor Group');
  await session().window.runCommand('View: Toggle Primary Side Bar Visibility');
});

for (const theme of themeNames) {
  longTest(`the tour is drawn in the theme ${theme}, wide and narrow`, async () => {
    await session().window.setTheme(theme);
    for (const [name, width, height] of [
      ['wide', 1280, 800],
      ['narrow', 480, 900],
    ] as const) {
      await session().window.resize(width, height);
      await panel().testId('tour-place').scrollIntoViewIfNeeded();
      await session().picture(`tour-${theme}-${name}`);
      const sideways = await panel()
        .testId('tour')
        .evaluate((tour) => tour.scrollWidth - tour.clientWidth);
      assert.ok(sideways <= 0, `${sideways} pixels too wide`);
    }
  });
}
