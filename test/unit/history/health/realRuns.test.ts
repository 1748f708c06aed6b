import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { healthOf, type Health } from '../../../../src/history/health/health.ts';
import { RunHistory } from '../../../../src/history/history.ts';
import type { RunSettings } from '../../../../src/protocol/settings.ts';
import { sampleText } from '../../../../src/text/sampleText.ts';
import { finish } from '../../../../src/common/work.ts';
import { smallRun } from '../../training/helpers.ts';
import { greenSigns } from './series.ts';
import { NETWORK } from '../../../tanh.ts';

/** Rules that hold for invented series must hold for networks that are trained, too. */

const SIZES: Partial<RunSettings> = { hiddenSize: 16, sequenceLength: 20, batchSize: 4, maxEpochs: 1000 };
const TEXT = sampleText().slice(0, 20_000);

/** Trains, and says how the run is after so many iterations, as the panel would. */
function trained(settings: Partial<RunSettings>, text: string, ...after: readonly number[]): Health[] {
  const run = smallRun({ ...SIZES, ...settings }, { text });
  const history = new RunHistory(NETWORK);
  const healths: Health[] = [];
  for (let i = 1; i <= (after.at(-1) ?? 0); i++) {
    const { row, measured } = run.iterate({ measures: i % 20 === 0 });
    history.metrics.addRows(row);
    for (const event of measured) history.add(event);
    if (run.isValidationDue) history.add({ type: 'validation', value: finish(run.validate()).validation });
    const { settings: read, facts } = run;
    if (after.includes(i))
      healths.push(healthOf({ description: { settings: read, facts }, history }, undefined, 'nats'));
  }
  run.close();
  return healths;
}

function signOf({ signs }: Health, id: Health['signs'][number]['id']) {
  const sign = signs.find((one) => one.id === id);
  assert.ok(sign);
  return sign;
}

describe('a trained network', () => {
  it('with a learning rate of 10 and no clipping has diverged, and shows no green', () => {
    const settings = { optimizer: 'sgd', learningRate: 10, clipNorm: 0 } as const;
    const [begun, ...healths] = trained(settings, TEXT, 10, 30, 100, 300);
    assert.deepEqual([greenSigns(begun), begun.summary.text], [[], 'Too early to tell']);
    for (const health of healths) {
      assert.deepEqual(greenSigns(health), []);
      assert.match(
        health.summary.text,
        /^Training has diverged: .* since iteration 3\. Lower learningRate from 10 to 1, and turn clipping on: clipNorm is 0/,
      );
    }
  });

  it('that learnt and then lost it all is told when', () => {
    const settings = { optimizer: 'sgd', learningRate: 3, clipNorm: 0 } as const;
    const [learning, lost] = trained(settings, TEXT, 75, 300);
    assert.doesNotMatch(learning.summary.evidence.join(), /diverged|jumped/);
    assert.match(lost.summary.text, /^Training has diverged/);
    const jump = lost.summary.evidence.find((text) => text.startsWith('The loss jumped'));
    const [, iteration] = /at iteration (\d+) from 2\.\d+ to \d+\.\d+ nats/.exec(jump ?? '') ?? [];
    // Its smoothed loss is 2.5 at iteration 100 and 8 at 150.
    assert.ok(Number(iteration) > 100 && Number(iteration) < 150, jump);
  });

  it('with a learning rate far too small is told to raise it, though its loss is above ln V as it began', () => {
    const [health] = trained({ optimizer: 'sgd', learningRate: 1e-5 }, TEXT, 320);
    assert.match(
      health.summary.text,
      /^The loss stands still: .* Raise learningRate from 0\.00001, to 0\.0\d for a start$/,
    );
    assert.match(signOf(health, 'update').evidence, /^Updates are small .* raise learningRate/);
    assert.deepEqual(greenSigns(health), []);
  });

  it('that learns is healthy from its hundredth iteration on', () => {
    for (const health of trained({ optimizer: 'adam', learningRate: 0.005 }, TEXT, 120, 400, 800)) {
      assert.equal(health.summary.text, 'Healthy');
      assert.deepEqual(greenSigns(health), ['gradient', 'update', 'saturation', 'gap']);
    }
  });

  it('of ReLU is healthy with units that are off, and alarms once a learning rate of 1 has put out all of them', () => {
    const relu = { cell: 'relu', optimizer: 'adam' } as const;
    const [begun, learning] = trained({ ...relu, learningRate: 0.005 }, TEXT, 20, 400);
    assert.ok(signOf(begun, 'saturation').value > 0.2, signOf(begun, 'saturation').text);
    assert.equal(learning.summary.text, 'Healthy');
    const [dead] = trained({ ...relu, learningRate: 1 }, TEXT, 300);
    assert.match(dead.summary.text, /^100\s% of the activations are off$/);
    assert.equal(signOf(dead, 'saturation').word, 'nearly all');
  });

  it('that has learnt a few words for good is not warned of small updates', () => {
    const words = 'the cat sat on the mat. '.repeat(20);
    const settings = { optimizer: 'sgd', learningRate: 0.3, sequenceLength: 10, batchSize: 2 } as const;
    const [health] = trained(settings, words, 6000);
    assert.ok(signOf(health, 'update').value < 5e-5, signOf(health, 'update').text);
    assert.equal(signOf(health, 'update').word, 'nothing left');
    assert.equal(health.summary.text, 'Healthy');
  });

  it('that learns random characters by heart is told so, and never while it only guesses', () => {
    let state = 12_345;
    const text = Array.from({ length: 400 }, () => {
      state = (1_103_515_245 * state + 12_345) % 2 ** 31;
      return 'abcdefgh'[state >>> 28];
    }).join('');
    const settings = {
      optimizer: 'adam',
      learningRate: 0.01,
      hiddenSize: 32,
      sequenceLength: 10,
      batchSize: 2,
    } as const;
    const [begun, health] = trained(settings, text, 25, 600);
    assert.doesNotMatch(begun.summary.evidence.join(), /heart/);
    assert.match(health.summary.text, /while the training loss fell by .*: the text is being learnt by heart$/);
    assert.doesNotMatch(health.summary.evidence.join(), /diverged/);
  });

  it('that diverges is never said to learn by heart: both of its losses rise', () => {
    for (const health of trained({ optimizer: 'sgd', learningRate: 3, clipNorm: 0 }, TEXT, 115, 130, 170, 250)) {
      assert.doesNotMatch(health.summary.evidence.join(), /heart/);
    }
  });
});
