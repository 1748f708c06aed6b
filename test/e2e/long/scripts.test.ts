import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawn, freshSession, train } from '../support.ts';

/** Texts of scripts that are written from right to left, and of characters beyond the first 65,536, are trained on and shown as such. */

const FILE = 'שלום עולם';
const LINES = ['שלום, עולם! 123 פעמים.', 'السلام عليكم يا عالم ٤٥٦', 'naïve 😀🎉 שלום 😀 end'];
const SYMBOLS = new Set(`${LINES.join('\n')}\n`).size;

const session = freshSession({
  files: { [FILE]: `${LINES.join('\n')}\n`.repeat(800) },
  settings: {
    'rnnInspector.maxEpochs': 1_000_000,
    'rnnInspector.hiddenSize': 64,
    'rnnInspector.sequenceLength': 25,
    'rnnInspector.batchSize': 8,
    'rnnInspector.learningRate': 0.005,
  },
});
const panel = (): ReturnType<typeof session>['panel'] => session().panel;

test('such a text is trained on, symbol by symbol', async () => {
  await train(session(), FILE, 'My settings');
  await panel().waitForNumber('loss-smoothed', (lossNats) => lossNats < 0.3, 240_000);
  await panel().click('button-pause');
  await panel().waitForText('state', (state) => /paused/i.test(state));
  assert.match(await panel().readTestId('facts'), new RegExp(String.raw`V\s=\s${SYMBOLS}\b`));
  assert.doesNotMatch(await panel().frame.locator('body').innerText(), /[\ud800-\udfff]/u, 'no half of a character');
});

test('the name of the file stands at the left, and leaves the header as it is', async () => {
  assert.equal(await panel().readTestId('file'), FILE);
  const file = await panel().testId('file').boundingBox();
  const actions = await panel().frame.locator('.header-actions').boundingBox();
  const header = await panel().frame.locator('.header').boundingBox();
  assert.ok(file !== null && actions !== null && header !== null);
  assert.ok(file.x - header.x < 4, `the name is ${file.x - header.x} pixels from the edge`);
  assert.ok(file.x + file.width <= actions.x, 'the name ends before the buttons');
});

/** Of the characters of the sample that is shown: each with its box. */
function characters(): Promise<{ text: string; left: number; top: number }[]> {
  return panel()
    .testId('sample-text')
    .locator('[data-index]')
    .evaluateAll((all) =>
      all.map((one) => {
        const { left, top } = one.getBoundingClientRect();
        return { text: one.textContent, left, top };
      }),
    );
}

test('sampled text goes the way of its script, line by line, and each symbol is whole', async () => {
  await panel().testId('sample-text').scrollIntoViewIfNeeded();
  // Of the network as it is by now, which has learnt the words.
  await panel().click('generate');
  await panel().waitForText('sample-text', (text) => text.includes('שלום') && text.includes('end'));
  const shown = await characters();
  for (const { text } of shown) assert.equal(Array.from(text).length, 1, text);
  /** How often one letter of a script stands left or right of the one that was written before it, on the same line. */
  const directions = (script: RegExp): { left: number; right: number } => {
    const counts = { left: 0, right: 0 };
    shown.forEach(({ text, left, top }, index) => {
      const before = shown[index - 1];
      if (before === undefined || before.top !== top || !script.test(text) || !script.test(before.text)) return;
      counts[left < before.left ? 'left' : 'right']++;
    });
    return counts;
  };
  const hebrew = directions(/\p{Script=Hebrew}/u);
  const latin = directions(/\p{Script=Latin}/u);
  assert.ok(hebrew.left > 10 && hebrew.right === 0, JSON.stringify(hebrew));
  assert.ok(latin.right > 0 && latin.left === 0, JSON.stringify(latin));
});

test('a symbol in a sentence turns nothing beside it', async () => {
  await panel().testId('sample-text').focus();
  for (let presses = 0; presses < 300; presses++) {
    await session().window.page.keyboard.press('ArrowRight');
    if (/\p{Script=Hebrew}/u.test(await panel().readTestId('sample-reading'))) break;
  }
  const reading = await panel()
    .testId('sample-reading')
    .evaluate((element) => {
      const text = element.firstChild;
      if (text === null) throw new Error('There is no text.');
      const at = (index: number): number => {
        const range = document.createRange();
        range.setStart(text, index);
        range.setEnd(text, index + 1);
        return range.getBoundingClientRect().left;
      };
      const words = text.textContent ?? '';
      return { words, symbol: at(words.search(/\p{Script=Hebrew}/u)), number: at(words.search(/[\d.]+ nats$/)) };
    });
  assert.match(reading.words, /^‘\u2068\p{Script=Hebrew}\u2069’ had probability (?:> )?[\d.]+, loss [\d.]+ nats$/u);
  assert.ok(reading.symbol < reading.number, 'the number stands after the symbol');
});

test('tape, charts and tables show such symbols', async () => {
  await session().picture('scripts-overview');
  await panel().testId('chart-steps').scrollIntoViewIfNeeded();
  await drawn(session(), 'chart-steps');
  await session().picture('scripts-steps');
  await panel().click('tab-steps');
  await drawn(session(), 'chart-tape');
  assert.match(
    await panel().waitForAttribute('tape', 'aria-valuetext', (text) => text.includes('reads')),
    /reads ‘.{1,4}’, target ‘.{1,4}’/u,
  );
  await session().picture('scripts-tape');
});
