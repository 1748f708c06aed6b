import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InputError } from '../../../src/common/inputError.ts';
import { DEFAULT_SETTINGS, parseSettings, settingFromText } from '../../../src/protocol/settings.ts';

test('the defaults are within their own ranges', () => {
  assert.deepEqual(parseSettings({ ...DEFAULT_SETTINGS }), DEFAULT_SETTINGS);
});

for (const [name, value, part] of [
  ['hiddenSize', 0, 'hiddenSize is 0; it must be a whole number from 1 to 4096'],
  ['hiddenSize', 12.5, '12.5'],
  ['hiddenSize', '128', '"128"'],
  ['learningRate', NaN, 'null'],
  ['learningRate', -1, '-1'],
  ['optimizer', 'lion', 'it must be one of sgd, momentum, adagrad, rmsprop, adam'],
  ['hidden', 5, 'There is no setting "hidden"'],
  ['__proto__x', 5, 'There is no setting'],
] as const) {
  test(`${name} = ${String(value)} is refused with the value and what is allowed`, () => {
    assert.throws(
      () => parseSettings({ [name]: value }),
      (error: unknown) => error instanceof InputError && error.message.includes(part),
    );
  });
}

for (const [typed, meant] of [
  ['gur', 'gru'],
  ['LSTM', 'lstm'],
  ['minigru', 'mingru'],
  ['transformer', undefined],
  ['', undefined],
] as const) {
  test(`the cell ${typed} is refused ${meant === undefined ? 'without a guess' : `with the question whether ${meant} was meant`}`, () => {
    assert.throws(
      () => parseSettings({ cell: typed }),
      ({ message }: Error) =>
        meant === undefined ? !message.includes('mean') : message.endsWith(`. Did you mean ${meant}?`),
    );
  });
}

test('a setting given as text gets its type, and stays text where it is no number', () => {
  assert.equal(settingFromText('hiddenSize', '64'), 64);
  assert.equal(settingFromText('learningRate', '2e-3'), 0.002);
  assert.equal(settingFromText('optimizer', 'sgd'), 'sgd');
  assert.equal(settingFromText('hiddenSize', 'many'), 'many');
  assert.equal(settingFromText('hiddenSize', ''), '');
  assert.equal(settingFromText('constructor', '1'), '1');
});
