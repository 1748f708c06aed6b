import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { isPlainNumber, LONGEST_EXPRESSION, valueOf } from '../../../src/panel/views/tour/expression.ts';

suite('what is typed as a number', () => {
  test('is a number in every way of writing one, also as the panel writes it', () => {
    const ways: readonly (readonly [string, number])[] = [
      ['0.25', 0.25],
      [' .25 ', 0.25],
      ['0,25', 0.25],
      ['−1.234e−5', -1.234e-5],
      ['-1.234E-5', -1.234e-5],
      ['+3', 3],
    ];
    for (const [text, value] of ways) {
      assert.equal(valueOf(text), value, text);
      assert.ok(isPlainNumber(text), text);
    }
  });

  test('is a calculation, by the rules of arithmetic', () => {
    const calculations: readonly (readonly [string, number])[] = [
      ['(0.25 − 1) / 5', -0.15],
      ['1 - 2 - 3', -4],
      ['8 / 4 / 2', 1],
      ['2 + 3 · 4', 14],
      ['2 × (3 + 4)', 14],
      ['-2^2', -4],
      ['2^-1', 0.5],
      ['2^3^2', 512],
      ['0.5²', 0.25],
      ['1 − 0.6²', 1 - 0.36],
      ['--1', 1],
      ['tanh(0.31)', Math.tanh(0.31)],
      ['-ln(0.125)', Math.log(8)],
      ['exp(1) / (exp(1) + exp(0))', Math.E / (Math.E + 1)],
      ['σ(0) + sigmoid(0)', 1],
      ['sqrt(2)^2', Math.sqrt(2) ** 2],
    ];
    for (const [text, value] of calculations) {
      assert.ok(Math.abs((valueOf(text) ?? NaN) - value) < 1e-15, `${text} = ${valueOf(text)}`);
      assert.ok(!isPlainNumber(text), text);
    }
    assert.equal(valueOf('1/0'), Infinity);
    assert.ok(Number.isNaN(valueOf('0/0')));
  });

  test('is nothing else: no name, no half calculation, no long text', () => {
    for (const text of [
      '',
      ' ',
      'a',
      '1 +',
      '(1',
      '1)',
      '1 2',
      'tanh',
      'tanh 1',
      'constructor(1)',
      '2 ** 3',
      '1;2',
      'e',
      'NaN',
    ]) {
      assert.equal(valueOf(text), undefined, text);
    }
    assert.equal(valueOf('('.repeat(200)), undefined);
    assert.equal(valueOf(`1${' '.repeat(LONGEST_EXPRESSION)}`), undefined);
  });

  test('never throws, whatever it is; and a number that is written is the one that is read', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void valueOf(text)));
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...Array.from('0123456789.,e+-−*/^²()tanhexp lσ')) }),
        (text) => void valueOf(text),
      ),
    );
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, noInteger: true }), (value) => {
        assert.equal(valueOf(String(value)), value);
      }),
    );
  });
});
