import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { longTest } from '../../run/amount.ts';
import { pictured, SAMPLE, train } from '../support.ts';
import { session } from './session.ts';

const panel = (): ReturnType<typeof session>['panel'] => session().panel;

const refusals: string[] = [];

/** The message that refuses something; VS Code writes it to the console as well. */
async function refusal(part: string): Promise<string> {
  const message = await session().window.waitForNotification(part);
  refusals.push(message);
  return message;
}

afterEach(async () => {
  await session().window.clearNotifications();
  const errors = session().errors.take();
  assert.deepEqual(
    errors.filter((error) => !refusals.some((message) => error.includes(message))),
    [],
  );
});

for (const [name, words] of [
  ['empty.txt', /empty/],
  ['one-character.txt', /one/],
] as const) {
  test(`${name} is refused before anything is asked, by its name and the reason`, async () => {
    await session().window.openFile(name);
    await session().window.runCommand('RNN Inspector: Train RNN on file');
    assert.match(await refusal(name), words);
    assert.equal(await panel().count(), 0);
  });
}

test('a binary file is refused from the context menu of the explorer, and its bytes are offered', async () => {
  const { window } = session();
  await window.pickFromContextMenu(
    window.page.locator('.explorer-folders-view').getByText('binary.txt'),
    'Train RNN on file',
  );
  assert.match(await refusal('binary.txt'), /text/);
  await window.clickNotification('binary.txt', 'Train on bytes');
  // Its bytes would be trained on, were there more of them.
  assert.match(await refusal('too short'), /binary\.txt.* fits with sequenceLength \d+.* and batchSize 1/s);
});

test('a text that is too short offers the batch size that fits, and trains with it', async () => {
  await pictured(session(), 'too-short', async () => {
    await train(session(), 'too-short.txt', 'My settings');
    assert.match(await refusal('too-short.txt'), /too short.*batchSize/is);
    await session().window.clickNotification('too-short.txt', 'batch size');
    await panel().waitForNumber('iteration', (iteration) => iteration > 5, 60_000);
  });
});

test('a vocabulary that is too large offers to train on bytes, and does', async () => {
  await train(session(), 'large-vocabulary.txt', 'Quick look');
  assert.match(await refusal('large-vocabulary.txt'), /20,?001/);
  await session().window.clickNotification('large-vocabulary.txt', 'bytes');
  await panel().waitForText('file', (file) => file.includes('large-vocabulary.txt'), 60_000);
  await panel().waitForNumber('iteration', (iteration) => iteration > 5, 60_000);
  await session().window.runCommand('RNN Inspector: Stop');
  await panel().waitForText('state', (state) => /stopped/i.test(state));
});

longTest('UTF-16 is read by its byte order mark', async () => {
  await train(session(), 'utf16le.txt', 'Quick look');
  await panel().waitForText('file', (file) => file.includes('utf16le.txt'), 60_000);
  await panel().waitForNumber('iteration', (iteration) => iteration > 5, 60_000);
  // A text of two thousand characters is read twenty times within seconds.
  await panel().waitForText('state', (state) => /finished/i.test(state), 60_000);
});

test('a setting out of range is named with its value and range', async () => {
  await session().window.changeSettings({ 'rnnInspector.hiddenSize': 0 });
  await session().window.openFile(SAMPLE);
  await session().window.runCommand('RNN Inspector: Train RNN on file');
  assert.match(await refusal('hiddenSize'), /is 0; it must be a whole number from 1 to 4096/);
  await session().window.changeSettings({ 'rnnInspector.hiddenSize': undefined });
});

longTest('a network that does not fit into memory is refused with the number and a batch size that fits', async () => {
  await session().window.changeSettings({
    'rnnInspector.hiddenSize': 4096,
    'rnnInspector.sequenceLength': 2048,
    'rnnInspector.batchSize': 1024,
  });
  await train(session(), 'long.txt', 'My settings');
  assert.match(await refusal('memory'), /needs about \d[\d.]* GiB.*batchSize \d+ it fits/s);
  await session().window.changeSettings({
    'rnnInspector.hiddenSize': undefined,
    'rnnInspector.sequenceLength': undefined,
    'rnnInspector.batchSize': undefined,
  });
});
