import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decaySentences, factorAxis, formatFactor, splitDecay } from '../../../src/panel/charts/memoryFactors.ts';
import { lyapunovMeaning, radiusMeaning, sigmaMeaning } from '../../../src/panel/views/memory/spectrumText.ts';
import {
  charactersRead,
  errorText,
  horizonText,
  percentText,
  stepLabel,
} from '../../../src/panel/views/memory/window.ts';
import { wayWordsOf } from '../../../src/network/wayWords.ts';
import { FACTS } from './fixtures.ts';
import { NETWORK } from '../../tanh.ts';
import { RELU_NETWORK } from './otherNetworks.ts';

const WORDS = wayWordsOf(NETWORK) ?? assert.fail('errors go back by one way');

const RELU = wayWordsOf(RELU_NETWORK) ?? assert.fail('errors go back by one way');

const decayOf = (factor: number) => ({ ratePerStep: Math.log(factor), atLag0: 1, fromLag: 0, toLag: 9, r2: 1 });

/** A window whose tanh factor averages 0.5 and whose lag profile falls by `factor` a step. */
const memoryOf = (factor: number | null, tanhFactor = [0.4, 0.6], onePercent: number | null = 5) => ({
  horizon: { onePercent, oneOverE: 2 },
  slope: Float64Array.from(tanhFactor),
  decay: factor === null ? null : decayOf(factor),
});
const SPECTRUM = { singularValues: Float64Array.of(3, 4, 0).sort().reverse(), sigmaMax: 4 };

describe('the decay split', () => {
  it('is not split between the causes where a layer above sends errors down at every step', () => {
    const split = splitDecay(memoryOf(0.25), SPECTRUM, 'tanh', true);
    assert.equal(split.leftForW, null);
    assert.match(
      decaySentences(split, WORDS)[1],
      /×0\.25.* a step\. Errors of the layer above come down at every step as well/,
    );
  });

  it('divides the measured factor by the mean tanh factor', () => {
    const split = splitDecay(memoryOf(0.25), SPECTRUM, 'tanh');
    assert.ok(Math.abs(split.slopeMean - 0.5) < 1e-15);
    assert.ok(Math.abs((split.measured ?? NaN) - 0.25) < 1e-15);
    assert.ok(Math.abs((split.leftForW ?? NaN) - 0.5) < 1e-15);
    assert.deepEqual([split.slopeLeast, split.slopeMost], [0.4, 0.6]);
  });

  it('takes the root mean square of the singular values: ‖W_ah‖_F/√H', () => {
    const { sigmaRms } = splitDecay(memoryOf(0.25), SPECTRUM, 'tanh');
    assert.ok(Math.abs((sigmaRms ?? NaN) - 5 / Math.sqrt(3)) < 1e-12);
  });

  it('says which of the two makes the error vanish', () => {
    const verdict = (factor: number, tanh = [0.5]): string =>
      decaySentences(splitDecay(memoryOf(factor, tanh), SPECTRUM, 'tanh'), WORDS)[1];
    assert.match(verdict(0.8), /it is the tanh factor that makes it vanish/);
    assert.match(verdict(0.25), /the tanh factor makes 50 %, in logarithms, W_ah the rest/);
    assert.match(verdict(0.25, [0.99]), /makes only 1 %, in logarithms: W_ah is too small/);
    assert.match(verdict(0.45, [0.5]), /makes 87 %, in logarithms: tanh, not W_ah/);
    assert.match(verdict(1.2), /grows on its way back/);
    assert.match(verdict(1.001), /keeps its size/);
  });

  it('of ReLU takes the root of the share of units that are on, by which they shrink the norm of an error', () => {
    // Of every direction alone the square that is left is 1 or 0: on average over H = 4 directions, one of them on, a quarter.
    const split = splitDecay(memoryOf(0.25, [0.25, 0.25]), SPECTRUM, 'relu');
    assert.deepEqual([split.slopeMean, split.slopeLeast, split.slopeMost], [0.5, 0.5, 0.5]);
    assert.ok(Math.abs((split.leftForW ?? NaN) - 0.5) < 1e-15);
    const [first, second] = decaySentences(split, RELU);
    assert.match(
      first,
      /unit by unit, by \[a > 0\]: the ReLU factor, the root mean square over the units, averages 0\.500;/,
    );
    assert.match(second, /the ReLU factor makes 50 %, in logarithms, W_ah the rest/);
  });

  it('says what is known where nothing could be fitted, and where the spectrum has not come', () => {
    const [first, second] = decaySentences(splitDecay(memoryOf(null), undefined, 'tanh'), WORDS);
    assert.match(first, /averages 0\.500 \(0\.40 to 0\.60 from step to step\)\.$/);
    assert.match(second, /No decay could be fitted/);
  });

  it('says that nothing passes where the lag profile is zero from lag 0 on', () => {
    const [, second] = decaySentences(splitDecay(memoryOf(null, [0, 0], 0), SPECTRUM, 'tanh'), WORDS);
    assert.match(second, /No error passes at all/);
    assert.doesNotMatch(second, /fewer than three/);
  });

  it('writes factors so that one just under 1 is told from 1', () => {
    assert.deepEqual([0.9963, 1, 12.34, 0.0000123, 0].map(formatFactor), ['×0.996', '×1.00', '×12.3', '×1.2e-5', '×0']);
  });

  it('has ×1 and all its factors on its axis', () => {
    const { min, max, ticks } = factorAxis([0.02, 3, null, undefined, 0, Infinity]);
    assert.ok(min < 0.02 && max > 3);
    assert.ok(ticks.includes(1) && ticks.every((tick) => tick >= min && tick <= max));
  });
});

describe('what the numbers of W_ah mean', () => {
  it('changes at σ_max = 1 and ρ = 1', () => {
    assert.match(sigmaMeaning(0.99, 'tanh'), /must vanish/);
    assert.match(sigmaMeaning(1.01, 'tanh'), /can explode/);
    assert.match(radiusMeaning({ spectralRadius: 1.2 }, WORDS), /grow/);
    assert.match(radiusMeaning({ spectralRadius: 0.8 }, WORDS), /fade/);
  });

  it('of ReLU, which bounds nothing, is told of a network whose units are all on', () => {
    assert.match(
      radiusMeaning({ spectralRadius: 1.2 }, RELU),
      /^above 1: with all units on, some directions would grow/,
    );
    assert.match(radiusMeaning({ spectralRadius: 0.8 }, RELU), /^not above 1: with all units on, every direction/);
  });

  it('follows for the Lyapunov exponent from its growth over the window', () => {
    assert.equal(lyapunovMeaning(0.006, 25), 'in the long run ×1.15 over 24 steps: errors about keep their size');
    assert.match(lyapunovMeaning(0.006, 500), /×20\.0 over 499 steps: errors grow/);
    assert.match(lyapunovMeaning(-0.2, 50), /errors fade/);
    assert.match(lyapunovMeaning(0.2, 50), /errors explode/);
    assert.match(lyapunovMeaning(-18.6, 50), /×10⁻³⁹⁶ over 49 steps: errors fade/);
  });
});

describe('the window in words', () => {
  const memory = { inputs: Int32Array.of(2, 1), targets: Int32Array.of(1, 3) };

  it('names characters, whitespace made visible', () => {
    assert.deepEqual(charactersRead(FACTS, memory), ['a', '␣']);
    assert.equal(stepLabel(FACTS, memory, 1), 't = 1 (‘␣’)');
    assert.equal(stepLabel(undefined, memory, 1, 's'), 's = 1');
    assert.equal(errorText(FACTS, memory, 0), 't = 0 (‘a’ → ‘␣’)');
  });

  it('says that a horizon is beyond the window', () => {
    assert.equal(horizonText(null, 64), 'beyond the window (> 63 steps)');
    assert.equal(horizonText(0, 64), '0 steps: nothing passes at all');
    assert.equal(horizonText(1, 64), '1 step');
    assert.equal(horizonText(23, 64), '23 steps');
  });

  it('writes a share as per cent, and does not write dozens of zeros', () => {
    assert.equal(percentText(0.0459), '4.59 %');
    assert.equal(percentText(1e-30), '< 0.0001 %');
    assert.equal(percentText(0), '0 %');
  });
});
