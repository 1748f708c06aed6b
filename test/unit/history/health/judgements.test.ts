import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NETWORK } from '../../../tanh.ts';
import { networkOf, type Network } from '../../../../src/network/network.ts';
import { wayWordsOf } from '../../../../src/network/wayWords.ts';
import { LSTM_NETWORK } from '../../panel/otherNetworks.ts';
import { judgeGap, judgeGradient, judgeUpdate } from '../../../../src/history/health/judgements.ts';
import { judgeSaturation } from '../../../../src/history/health/functionJudgements.ts';
import {
  judgeHorizon,
  judgeRecurrence,
  type RecurrenceFacts,
} from '../../../../src/history/health/memoryJudgements.ts';

const GRADIENT = { norm: 1, usualNorm: 1, recentLargest: 1, clipped: 0, summed: 1, isLearnt: false };
const RELU = networkOf({ cell: 'relu', layers: 1 });
const recurrenceOf = (facts: RecurrenceFacts, network: Network = NETWORK) =>
  judgeRecurrence(facts, wayWordsOf(network));
const UPDATE = { updateToWeight: 1e-3, learningRate: 0.01, isLearnt: false, hasDiverged: false };
const RECURRENCE = { spectralRadius: 1, sigmaMax: 2, lyapunov: null, horizon: 20, T: 50 };
/** The training loss has fallen by 0.3 nats since the validation loss was lowest. */
const GAP = {
  validationNats: 1.5,
  lowestNats: 1.5,
  lowestIteration: 900,
  trainingNats: 1.45,
  trainingAtLowestNats: 1.75,
};
/** As it is with such a gap. */
function gapOf(gapNats: number, change: Partial<typeof GAP> = {}): typeof GAP {
  const { validationNats } = { ...GAP, ...change };
  return {
    ...GAP,
    trainingNats: validationNats - gapNats,
    trainingAtLowestNats: validationNats - gapNats + 0.3,
    ...change,
  };
}

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

  it('of 10⁵ is out of hand where nothing clips it, however usual that has become, and says how to clip', () => {
    const exploded = judgeGradient({ ...GRADIENT, norm: 1e5, usualNorm: 1e5, recentLargest: 1e5, clipped: undefined });
    assert.deepEqual([exploded.condition, exploded.word], ['alarm', 'exploded']);
    assert.match(exploded.evidence, /‖g‖ reaches 1\.00e5, .*clipping is off: turn it on, clipNorm 5 is usual$/);
    // Of a summed loss every norm is T·B times as large: min-char-rnn has 25 and 1.
    const summed = { ...GRADIENT, norm: 495, usualNorm: 60, recentLargest: 495, clipped: undefined, summed: 25 };
    assert.equal(judgeGradient(summed).condition, 'ok');
    assert.equal(judgeGradient({ ...summed, summed: 1 }).condition, 'alarm');
  });

  it('does not jump where a text is learnt: a hundred times next to nothing is little', () => {
    const facts = { ...GRADIENT, norm: 1e-4, usualNorm: 1e-4, recentLargest: 0.05, clipped: undefined };
    assert.equal(judgeGradient(facts).condition, 'ok');
  });

  it('is watched where it has vanished', () => {
    assert.equal(judgeGradient({ ...GRADIENT, norm: 1e-9 }).condition, 'watch');
    assert.equal(judgeGradient({ ...GRADIENT, norm: 1e-9, isLearnt: true }).condition, 'ok');
  });
});

describe('updates', () => {
  it('are usual around 10⁻³ and told to be large or small far from it', () => {
    const words = [1e-3, 1.9e-2, 6e-5, 3e-2, 1e-6, 0.5].map((ratio) => {
      const { condition, word } = judgeUpdate({ ...UPDATE, updateToWeight: ratio });
      return `${condition} ${word}`;
    });
    assert.deepEqual(words, ['ok usual', 'ok usual', 'ok usual', 'watch large', 'watch small', 'alarm huge']);
    assert.equal(judgeUpdate({ ...UPDATE, updateToWeight: NaN }).condition, 'alarm');
  });
});

describe('the advice on updates', () => {
  const evidenceOf = (updateToWeight: number, learningRate: number): string =>
    judgeUpdate({ ...UPDATE, updateToWeight, learningRate }).evidence;

  it('names the direction, and a learning rate by the size of the updates', () => {
    // 10⁻³ / 10⁻⁶ = 1000 times as much.
    assert.match(evidenceOf(1e-6, 1e-5), /: raise learningRate from 0\.00001, to 0\.01 for a start$/);
    // Half of the way from 0.1 to 10⁻³ in decades is a tenth.
    assert.match(evidenceOf(0.1, 0.5), /: lower learningRate from 0\.5, to 0\.05 for a start$/);
    assert.match(evidenceOf(0.4, 10), /by 40.% of their size: lower learningRate from 10, to 0\.5 for a start$/);
  });

  it('names no learning rate that the setting does not take', () => {
    assert.match(evidenceOf(1e-9, 1), /: raise learningRate from 1$/);
    assert.match(evidenceOf(0, 1), /: raise learningRate from 1$/);
  });

  it('does not ask for larger ones where nothing is left to learn, or the parameters have grown without measure', () => {
    const small = { ...UPDATE, updateToWeight: 1e-6 };
    const learnt = judgeUpdate({ ...small, isLearnt: true });
    assert.deepEqual(learnt, { condition: 'ok', word: 'nothing left', evidence: '' });
    assert.equal(judgeUpdate({ ...small, hasDiverged: true }).evidence, '');
  });
});

describe('saturation', () => {
  it('is watched above a half and alarms where nearly all are saturated', () => {
    const conditions = [0.2, 0.5, 0.6, 0.95].map((share) => judgeSaturation(share, [], NETWORK).condition);
    assert.deepEqual(conditions, ['ok', 'ok', 'watch', 'alarm']);
  });

  it('of ReLU is the share that is off, usual up to nine tenths and an alarm where nearly all are', () => {
    const judged = [0.5, 0.85, 0.95, 0.995].map((share) => judgeSaturation(share, [], RELU));
    assert.deepEqual(
      judged.map(({ condition }) => condition),
      ['ok', 'ok', 'watch', 'alarm'],
    );
    assert.match(judged[2].evidence, /^95\s% of the activations are off$/);
    assert.match(judgeSaturation(0.995, [], RELU).evidence, /are off$/);
  });
});

describe('the memory horizon', () => {
  it('is watched below the four steps that a 5-gram looks back', () => {
    assert.equal(judgeHorizon(3, 50, { unit: 'saturated' }).condition, 'watch');
    assert.equal(judgeHorizon(4, 50, { unit: 'saturated' }).condition, 'ok');
    assert.match(judgeHorizon(1, 50, { unit: 'saturated' }).evidence, /under 1\s% after 1 step back/);
  });

  it('alarms where no error reaches a hidden state, in windows of any length', () => {
    for (const T of [2, 4, 50]) {
      const { condition, word, evidence } = judgeHorizon(0, T, { unit: 'saturated' });
      assert.deepEqual([condition, word], ['alarm', 'nothing passes']);
      assert.match(evidence, /No error passes: the units are saturated/);
    }
  });

  it('is blamed on units that are off where they are those of ReLU', () => {
    assert.equal(judgeHorizon(0, 50, { unit: 'off' }).evidence, 'No error passes: the units are off');
  });

  it('is the whole window where it is not reached, and not blamed on windows that are short themselves', () => {
    assert.deepEqual(judgeHorizon(null, 50, { unit: 'saturated' }), {
      condition: 'ok',
      word: 'whole window',
      evidence: '',
    });
    assert.equal(judgeHorizon(2, 4, { unit: 'saturated' }).condition, 'ok');
  });
});

describe('W_ah', () => {
  it('with a spectral radius of 272 does not fade, though saturated units stop every error', () => {
    const judged = recurrenceOf({ ...RECURRENCE, spectralRadius: 272, sigmaMax: 400, lyapunov: -2 });
    assert.deepEqual([judged.condition, judged.word], ['watch', 'far above 1']);
    assert.match(judged.evidence, /ρ\(W_ah\) is 272: .*saturated/);
    assert.equal(recurrenceOf({ ...RECURRENCE, spectralRadius: 272, sigmaMax: 400 }).condition, 'watch');
    // 1 − a² is above 0.06 for |a| below 0.97: to make up for 3 it need not be saturated.
    assert.equal(recurrenceOf({ ...RECURRENCE, spectralRadius: 3, lyapunov: -0.3 }).word, 'errors fade, by tanh');
  });

  it('of ReLU is judged by what was measured at every spectral radius, since a slope of 1 or 0 makes up for none', () => {
    const large = { ...RECURRENCE, spectralRadius: 272, sigmaMax: 400 };
    assert.deepEqual(recurrenceOf({ ...large, lyapunov: -2 }, RELU), {
      condition: 'ok',
      word: 'errors fade, by ReLU',
      evidence: '',
    });
    assert.equal(recurrenceOf({ ...large, lyapunov: 0.2 }, RELU).word, 'exploding');
    assert.match(recurrenceOf({ ...RECURRENCE, sigmaMax: 0.9 }, RELU).evidence, /σ_max of W_ah is 0\.900, below 1/);
    assert.equal(
      recurrenceOf({ ...RECURRENCE, horizon: 0 }, RELU).evidence,
      'W_ah has no error to carry back: the ReLU factor [a > 0] takes all of it',
    );
  });

  it('does not alone decide where errors go back through gates too', () => {
    const small = { ...RECURRENCE, sigmaMax: 0.5 };
    assert.equal(recurrenceOf(small, LSTM_NETWORK).word, 'can carry');
    assert.equal(recurrenceOf({ ...small, horizon: 0 }, LSTM_NETWORK).evidence, 'No error is carried back');
  });

  it('must fade with σ_max below 1', () => {
    assert.equal(recurrenceOf({ ...RECURRENCE, sigmaMax: 0.9, lyapunov: -0.5 }).condition, 'watch');
    assert.match(recurrenceOf({ ...RECURRENCE, sigmaMax: 0.9 }).evidence, /σ_max of W_ah is 0\.900, below 1/);
  });

  it('is watched where errors grow over a window, and alarms where they grow a hundredfold', () => {
    // Growth over 49 steps back: e^0.98, e^1.96 and e^9.8.
    const conditions = [0.02, 0.04, 0.2].map((lyapunov) => recurrenceOf({ ...RECURRENCE, lyapunov }).condition);
    assert.deepEqual(conditions, ['ok', 'watch', 'alarm']);
    assert.match(recurrenceOf({ ...RECURRENCE, lyapunov: 0.2 }).evidence, /1\.22-fold/);
  });

  it('alarms where nothing passes, however large σ_max is', () => {
    for (const sigmaMax of [0.5, 30]) {
      const judged = recurrenceOf({ ...RECURRENCE, sigmaMax, horizon: 0 });
      assert.deepEqual([judged.condition, judged.word], ['alarm', 'nothing passes']);
    }
  });

  it('is judged over the window: the same exponent can matter in a long one and not in a short one', () => {
    // e^(0.006 · 24) = 1.15, e^(0.006 · 499) = 20.
    assert.equal(recurrenceOf({ ...RECURRENCE, lyapunov: 0.006, T: 25 }).word, 'errors last');
    assert.equal(recurrenceOf({ ...RECURRENCE, lyapunov: 0.006, T: 500 }).word, 'growing');
  });

  it('says whether errors fade or last, by what was measured', () => {
    assert.equal(recurrenceOf({ ...RECURRENCE, spectralRadius: 0.9, lyapunov: -0.3 }).word, 'errors fade');
    assert.equal(recurrenceOf({ ...RECURRENCE, spectralRadius: 1.9, lyapunov: -0.3 }).word, 'errors fade, by tanh');
    assert.equal(recurrenceOf({ ...RECURRENCE, sigmaMax: 1.1, lyapunov: -0.001 }).word, 'errors last');
    assert.equal(recurrenceOf({ ...RECURRENCE, sigmaMax: 1.1 }).word, 'can carry');
  });
});

describe('the validation gap', () => {
  it('is watched where it is large', () => {
    assert.equal(judgeGap(gapOf(0.2), 'nats').condition, 'ok');
    assert.equal(judgeGap(gapOf(-1), 'nats').condition, 'ok');
    assert.equal(judgeGap(gapOf(0.31), 'nats').condition, 'watch');
  });

  it('tells since when the validation loss rises, and alarms where it has risen far', () => {
    const rising = judgeGap(gapOf(0.2, { lowestNats: 1.45 }), 'nats');
    assert.equal(rising.condition, 'watch');
    assert.match(rising.evidence, /risen by 0\.050 nats since iteration 900/);
    assert.match(judgeGap(gapOf(0.2, { lowestNats: 1.45 }), 'bits').evidence, /0\.072 bits\/char/);
    assert.equal(judgeGap(gapOf(0.2, { lowestNats: 1.3 }), 'nats').condition, 'alarm');
  });

  it('speaks of learning by heart only where the loss has risen far above its lowest', () => {
    assert.doesNotMatch(judgeGap(gapOf(0.2, { lowestNats: 1.45 }), 'nats').evidence, /heart/);
    assert.match(judgeGap(gapOf(0.2, { lowestNats: 1.3 }), 'nats').evidence, /learnt by heart/);
  });

  it('speaks of learning by heart only where the training loss fell meanwhile', () => {
    const risen = { validationNats: 1.5, lowestNats: 1.3, trainingNats: 1.1 };
    assert.match(
      judgeGap({ ...GAP, ...risen, trainingAtLowestNats: 1.2 }, 'nats').evidence,
      /while .* fell by 0\.100 nats.*heart/,
    );
    // Training stands: the gap has grown, and nothing was learnt meanwhile.
    const stood = judgeGap({ ...GAP, ...risen, trainingAtLowestNats: 1.11 }, 'nats');
    assert.deepEqual([stood.condition, stood.word], ['watch', 'rising']);
    // Both rise: what was learnt is being lost.
    for (const lowestNats of [1.3, 0.9]) {
      const both = judgeGap({ ...GAP, ...risen, lowestNats, trainingAtLowestNats: 0.9 }, 'nats');
      assert.deepEqual([both.condition, both.word], ['watch', 'both rise']);
      assert.match(both.evidence, /^Both losses have risen since iteration 900: .* training by 0\.200 nats/);
    }
  });

  it('is no good sign where both losses rise, though they stay near each other', () => {
    const facts = { ...GAP, validationNats: 2.6, lowestNats: 1.6, trainingNats: 2.6, trainingAtLowestNats: 1.6 };
    assert.equal(judgeGap(facts, 'nats').word, 'both rise');
  });

  it('is not alarmed by a rise of some hundredths, nor by one that is small beside the loss', () => {
    assert.equal(judgeGap(gapOf(0.2, { lowestNats: 1.48 }), 'nats').condition, 'ok');
    assert.equal(judgeGap(gapOf(0.29, { validationNats: 4, lowestNats: 3.94 }), 'nats').condition, 'ok');
    assert.equal(judgeGap(gapOf(0.29, { validationNats: 4, lowestNats: 3.88 }), 'nats').word, 'rising');
  });

  it('is not blamed on validations that only scatter, with no gap to speak of', () => {
    assert.equal(judgeGap(gapOf(0.05, { lowestNats: 1.45 }), 'nats').condition, 'ok');
  });
});
