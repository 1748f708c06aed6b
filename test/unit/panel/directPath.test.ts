import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { gateShares, orderGates } from '../../../src/panel/charts/gateActivity.ts';
import { halfLifeOf, halfLifeText, keptSentences, splitKept } from '../../../src/panel/charts/directPath.ts';
import type { DirectReach, Reach } from '../../../src/protocol/study.ts';

const WORDS = { state: 'c', kept: 'f', keptWords: 'the forget gate f', others: 'the gates' };
const decayOf = (factor: number) => ({ ratePerStep: Math.log(factor), atLag0: 1, fromLag: 0, toLag: 9, r2: 1 });

/** By all ways. */
const wholeOf = (factor: number, lagProfile = Float64Array.of(1, 0.6)): Pick<Reach, 'decay' | 'lagProfile'> => ({
  decay: { ...decayOf(factor), toLag: 1 },
  lagProfile,
});
const UNFITTED = { decay: null, lagProfile: Float64Array.of(1, 0.6) };

/** Of three units, the second one of which keeps most. */
function reachOf(change: Partial<DirectReach> = {}): DirectReach {
  return {
    direct: new Float64Array(4),
    directProfile: Float64Array.of(1, 0.5),
    othersProfile: Float64Array.of(0, 0.25),
    decay: decayOf(0.8),
    keptByStep: Float64Array.of(0.7, 0.9),
    keptByUnit: Float64Array.of(0.5, 0.99, 0.8),
    enteredByUnit: Float64Array.of(0.25, 0.25, 0.5),
    ...change,
  };
}

suite('what the direct path of a state keeps', () => {
  test('has a half-life: ln ½ over the logarithm of what is kept', () => {
    assert.equal(halfLifeOf(0.5), 1);
    assert.ok(Math.abs(halfLifeOf(0.9) - 6.579) < 1e-3);
    assert.deepEqual([halfLifeOf(1), halfLifeOf(0)], [Infinity, 0]);
    assert.deepEqual([1, 6.58, 69, 690.1, Infinity].map(halfLifeText), [
      '1.0 steps',
      '6.6 steps',
      '69 steps',
      '690 steps',
      'more than 10,000 steps',
    ]);
  });

  test('is averaged over steps, over units, and by the error that enters each', () => {
    const split = splitKept(reachOf(), wholeOf(0.9));
    const near = (actual: number, expected: number): void =>
      assert.ok(Math.abs(actual - expected) < 1e-12, `${actual}`);
    near(split.mean, 0.8);
    near(split.geometricMean, (0.5 * 0.99 * 0.8) ** (1 / 3));
    near(split.halfLife, (3 * Math.log(0.5)) / Math.log(0.5 * 0.99 * 0.8));
    near(split.medianHalfLife, Math.log(0.5) / Math.log(0.8));
    near(split.whereEntered, 0.25 * 0.5 + 0.25 * 0.99 + 0.5 * 0.8);
    assert.equal(split.longest.unit, 1);
    assert.ok(!split.isOnly);
  });

  test('is told, and which way lasts longer', () => {
    const told = (direct: number, whole: number): string =>
      keptSentences(splitKept(reachOf({ decay: decayOf(direct) }), wholeOf(whole)), WORDS).join(' ');
    assert.match(told(0.8, 0.9), /multiplies the error of c, unit by unit, by the forget gate f: 0\.800 on average/);
    assert.match(told(0.8, 0.9), /unit 1 keeps it longest: half of it for 69 steps/);
    assert.match(
      told(0.8, 0.9),
      /×0\.800 a step by the direct path alone, ×0\.900 by all ways\. .*The whole lasts longer/,
    );
    assert.match(told(0.95, 0.9), /The direct path lasts longer than the whole: what comes by the gates fades sooner/);
    assert.match(told(0.9, 0.905), /Both fall alike: it is f that sets how long this state remembers/);
  });

  test('says where the error enters units that forget', () => {
    const [, entered] = keptSentences(
      splitKept(reachOf({ enteredByUnit: Float64Array.of(0.98, 0.01, 0.01) }), UNFITTED),
      WORDS,
    );
    assert.match(entered, /keeps ×0\.508 a step: the error enters units that forget.*\(unit 1: 1(?:\.0)?\s?%\)/);
    assert.doesNotMatch(keptSentences(splitKept(reachOf(), UNFITTED), WORDS)[1], /forget,/);
  });

  test('is the only way where nothing else comes back, and says so', () => {
    const only = splitKept(reachOf({ othersProfile: new Float64Array(2) }), wholeOf(0.8));
    assert.match(keptSentences(only, WORDS).join(' '), /There is no other way back: what f keeps is all that is left/);
  });

  test('is the only way still where it ended and rounding has not, and where the network has no other', () => {
    const ended = reachOf({ directProfile: Float64Array.of(1e-140, 0), othersProfile: Float64Array.of(0, 1e-151) });
    assert.ok(splitKept(ended, wholeOf(0.8)).isOnly);
    const words = { ...WORDS, others: undefined };
    assert.match(keptSentences(splitKept(reachOf(), wholeOf(0.8)), words)[2], /There is no other way back/);
  });

  test('never seems to grow without a word on why, and nothing is concluded from that', () => {
    const told = (direct: number, whole: number): string =>
      keptSentences(splitKept(reachOf({ decay: decayOf(direct) }), wholeOf(whole)), WORDS)[2];
    assert.match(told(1.04, 1.04), /×1\.04 by all ways\. The fitted line rises, although f is at most 1/);
    assert.match(
      told(0.9, 1.04),
      /By all ways the fitted line rises: either what comes by the gates makes errors larger/,
    );
    for (const text of [told(1.04, 1.04), told(1.04, 0.99), told(0.9, 1.04)]) {
      assert.doesNotMatch(text, /fall|forget|lasts longer|it is f that sets/);
    }
  });

  test('says why more is left over many lags than of the first step back', () => {
    const told = (direct: number): string =>
      keptSentences(
        splitKept(reachOf({ decay: decayOf(direct), enteredByUnit: Float64Array.of(1, 0, 0) }), wholeOf(0.8)),
        WORDS,
      )[2];
    assert.match(told(0.8), /more than the ×0\.500 where errors enter, which is the average of the first step back/);
    assert.doesNotMatch(told(0.5), /where errors enter/);
  });

  test('that is larger than the whole, as the rest is, is said to cancel with it', () => {
    const reach = reachOf({
      decay: decayOf(0.9),
      directProfile: Float64Array.of(1, 0.9),
      othersProfile: Float64Array.of(0, 0.8),
    });
    const told = (lag1: number): string =>
      keptSentences(
        splitKept(reach, { decay: { ...decayOf(0.8), fromLag: 1, toLag: 1 }, lagProfile: Float64Array.of(1, lag1) }),
        WORDS,
      )[2];
    assert.match(told(0.5), /point against each other and cancel there/);
    assert.doesNotMatch(told(0.5), /the more of what is left came by/);
    assert.match(told(0.85), /the more of what is left came by f/);
  });
});

suite('the activity of a gate', () => {
  /** Two units over three steps. */
  const units = {
    values: Float64Array.of(0.95, 0.05, 0.91, 0.5, 0.9, 0.1),
    unitSaturation: new Float64Array(2),
  };

  test('counts what is open above 0.9 and shut below 0.1, the bounds themselves in neither', () => {
    assert.deepEqual(gateShares(units), { open: 2 / 6, shut: 1 / 6 });
    assert.deepEqual(gateShares(units, { unit: 0 }), { open: 2 / 3, shut: 0 });
    assert.deepEqual(gateShares(units, { t: 0 }), { open: 1 / 2, shut: 1 / 2 });
  });

  test('has the units that are open furthest first, or in their own order', () => {
    const values = Float64Array.of(0.1, 0.9, 0.2, 0.3);
    assert.deepEqual([...orderGates({ ...units, values }, 'saturation')], [1, 0]);
    assert.deepEqual([...orderGates({ ...units, values }, 'index')], [0, 1]);
  });
});
