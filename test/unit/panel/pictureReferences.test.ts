import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lossReferences, referencesInSight, verdictText } from '../../../src/panel/views/lossReferences.ts';
import type { MirroredRun } from '../../../src/panel/state/mirror.ts';
import { RunHistory } from '../../../src/history/history.ts';
import { description, FACTS, historyOf, status } from './fixtures.ts';
import { NETWORK } from '../../tanh.ts';

/** Tiny Shakespeare. */
const BASELINES = {
  uniformNats: Math.log(4),
  ngramNats: [1.347, 1.2, 1.049, 0.774, 0.669, 0.698],
  orders: 6,
  fittedCharacters: 1_003_855,
  trainingCharacters: 1_003_855,
  measuredCharacters: 111_538,
  progress: 1,
};

function runOf(history: RunHistory, validationCharacters = FACTS.validationCharacters): MirroredRun {
  const facts = { ...FACTS, validationCharacters };
  return { description: description({ facts }), network: NETWORK, status: status('paused'), history };
}

describe('what a loss is compared with', () => {
  it('is uniform, every n-gram that is there and the entropy of the source, in the unit of the chart', () => {
    const facts = { ...FACTS, knownEntropyNats: 0.25 };
    const references = lossReferences(description({ facts }), BASELINES, 'bits', 'grey', 900);
    assert.deepEqual(
      references.map(({ label }) => label),
      [
        'uniform 2.000',
        '1-gram 1.943',
        '2-gram 1.731',
        '3-gram 1.513',
        '4-gram 1.117',
        '5-gram 0.965',
        '6-gram 1.007',
        'entropy 0.361',
      ],
    );
    assert.equal(references[1].value, 1.347 / Math.LN2);
  });

  it('goes without numbers where there is no room for them', () => {
    const references = lossReferences(description(), undefined, 'nats', 'grey', 400);
    assert.deepEqual(
      references.map(({ label }) => label),
      ['uniform'],
    );
  });

  it('stretches the axis to uniform and to the next one to beat, not to all', () => {
    const references = lossReferences(description(), BASELINES, 'nats', 'grey', 900);
    assert.deepEqual(referencesInSight(references, 1.1), [Math.log(4), 1.049]);
    assert.deepEqual(referencesInSight(references, 0.1), [Math.log(4)]);
    assert.deepEqual(referencesInSight(references, NaN), [Math.log(4)]);
    assert.deepEqual(referencesInSight([], 1), []);
  });
});

describe('whether a loss is a good one', () => {
  it('is told by the validation loss, not by the training loss', () => {
    const history = historyOf(10, () => 0.1);
    history.add({ type: 'validation', value: { iteration: 9, lossNats: 0.72, characters: 9 } });
    const text = verdictText(runOf(history), BASELINES, 'nats');
    assert.match(text, /^Validation loss 0\.720 nats: better than a 4-gram/);
    assert.doesNotMatch(text, /every n-gram/);
  });

  it('says how far the baselines are, and never 100 % before they are done', () => {
    const history = historyOf(10);
    history.add({ type: 'validation', value: { iteration: 9, lossNats: 1.3, characters: 9 } });
    const text = verdictText(runOf(history), { ...BASELINES, ngramNats: [1.347], progress: 0.996 }, 'nats');
    assert.match(text, /^Baselines 99\s%\. Validation loss/);
  });

  it('cannot be told without a validation text, and not before the first validation', () => {
    assert.match(verdictText(runOf(historyOf(10), 0), undefined, 'nats'), /no validation text/);
    assert.match(verdictText(runOf(historyOf(10)), BASELINES, 'nats'), /not been validated/);
  });
});
