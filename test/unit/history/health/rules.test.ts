import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lossFacts } from '../../../../src/history/health/losses.ts';
import { RunHistory } from '../../../../src/history/history.ts';
import type { Baselines } from '../../../../src/protocol/study.ts';
import { greenSigns, healthOfSeries, historyOf, type Law, LN_V, measured, SYMBOLS } from './series.ts';
import { NETWORK } from '../../../tanh.ts';

const BASELINES: Baselines = {
  uniformNats: LN_V,
  ngramNats: [3.3, 2.5],
  orders: 6,
  fittedCharacters: 1000,
  trainingCharacters: 1000,
  measuredCharacters: 100,
  progress: 0.5,
};

/** Falls from ln V to a loss, as losses do: by an exponential. */
const falling =
  (to: number, over = 100): Law =>
  (i) =>
    to + (LN_V - to) * Math.exp(-i / over);

function evidenceOf(history: RunHistory, ...others: [Parameters<typeof healthOfSeries>[1]?, Baselines?]) {
  return healthOfSeries(history, ...others).summary.evidence;
}

function facts(history: RunHistory) {
  return lossFacts({ facts: { vocabulary: Array<string>(SYMBOLS).fill('a') }, history });
}

describe('a run that diverged', () => {
  const law: Law = (i) => (i < 400 ? falling(2)(i) : 30);

  it('has no green sign, and is headed by that, with the learning rate and clipping and which way to turn them', () => {
    const health = healthOfSeries(measured(historyOf(600, law), law), { learningRate: 0.5, clipNorm: 0 });
    assert.deepEqual(greenSigns(health), []);
    assert.equal(health.summary.condition, 'alarm');
    assert.equal(
      health.summary.text,
      'Training has diverged: the loss is 30.000 nats, above the 4.174 of guessing (ln V) since iteration 400. ' +
        'Lower learningRate from 0.5 to 0.002, and turn clipping on: clipNorm is 0, 5 is usual',
    );
    const clipped = healthOfSeries(historyOf(600, law), { learningRate: 0.5, clipNorm: 2 });
    assert.match(clipped.summary.text, /Lower learningRate from 0\.5 to 0\.002, or clipNorm from 2$/);
  });

  it('is not told that its updates are small beside parameters that have grown without measure', () => {
    const history = historyOf(600, law);
    history.add({ type: 'vitals', value: { iteration: 599, updateToWeight: 1e-7, saturation: 1 } });
    assert.doesNotMatch(evidenceOf(history).join(), /[Rr]aise/);
  });

  it('has risen from the beginning on, or later, or slowly', () => {
    assert.ok(facts(historyOf(150, (i) => (i < 3 ? LN_V : 40))).hasDiverged);
    assert.ok(facts(historyOf(3000, (i) => 2 + i / 500)).hasDiverged);
    // So far out of hand that no hundred iterations are needed.
    assert.ok(facts(historyOf(30, (i) => (i < 3 ? LN_V : 40))).hasDiverged);
  });

  it('is one whose numbers are not finite, whoever noticed it', () => {
    const health = healthOfSeries(historyOf(200, (i) => (i < 199 ? 2 : NaN)));
    assert.deepEqual(greenSigns(health), []);
    assert.match(health.summary.text, /^Training has diverged: the loss is not finite from iteration 199 on\. Lower/);
    assert.ok(
      facts(
        historyOf(
          200,
          () => 2,
          (i) => (i < 199 ? 1 : Infinity),
        ),
      ).hasDiverged,
    );
  });

  it('is none that has done nothing yet', () => {
    const { hasDiverged, isAboveGuessing, isLearnt } = facts(new RunHistory(NETWORK));
    assert.deepEqual([hasDiverged, isAboveGuessing, isLearnt], [false, false, false]);
  });

  it('is none of which a stretch is only not known', () => {
    const history = historyOf(200, falling(2));
    history.metrics.skipRows(10);
    assert.equal(facts(history).hasDiverged, false);
  });
});

describe('a run above ln V that did not diverge', () => {
  it('begins there, as every one does: nothing is green, and nothing is told yet', () => {
    for (const iterations of [1, 2, 10, 60]) {
      const law: Law = (i) => LN_V + 0.05 - i / 10_000;
      const health = healthOfSeries(measured(historyOf(iterations, law), law));
      assert.deepEqual(greenSigns(health), []);
      assert.equal(health.summary.text, 'Too early to tell');
    }
  });

  it('overshoots at first and comes back, as min-char-rnn does', () => {
    // Twice ln V after three iterations, below it after fifty.
    const law: Law = (i) => 2.5 + 6.5 * Math.exp(-i / 25) + (i === 0 ? -4.8 : 0);
    for (const iterations of [4, 10, 20, 40, 80, 150]) {
      assert.equal(facts(historyOf(iterations, law)).hasDiverged, false, `${iterations} iterations`);
    }
  });

  it('begins far above with large weights, and falls', () => {
    const law: Law = (i) => 2 + 38 * Math.exp(-i / 200);
    for (const iterations of [30, 120, 350, 500]) {
      const health = healthOfSeries(historyOf(iterations, law));
      assert.equal(facts(historyOf(iterations, law)).hasDiverged, false, `${iterations} iterations`);
      if (iterations > 100)
        assert.match(health.summary.text, /^The loss is .* and not yet below the 4\.174 of guessing/);
      assert.deepEqual(greenSigns(health), []);
    }
    assert.equal(healthOfSeries(historyOf(2000, law)).summary.text, 'Healthy');
  });

  it('reads a text on which nobody can do better than to guess', () => {
    assert.equal(facts(historyOf(3000, (i) => LN_V + 0.03 * Math.sin(i))).hasDiverged, false);
  });

  it('has a spike that is over soon', () => {
    const history = historyOf(1000, (i) => (i === 950 ? 500 : 2));
    assert.equal(facts(history).hasDiverged, false);
  });

  it('is above with its validation loss alone: it has no green sign, and is not said to have diverged', () => {
    const health = healthOfSeries(
      measured(
        historyOf(600, () => 0.5),
        (at) => 3 + at / 200,
      ),
    );
    assert.deepEqual(greenSigns(health), []);
    assert.doesNotMatch(health.summary.evidence.join(), /diverged/);
    assert.ok(health.summary.evidence.some((text) => text.startsWith('The validation loss is 6.000 nats, above')));
  });

  it('is above at some windows of training too: that is no matter of other text', () => {
    const leaping = (i: number): number => (i % 40 === 0 ? 30 : 2);
    const { summary } = healthOfSeries(
      measured(historyOf(600, leaping), () => 12),
      { cell: 'relu', clipNorm: 0 },
    );
    const said = summary.evidence.find((text) => text.includes('guessing')) ?? '';
    assert.match(
      said,
      /^The training loss leaps to 30\.000 nats, .*, and the validation loss is 12\.000 nats: the steps are too large\. Lower learningRate/,
    );
    assert.doesNotMatch(summary.evidence.join(), /other text/);
    const exploded = historyOf(
      600,
      () => 2,
      (i) => (i === 580 ? 1e6 : 1),
    );
    const ofGradient = healthOfSeries(
      measured(exploded, () => 12),
      { cell: 'relu', clipNorm: 0 },
    ).summary.evidence;
    assert.doesNotMatch(ofGradient.join(), /other text/);
    const clipped = healthOfSeries(
      measured(exploded, () => 12),
      { cell: 'relu', clipNorm: 5 },
    ).summary.evidence;
    assert.match(clipped.join(), /does not hold on other text/);
  });
});

describe('a jump of the loss', () => {
  it('that stays is named with its iteration, and with what it jumped from and to', () => {
    const scatter: Law = (i) => 0.1 * Math.sin(7.3 * i);
    for (const [iterations, at] of [
      [600, 412],
      [3000, 2890],
      [20_000, 19_733],
    ]) {
      const law: Law = (i) => (i < at ? 1.8 : 2.9) + scatter(i);
      const [first] = evidenceOf(historyOf(iterations, law));
      const shown = at.toLocaleString('en').replace(',', '\u202f');
      assert.match(first, new RegExp(`^The loss jumped at iteration ${shown} from 1\\.\\d+ to 2\\.\\d+ nats`));
    }
  });

  it('is found where the loss was still falling before, with the norm of the gradient that made it', () => {
    const history = historyOf(
      900,
      (i) => (i < 500 ? falling(1.5, 200)(i) : 3),
      (i) => (i === 499 ? 85 : 1),
    );
    const [first] = evidenceOf(history);
    assert.match(first, /^The loss jumped at iteration 500 .* has not come back, with ‖g‖ at 85\.0 \(usual 1\.00\)$/);
  });

  it('is named roughly where its iterations are not kept one by one any more', () => {
    const [first] = evidenceOf(historyOf(40_000, (i) => (i < 10_000 ? 1.5 : 2.5)));
    const [, digits] = /^The loss jumped around iteration ([\d\u202f]+) from 1\.500 to 2\.500 nats/.exec(first) ?? [];
    assert.ok(digits !== undefined, first);
    assert.ok(Math.abs(Number(digits.replaceAll('\u202f', '')) - 10_000) <= 64, digits);
  });

  it('that came back is none, nor is a rise that took its time, one that has just begun, or passages that differ', () => {
    const none = (iterations: number, law: Law): void => {
      assert.doesNotMatch(evidenceOf(historyOf(iterations, law)).join(), /jumped/);
    };
    none(900, (i) => (i >= 300 && i < 500 ? 4 : 1.5));
    none(900, (i) => 1.5 + i / 900);
    none(900, (i) => (i < 870 ? 1.5 : 4));
    none(900, (i) => 1.5 + 0.12 * Math.sin(i / 60));
    none(900, falling(1.5));
  });
});

describe('a network that does not learn', () => {
  const standing = (updateToWeight?: number): RunHistory => {
    const history = historyOf(600, () => 3.05);
    if (updateToWeight !== undefined)
      history.add({ type: 'vitals', value: { iteration: 599, updateToWeight, saturation: 0 } });
    return history;
  };

  it('is told by a loss that stands still above that of a 2-gram', () => {
    const [withBaselines] = evidenceOf(standing(), {}, BASELINES);
    assert.match(
      withBaselines,
      /^The loss stands still: 3\.050 at iteration 300, now 3\.050 nats.*, and a 2-gram has 2\.500\. Try another/,
    );
    assert.match(evidenceOf(standing())[0], /3\.050/);
  });

  it('is told which way to turn the learning rate, by the size of its updates', () => {
    assert.match(evidenceOf(standing(1e-6), { learningRate: 1e-5 })[0], /Raise learningRate from 0\.00001, to 0\.01/);
    assert.match(evidenceOf(standing(0.1), { learningRate: 0.5 })[0], /Lower learningRate from 0\.5, to 0\.05/);
    // Above guessing as it began, and not diverged: with such a learning rate nothing moves.
    const still = historyOf(600, () => 1.015 * LN_V);
    still.add({ type: 'vitals', value: { iteration: 599, updateToWeight: 6e-7, saturation: 0 } });
    assert.match(evidenceOf(still, { learningRate: 1e-5 })[0], /^The loss stands still: .* Raise learningRate/);
  });

  it('is no matter where the loss still falls, is better than counting, or the run has only begun', () => {
    assert.doesNotMatch(
      evidenceOf(
        historyOf(600, (i) => 4 - i / 600),
        {},
        BASELINES,
      ).join(),
      /stands still/,
    );
    assert.deepEqual(
      evidenceOf(
        historyOf(600, () => 1.6),
        {},
        BASELINES,
      ),
      [],
    );
    assert.deepEqual(
      evidenceOf(
        historyOf(200, () => 3.05),
        {},
        BASELINES,
      ),
      [],
    );
    assert.deepEqual(evidenceOf(historyOf(600, () => 2.4)), []);
  });

  it('is none whose text has nothing left to learn, though counting does it a little better', () => {
    const counted = { ...BASELINES, ngramNats: [2, 0.01] };
    assert.deepEqual(
      evidenceOf(
        historyOf(600, () => 0.03),
        {},
        counted,
      ),
      [],
    );
  });
});

describe('a text that is learnt', () => {
  it('is not warned of small updates, nor of a gradient that has vanished', () => {
    const history = historyOf(
      600,
      () => 0.004,
      () => 1e-9,
    );
    history.add({ type: 'vitals', value: { iteration: 599, updateToWeight: 1e-6, saturation: 0.3 } });
    const { summary, signs } = healthOfSeries(history);
    assert.equal(summary.text, 'Healthy');
    assert.equal(signs.find(({ id }) => id === 'update')?.word, 'nothing left');
  });

  it('is one whose loss is at the entropy of its source, where that is known', () => {
    const history = historyOf(600, () => 1.23);
    const at = (knownEntropyNats?: number): boolean =>
      lossFacts({
        facts: { vocabulary: ['a', 'b', 'c', 'd', 'e', 'f'], ...(knownEntropyNats && { knownEntropyNats }) },
        history,
      }).isLearnt;
    assert.equal(at(1.2), true);
    assert.equal(at(1), false);
    assert.equal(at(), false);
  });
});
