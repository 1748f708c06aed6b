import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { verdict } from '../../../src/protocol/verdict.ts';
import type { Baselines } from '../../../src/protocol/study.ts';

const SHAKESPEARE = [3.347, 2.486, 2.049, 1.774, 1.669, 1.698];

function baselines(ngramNats: readonly number[], orders = 6, uniformNats = 4.174): Baselines {
  return {
    uniformNats,
    ngramNats: [...ngramNats],
    orders,
    fittedCharacters: 1000,
    trainingCharacters: 1000,
    measuredCharacters: 100,
    progress: ngramNats.length / orders,
  };
}

const say = (lossNats: number, of: Baselines = baselines(SHAKESPEARE)): string => verdict(lossNats, of, 'nats');

suite('the verdict on a loss', () => {
  test('names the best baseline that is beaten and the next better one that is not', () => {
    assert.equal(say(4), 'better than guessing every character alike (4.174); next by loss is a 1-gram (3.347)');
    assert.equal(say(3), 'better than a 1-gram (3.347); next by loss is a 2-gram (2.486)');
    assert.equal(say(1.9), 'better than a 3-gram (2.049); next by loss is a 4-gram (1.774)');
  });

  test('goes by what was measured where a longer n-gram is worse than a shorter one', () => {
    assert.equal(say(1.75), 'better than a 4-gram (1.774); next by loss is a 6-gram (1.698)');
    assert.equal(say(1.68), 'better than a 6-gram (1.698); next by loss is a 5-gram (1.669)');
  });

  test('a loss that equals a baseline does not beat it', () => {
    assert.equal(say(2.486), 'better than a 1-gram (3.347); next by loss is a 2-gram (2.486)');
    assert.equal(say(4.174), 'not yet better than guessing every character alike (uniform)');
    assert.equal(say(1.669), 'better than a 6-gram (1.698); next by loss is a 5-gram (1.669)');
  });

  test('beyond every n-gram it names the best one, in the unit asked for', () => {
    assert.equal(say(1.6), 'better than every n-gram here (best: 5-gram, 1.669)');
    // 1.669 / ln 2
    const inBits = verdict(1.6, baselines(SHAKESPEARE), 'bits');
    assert.equal(inBits, 'better than every n-gram here (best: 5-gram, 2.408)');
  });

  test('claims nothing of n-grams that are not measured yet', () => {
    assert.equal(
      say(3, baselines([])),
      'better than guessing every character alike (4.174); n-grams are still being measured',
    );
    assert.equal(
      say(1.6, baselines(SHAKESPEARE.slice(0, 3))),
      'better than a 3-gram (2.049); longer n-grams are still being measured',
    );
    assert.equal(
      say(2.2, baselines(SHAKESPEARE.slice(0, 3))),
      'better than a 2-gram (2.486); next by loss is a 3-gram (2.049)',
    );
  });

  test('n-grams that are worse than guessing are no step on the way', () => {
    assert.equal(
      say(0.8, baselines([0.9, 1, 1.1], 3, 0.7)),
      'not yet better than guessing every character alike (uniform)',
    );
    assert.equal(say(0.6, baselines([0.65, 0.9], 2, 0.7)), 'better than every n-gram here (best: 1-gram, 0.650)');
    assert.equal(say(0.6, baselines([0.9, 0.8], 2, 0.7)), 'better than every n-gram here (best: 2-gram, 0.800)');
  });

  test('of n-grams that are alike it names the shortest', () => {
    assert.equal(
      say(1.5, baselines([2, 1.6, 1.6, 1.2, 1.2], 5)),
      'better than a 2-gram (1.600); next by loss is a 4-gram (1.200)',
    );
  });

  test('a loss that is infinite or not a number', () => {
    assert.equal(say(Infinity), 'not yet better than guessing every character alike (uniform)');
    assert.equal(say(NaN), 'not to be compared: the loss is not a number');
  });

  test('what it says is true of any measurements', () => {
    const nats = fc.integer({ min: 1, max: 60 }).map((tenths) => tenths / 10);
    fc.assert(
      fc.property(nats, nats, fc.array(nats, { maxLength: 6 }), (lossNats, uniformNats, ngramNats) => {
        const said = say(lossNats, baselines(ngramNats, 6, uniformNats));
        const [, beaten, missed] =
          /^better than a (\d)-gram \([\d.]+\)(?:; next by loss is a (\d)-gram)?/.exec(said) ?? [];
        if (beaten !== undefined) assert.ok(lossNats < ngramNats[Number(beaten) - 1], said);
        if (missed !== undefined) assert.ok(lossNats >= ngramNats[Number(missed) - 1], said);
        assert.equal(said.startsWith('not yet better than guessing'), lossNats >= uniformNats, said);
        if (said.includes('every n-gram'))
          assert.ok(
            ngramNats.every((value) => lossNats < value),
            said,
          );
      }),
    );
  });
});
