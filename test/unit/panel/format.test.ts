import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  formatDuration,
  formatLoss,
  formatNorm,
  formatProbability,
  formatRate,
  formatShare,
  formatTick,
  groupDigits,
  powerOfTen,
  quotedSymbol,
  visibleSymbol,
} from '../../../src/common/format.ts';

fc.configureGlobal({ seed: 4174 });

describe('numbers as the panel writes them', () => {
  it('groups digits in threes and keeps every digit', () => {
    assert.equal(groupDigits(12_400), '12\u202f400');
    assert.equal(groupDigits(1_003_855), '1\u202f003\u202f855');
    assert.equal(groupDigits(999), '999');
    fc.assert(
      fc.property(fc.nat(), (n) => {
        const text = groupDigits(n);
        assert.equal(Number(text.replaceAll('\u202f', '')), n);
        for (const group of text.split('\u202f').slice(1)) assert.equal(group.length, 3);
      }),
    );
  });

  it('converts a loss to bits and keeps three decimals', () => {
    assert.equal(formatLoss(Math.log(2), 'bits'), '1.000');
    assert.equal(formatLoss(Math.log(65), 'nats'), '4.174');
    assert.equal(formatLoss(301_474.5, 'nats'), '3.01e5');
    assert.equal(formatLoss(NaN, 'nats'), 'not a number');
  });

  it('writes norms with three significant digits at every magnitude', () => {
    assert.equal(formatNorm(0.8123), '0.812');
    assert.equal(formatNorm(1168), '1\u202f170');
    assert.equal(formatNorm(3.214e-5), '3.21e-5');
    assert.equal(formatNorm(1.5e9), '1.50e9');
    assert.equal(formatNorm(0), '0');
    assert.equal(formatNorm(Infinity), 'infinite');
    fc.assert(
      fc.property(fc.double({ min: 1e-30, max: 1e30, noNaN: true }), (value) => {
        const read = Number(formatNorm(value).replaceAll('\u202f', ''));
        assert.ok(Math.abs(read - value) <= 0.0051 * value, `${value} became ${formatNorm(value)}`);
      }),
    );
  });

  it('never rounds a probability to certainty or impossibility', () => {
    assert.equal(formatProbability(0.9999), '> 0.99');
    assert.equal(formatProbability(0.004), '4e-3');
    assert.equal(formatProbability(0.25), '0.25');
    assert.equal(formatProbability(1), '1');
  });

  it('writes a small share as less than one per cent, not as none', () => {
    assert.equal(formatShare(0), '0\u202f%');
    assert.equal(formatShare(0.001), '<\u202f1\u202f%');
    assert.equal(formatShare(0.04), '4\u202f%');
    assert.equal(formatShare(1), '100\u202f%');
  });

  it('writes times as minutes and hours', () => {
    assert.equal(formatDuration(0), '0:00');
    assert.equal(formatDuration(161_999), '2:41');
    assert.equal(formatDuration(3_600_000 + 5 * 60_000 + 7000), '1:05:07');
  });

  it('keeps three significant digits of a rate', () => {
    assert.equal(formatRate(118_345), '118\u202f000');
    assert.equal(formatRate(9447), '9\u202f450');
    assert.equal(formatRate(87.6), '88');
    assert.equal(formatRate(0), '0');
  });

  it('gives neighbouring ticks different labels', () => {
    fc.assert(
      fc.property(fc.integer({ min: -3, max: 3 }), fc.constantFrom(1, 2, 5), fc.nat(50), (exponent, factor, n) => {
        const step = factor * 10 ** exponent;
        assert.notEqual(formatTick(n * step, step), formatTick((n + 1) * step, step));
      }),
    );
  });

  it('writes powers of ten with raised digits', () => {
    assert.equal(powerOfTen(-12), '10⁻¹²');
    assert.equal(powerOfTen(3), '10³');
  });
});

describe('characters as the panel shows them', () => {
  it('makes whitespace and control characters visible', () => {
    assert.deepEqual(['\n', ' ', '\t', '\r', '\u0000', '\u007f', '\u00a0'].map(visibleSymbol), [
      '⏎',
      '␣',
      '⇥',
      '␍',
      '␀',
      '␡',
      '⍽',
    ]);
  });

  it('leaves letters, signs beyond the first plane and labels of bytes as they are', () => {
    for (const symbol of ['e', 'ß', '日', '😀', '0xE2']) assert.equal(visibleSymbol(symbol), symbol);
    assert.equal(quotedSymbol('e'), '‘e’');
  });

  it('carries a combining mark on a dotted circle', () => {
    assert.equal(visibleSymbol('\u0301'), '◌\u0301');
  });
});
