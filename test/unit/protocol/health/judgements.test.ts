import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  judgeGap,
  judgeGradient,
  judgeHorizon,
  judgeRecurrence,
  judgeSaturation,
  judgeUpdate,
} from '../../../src/protocol/health/thresholds.ts';

const GRADIENT = { norm: 1, usualNorm: 1, recentLargest: 1, clipped: 0 };
const RECURRENCE = { sigmaMax: 2, lyapunov: null, horizon: 20, T: 50 };
const GAP = { validationNats: 1.5, lowestNats: 1.5, lowestIteration: 900, gapNats: 0.05, uniformNats: 4.2 };

describe('the gradient', () => {
  it('is watched once it is clipped more often than not', () => {
    assert.equal(judgeGradient({ ...GRADIENT, clipped: 0.5 }).condition, 'ok');
    const judged = judgeGradient({ ...GRADIENT, clipped: 0.92 });
    assert.equal(judged.condition, 'watch');
    assert.match(judged.evidence, /^Gradients are clipped in 92\s% of iterations$/);
  });

  it('alarms where it is not finite, and where it jumps with nothing to clip it', () => {
    assert.equal(judgeGradient({ ...GRADIENT, norm: NaN }).condition, 'alarm');
    assert.equal(judgeGradient({ ...GRADIENT, norm: Infinity }).condition, 'alarm');
    assert.equal(judgeGradient({ ...GRADIENT, recentLargest: 101 }).condition, 'ok');
    assert.equal(judgeGradient({ ...GRADIENT, recentLargest: 101, clipped: undefined }).condition, 'alarm');
    assert.equal(judgeGradient({ ...GRADIENT, recentLargest: 99, clipped: undefined }).condition, 'ok');
  });

  it('is watched where it has vanished', () => {
    assert.equal(judgeGradient({ ...GRADIENT, norm: 1e-9 }).condition, 'watch');
  });
});

describe('updates', () => {
  it('are usual around 10⁻³ and told to be large or small far from it', () => {
    const words = [1e-3, 1.9e-2, 6e-5, 3e-2, 1e-6, 0.5].map((ratio) => {
      const { condition, word } = judgeUpdate(ratio);
      return `${condition} ${word}`;
    });
    assert.deepEqual(words, ['ok usual', 'ok usual', 'ok usual', 'watch large', 'watch small', 'alarm huge']);
    assert.equal(judgeUpdate(NaN).condition, 'alarm');
  });
});

describe('saturation', () => {
  it('is watched above a half and alarms where nearly all are saturated', () => {
    const conditions = [0.2, 0.5, 0.6, 0.95].map((share) => judgeSaturation(share).condition);
    assert.deepEqual(conditions, ['ok', 'ok', 'watch', 'alarm']);
  });
});

describe('the memory horizon', () => {
  it('is watched below the four steps that a 5-gram looks back', () => {
    assert.equal(judgeHorizon(3, 50).condition, 'watch');
    assert.equal(judgeHorizon(4, 50).condition, 'ok');
    assert.match(judgeHorizon(1, 50).evidence, /under 1\s% after 1 step back/);
  });

  it('alarms where no error reaches a hidden state, in windows of any length', () => {
    for (const T of [2, 4, 50]) {
      const { condition, word, evidence } = judgeHorizon(0, T);
      assert.deepEqual([condition, word], ['alarm', 'nothing passes']);
      assert.match(evidence, /No error passes: the units are saturated/);
    }
  });

  it('is the whole window where it is not reached, and not blamed on windows that are short themselves', () => {
    assert.deepEqual(judgeHorizon(null, 50), { condition: 'ok', word: 'whole window', evidence: '' });
    assert.equal(judgeHorizon(2, 4).condition, 'ok');
  });
});

describe('W_ah', () => {
  it('must fade with σ_max below 1', () => {
    assert.equal(judgeRecurrence({ ...RECURRENCE, sigmaMax: 0.9, lyapunov: -0.5 }).condition, 'watch');
    assert.match(judgeRecurrence({ ...RECURRENCE, sigmaMax: 0.9 }).evidence, /σ_max of W_ah is 0\.900, below 1/);
  });

  it('is watched where errors grow over a window, and alarms where they grow a hundredfold', () => {
    // Growth over 49 steps back: e^0.98, e^1.96 and e^9.8.
    const conditions = [0.02, 0.04, 0.2].map((lyapunov) => judgeRecurrence({ ...RECURRENCE, lyapunov }).condition);
    assert.deepEqual(conditions, ['ok', 'watch', 'alarm']);
    assert.match(judgeRecurrence({ ...RECURRENCE, lyapunov: 0.2 }).evidence, /1\.22-fold/);
  });

  it('alarms where nothing passes, however large σ_max is', () => {
    for (const sigmaMax of [0.5, 30]) {
      const judged = judgeRecurrence({ ...RECURRENCE, sigmaMax, horizon: 0 });
      assert.deepEqual([judged.condition, judged.word], ['alarm', 'nothing passes']);
    }
  });

  it('is judged over the window: the same exponent can matter in a long one and not in a short one', () => {
    // e^(0.006 · 24) = 1.15, e^(0.006 · 499) = 20.
    assert.equal(judgeRecurrence({ ...RECURRENCE, lyapunov: 0.006, T: 25 }).word, 'errors last');
    assert.equal(judgeRecurrence({ ...RECURRENCE, lyapunov: 0.006, T: 500 }).word, 'growing');
  });

  it('says whether errors fade or last, by what was measured', () => {
    assert.equal(judgeRecurrence({ ...RECURRENCE, sigmaMax: 8, lyapunov: -0.3 }).word, 'errors fade');
    assert.equal(judgeRecurrence({ ...RECURRENCE, sigmaMax: 1.1, lyapunov: -0.001 }).word, 'errors last');
    assert.equal(judgeRecurrence({ ...RECURRENCE, sigmaMax: 1.1 }).word, 'can carry');
  });
});

describe('the validation gap', () => {
  it('is watched where it is large', () => {
    assert.equal(judgeGap({ ...GAP, gapNats: 0.2 }, 'nats').condition, 'ok');
    assert.equal(judgeGap({ ...GAP, gapNats: -1 }, 'nats').condition, 'ok');
    assert.equal(judgeGap({ ...GAP, gapNats: 0.31 }, 'nats').condition, 'watch');
  });

  it('tells since when the validation loss rises, and alarms where it has risen far', () => {
    const rising = judgeGap({ ...GAP, gapNats: 0.2, lowestNats: 1.45 }, 'nats');
    assert.equal(rising.condition, 'watch');
    assert.match(rising.evidence, /risen by 0\.050 nats since iteration 900/);
    assert.match(judgeGap({ ...GAP, gapNats: 0.2, lowestNats: 1.45 }, 'bits').evidence, /0\.072 bits\/char/);
    assert.equal(judgeGap({ ...GAP, gapNats: 0.2, lowestNats: 1.3 }, 'nats').condition, 'alarm');
  });

  it('speaks of learning by heart only where the loss has risen far above its lowest', () => {
    assert.doesNotMatch(judgeGap({ ...GAP, gapNats: 0.2, lowestNats: 1.45 }, 'nats').evidence, /heart/);
    assert.match(judgeGap({ ...GAP, gapNats: 0.2, lowestNats: 1.3 }, 'nats').evidence, /learnt by heart/);
  });

  it('speaks of divergence where training itself is worse than guessing', () => {
    const facts = { ...GAP, validationNats: 30, lowestNats: 3, gapNats: 0.5 };
    assert.match(judgeGap(facts, 'nats').evidence, /above 4\.200 nats, that of guessing: training has diverged/);
    assert.match(judgeGap({ ...facts, gapNats: 28 }, 'nats').evidence, /learnt by heart/);
    // At the start both may be above it.
    assert.equal(judgeGap({ ...facts, validationNats: 4.4, lowestNats: 4.4, gapNats: 0 }, 'nats').condition, 'ok');
  });

  it('is not alarmed by a rise of some hundredths, nor by one that is small beside the loss', () => {
    assert.equal(judgeGap({ ...GAP, gapNats: 0.2, lowestNats: 1.48 }, 'nats').condition, 'ok');
    assert.equal(judgeGap({ ...GAP, gapNats: 0.29, validationNats: 4, lowestNats: 3.94 }, 'nats').condition, 'ok');
    assert.equal(judgeGap({ ...GAP, gapNats: 0.29, validationNats: 4, lowestNats: 3.88 }, 'nats').word, 'rising');
  });

  it('is not blamed on validations that only scatter, with no gap to speak of', () => {
    assert.equal(judgeGap({ ...GAP, gapNats: 0.05, lowestNats: 1.45 }, 'nats').condition, 'ok');
  });
});
