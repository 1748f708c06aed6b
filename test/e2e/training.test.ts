import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupDigits } from '../../src/common/written.ts';
import { longTest } from '../run/amount.ts';
import { CHARTS, drawn, freshSession, iterationIn, pictured, SAMPLE } from './support.ts';

// On a slow machine too, runs go on until they are stopped.
const session = freshSession({ settings: { 'rnnInspector.maxEpochs': 1_000_000 } });
const panel = (): ReturnType<typeof session>['panel'] => session().panel;

test('a person trains on the open file from the palette, and the loss falls under the uniform line by a nat', async () => {
  await pictured(session(), 'training', async () => {
    await session().window.openFile(SAMPLE);
    await session().window.runCommand('RNN Inspector: Train RNN on file');
    assert.deepEqual(await session().window.quickPickItems(), [
      'Quick look',
      'By hand',
      'min-char-rnn',
      'Balanced',
      'LSTM',
      'GRU',
      'Large',
      'My settings',
    ]);
    await session().window.pickQuickPick('Quick look');
    assert.match(await panel().waitForText('state', (state) => /running/i.test(state)), /running/i);
    // The sample text has 50 symbols: ln 50 = 3.912 nats.
    await panel().waitForNumber('loss-smoothed', (lossNats) => lossNats < Math.log(50) - 1, 120_000);
  });
});

test('every chart is drawn and changes while training', async () => {
  for (const chart of CHARTS) {
    await panel().waitForOtherPixels(chart, await drawn(session(), chart), 30_000);
  }
});

test('the panel names the parameter and the time step of the largest gradient', async () => {
  assert.match(await panel().readTestId('largest'), /(W_xh|W_ah|b_h|W_ao|b_o).* at t = \d+/);
});

/** What the panel's page says at one moment: the iterations of the header, and the newest that the line below it speaks of. */
function pageNow(): Promise<{ readonly header: number; readonly inspected: number }> {
  return panel()
    .frame.locator('#panel')
    .evaluate((page) => {
      const textOf = (id: string): string => page.querySelector(`[data-testid="${id}"]`)?.textContent ?? '';
      return {
        header: Number(page.querySelector<HTMLElement>('[data-testid="iteration"]')?.dataset.value),
        inspected: Number(/iteration ([\d\s]+)/.exec(textOf('largest'))?.[1].replaceAll(/\s/g, '')),
      };
    });
}

async function statusBarIteration(): Promise<number> {
  const text = await session().window.statusBarItem('RNN ').first().innerText();
  return Number(/· ([\d\s]+)/.exec(text)?.[1].replaceAll(/\s/g, ''));
}

test('while a run trains, header, readings and status bar speak of one moment', async () => {
  for (let agreed = 0, looks = 0; agreed < 5; looks++) {
    assert.ok(looks < 500, `they agreed ${agreed} times of ${looks}`);
    const before = await pageNow();
    const status = await statusBarIteration();
    const after = await pageNow();
    for (const { header, inspected } of [before, after]) {
      assert.ok(inspected <= header, `the header has ${header} iterations, and iteration ${inspected} is shown`);
    }
    // Between the two looks the status bar cannot have gone ahead of the panel; it follows each drawing a moment later.
    assert.ok(status <= after.header, `the status bar has ${status} iterations, the panel ${after.header}`);
    if (before.header === after.header && status === before.header) agreed++;
  }
});

test('pause stands still, step adds exactly one iteration', async () => {
  await pictured(session(), 'paused', async () => {
    await panel().testId('button-pause').scrollIntoViewIfNeeded();
    await panel().click('button-pause');
    await panel().waitForText('state', (state) => /paused/i.test(state));
    const paused = await panel().readNumber('iteration');
    const { header, inspected } = await pageNow();
    assert.deepEqual(
      [header, inspected],
      [paused, paused - 1],
      'the last iteration is inspected, and shown with the pause',
    );
    await session()
      .window.statusBarItem(`RNN paused · ${groupDigits(paused)}`)
      .waitFor();
    const standing = await drawn(session(), 'chart-loss');
    for (let step = 1; step <= 3; step++) {
      await panel().click('button-step');
      assert.equal(
        await panel().waitForNumber('iteration', (iteration) => iteration !== paused + step - 1),
        paused + step,
      );
      await panel().waitForText('state', (state) => /paused/i.test(state));
    }
    await panel().waitForOtherPixels('chart-loss', standing);
    assert.equal(await panel().readNumber('iteration'), paused + 3);
  });
});

test('the palette offers only what applies to a paused run', async () => {
  // The palette draws only the rows in sight, so each command is looked for by its name.
  const isOffered = async (command: string): Promise<boolean> =>
    (await session().window.commandsMatching(command)).includes(command);
  assert.ok(await isOffered('RNN Inspector: Resume'));
  assert.ok(await isOffered('RNN Inspector: Step one iteration'));
  assert.ok(!(await isOffered('RNN Inspector: Pause')));
});

test('text is generated from a prompt, at temperature 0 too, and what cannot be used is explained', async () => {
  await panel().testId('prompt').scrollIntoViewIfNeeded();
  await panel().testId('prompt').locator('input').fill('The ');
  await panel().click('generate');
  await panel().waitForText('sample-text', (text) => text.startsWith('The '));
  const temperature = panel().testId('temperature').locator('input');
  await temperature.fill('-1');
  assert.match(
    await panel().waitForText('generate-problem', (text) => text !== ''),
    /a number from 0 to 5; 0 takes the/,
  );
  await temperature.fill('0');
  await panel().click('generate');
  await panel()
    .frame.locator('.figure-sample .figure-note')
    .getByText(/, temperature 0$/)
    .waitFor();
  await temperature.fill('0.8');
  await panel().testId('prompt').locator('input').fill('漢字');
  await panel().click('generate');
  const problem = await panel().waitForText('generate-problem', (text) => text !== '');
  assert.match(problem, /"漢" \(U\+6F22\) and "字" \(U\+5B57\) do not occur/);
  await panel().testId('prompt').locator('input').fill('');
});

test('looking back shows an earlier iteration, and live returns to the newest', async () => {
  await panel().testId('slider-lookback').scrollIntoViewIfNeeded();
  const newest = await panel().canvasPixels('chart-steps');
  await panel().testId('slider-lookback').focus();
  await session().window.page.keyboard.press('Home');
  const earliest = await panel().waitForOtherPixels('chart-steps', newest);
  await panel().click('live');
  await panel().waitForOtherPixels('chart-steps', earliest);
});

test('the status bar item shows the run and brings the panel back after it was closed, with its history', async () => {
  const iteration = await panel().readNumber('iteration');
  const heatmap = await drawn(session(), 'chart-heatmap');
  await session().window.closeTab('RNN:');
  await session().window.statusBarItem('RNN paused').click();
  assert.equal(await panel().waitForNumber('iteration', () => true), iteration);
  await drawn(session(), 'chart-heatmap');
  await panel().waitForPixels('chart-heatmap', ({ hash }) => hash === heatmap.hash);
  await drawn(session(), 'chart-loss');
});

test('a hidden panel comes back with what happened meanwhile', async () => {
  const before = await panel().readNumber('iteration');
  await session().window.runCommand('RNN Inspector: Resume');
  await session().window.openFile(SAMPLE);
  await session().window.statusBarItem('RNN running').waitFor();
  await session().window.page.waitForFunction(
    (least) =>
      [...document.querySelectorAll('.statusbar-item')].some((item) => {
        const match = /RNN running · ([\d\s]+)/.exec(item.textContent);
        return match !== null && Number(match[1].replaceAll(/\s/g, '')) > least;
      }),
    before + 30,
  );
  await session().window.runCommand('RNN Inspector: Show panel');
  await panel().waitForNumber('iteration', (iteration) => iteration > before + 30);
});

test('a second run, on the one text on the screen, asks whether to stop the first', async () => {
  await session().window.runCommand('RNN Inspector: Train RNN on file');
  await session().window.pickQuickPick('min-char-rnn');
  const dialog = session().window.page.locator('.monaco-dialog-box');
  await dialog.waitFor();
  assert.match((await dialog.textContent()) ?? '', /A run on sample\.txt is running/);
  await session().picture('second-run');
  await dialog.getByRole('button', { name: 'Stop it and start' }).click();
  // Until then the panel shows the first one.
  await panel().waitForText('facts', (facts) => /H\s=\s100/.test(facts), 60_000);
  await panel().waitForNumber('iteration', (iteration) => iteration > 20, 60_000);
});

/** Waits until the chart of losses has the lines of all n-grams; it is brought up to date while it is in sight. */
async function hasNgrams(): Promise<void> {
  await panel().testId('chart-loss').scrollIntoViewIfNeeded();
  await panel().waitForAttribute('chart-loss', 'aria-label', (text) => text.includes('Reference: 6-gram'), 60_000);
}

test('a window that is reloaded under a run brings it back paused, with all of its history, its n-grams and the prompt', async () => {
  await pictured(session(), 'runs-after-reload', async () => {
    const { window, runs } = session();
    await panel().testId('prompt').locator('input').fill('The ');
    await panel().testId('prompt').locator('input').press('Enter');
    await panel().waitForText('sample-text', (text) => text.startsWith('The '));
    const iteration = await panel().waitForNumber('iteration', (count) => count > 40, 60_000);
    await hasNgrams();
    await runs.open();
    await runs.waitForRun('running');
    await window.reload();
    const stood = await panel().waitForNumber('iteration', () => true, 60_000);
    assert.ok(stood >= iteration, `${stood} iterations after the reload, ${iteration} before`);
    assert.match(await panel().readTestId('state'), /paused/i);
    const message = await panel().readTestId('message');
    assert.match(message, /nothing is lost/);
    assert.equal(iterationIn(message), stood, message);
    await hasNgrams();
    await drawn(session(), 'chart-loss');
    assert.equal(await panel().testId('prompt').locator('input').inputValue(), 'The ');
    await panel().testId('message').scrollIntoViewIfNeeded();
    await runs.waitForRun('paused');
    const notifications = await window.notifications();
    assert.ok(!notifications.some((text) => text.includes('interrupted')), 'a window that closes is no crash');
  });
});

test('Resume in the panel goes on from there, loss and all, and the view follows', async () => {
  const stood = await panel().readNumber('iteration');
  const lossNats = await panel().readNumber('loss-smoothed');
  await panel().click('button-resume');
  await panel().waitForText('state', (state) => /running/i.test(state));
  await panel().waitForNumber('iteration', (iteration) => iteration > stood + 20);
  // An untrained network would begin at ln 50 nats, and at iteration 0.
  const after = await panel().readNumber('loss-smoothed');
  assert.ok(Math.abs(after - lossNats) < 0.5, `the loss was ${lossNats} nats and is ${after}`);
  await session().runs.waitForRun('running');
  await session().window.runCommand('RNN Inspector: Stop');
  await panel().waitForText('state', (state) => /stopped/i.test(state));
});

longTest('after stop and reload the panel comes back with the run as it was, marked stopped', async () => {
  await pictured(session(), 'after-reload', async () => {
    const iteration = await panel().readNumber('iteration');
    await session().window.reload();
    assert.equal(await panel().waitForNumber('iteration', () => true, 60_000), iteration);
    assert.match(await panel().readTestId('state'), /stopped/i);
    assert.match(await panel().readTestId('message'), /nothing is lost/);
    await drawn(session(), 'chart-loss');
  });
  await panel().click('action-again');
  await panel().waitForText('state', (state) => /running/i.test(state));
});
