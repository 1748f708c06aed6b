import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lossData, totalsData } from '../../../src/panel/views/curveData.ts';
import { heatmapData, sampleData, stepsData } from '../../../src/panel/views/stepData.ts';
import type { MirroredRun } from '../../../src/panel/state/mirror.ts';
import { RunHistory } from '../../../src/history/history.ts';
import { description, historyOf, inspection, sample, status } from './fixtures.ts';
import { NETWORK } from '../../tanh.ts';

function runOf(history: RunHistory, change: Parameters<typeof description>[0] = {}): MirroredRun {
  return { description: description(change), network: NETWORK, status: status('paused'), history };
}

const BASELINES = {
  uniformNats: Math.log(4),
  ngramNats: [1.2, 0.9],
  orders: 6,
  fittedCharacters: 10,
  trainingCharacters: 10,
  measuredCharacters: 5,
  progress: 0.5,
};

describe('the numbers of the loss chart', () => {
  const history = historyOf(50, (iteration) => iteration);
  history.add({ type: 'validation', value: { iteration: 20, lossNats: 1.5, characters: 9 } });
  const run = runOf(history);

  it('are those of the iterations shown, each validation on a row of its own', () => {
    const picture = lossData(run, { from: 10, to: 30 }, 'nats', undefined);
    assert.ok(picture);
    const curve = picture.rows.filter((row) => row[5] === null);
    assert.deepEqual(
      curve.map((row) => row.slice(0, 4)),
      Array.from({ length: 21 }, (_, i) => [10 + i, 10 + i, 10 + i, 10 + i]),
    );
    assert.deepEqual(
      picture.rows.filter((row) => row[5] !== null),
      [[20, null, null, null, null, 1.5]],
    );
    const iterations = picture.rows.map(([iteration]) => Number(iteration));
    assert.deepEqual(
      iterations,
      iterations.toSorted((a, b) => a - b),
    );
    assert.match(String(picture.about.thinning), /every iteration/);
  });

  it('are in the unit of the chart, as are the baselines that belong to it', () => {
    const picture = lossData(run, { from: 20, to: 20 }, 'bits', BASELINES);
    assert.ok(picture);
    assert.equal(picture.rows[0][1], 20 / Math.LN2);
    assert.equal(picture.rows[1][5], 1.5 / Math.LN2);
    assert.equal(picture.about.uniform, 2);
    assert.equal(picture.about.ngram_2, 0.9 / Math.LN2);
    assert.equal(picture.about.unit, 'bits per character');
  });

  it('say how far they are thinned', () => {
    const long = runOf(historyOf(40_000, (iteration) => iteration));
    const picture = lossData(long, { from: 0, to: 40_000 }, 'nats', undefined);
    assert.ok(picture);
    const width = Number(/a row stands for (\d+) iterations/.exec(String(picture.about.thinning))?.[1]);
    const [first] = picture.rows;
    assert.deepEqual(first.slice(0, 4), [(width - 1) / 2, (width - 1) / 2, 0, width - 1]);
    const newest = lossData(long, { from: 39_000, to: 40_000 }, 'nats', undefined);
    assert.match(String(newest?.about.thinning), /every iteration/);
  });

  it('are none before the first iteration', () => {
    assert.equal(lossData(runOf(new RunHistory(NETWORK)), { from: 0, to: 10 }, 'nats', undefined), undefined);
    assert.equal(totalsData(runOf(new RunHistory(NETWORK)), { from: 0, to: 10 }), undefined);
  });
});

describe('the numbers of the pictures by time step', () => {
  const history = new RunHistory(NETWORK);
  for (const iteration of [3, 7, 11]) {
    history.add({
      type: 'inspection',
      value: inspection(iteration, 3, (quantity, t) => iteration + t / 4 + (quantity === 'dh' ? 100 : 0)),
    });
  }
  const settings = { ...description().settings, sequenceLength: 3 };
  const run = runOf(history, { settings });

  it('are one row per inspected iteration in the heat map', () => {
    const picture = heatmapData(run, 'dh', { from: 5, to: 12 });
    assert.deepEqual(picture?.columns, ['iteration', 't0', 't1', 't2']);
    assert.deepEqual(picture?.rows, [
      [7, 107, 107.25, 107.5],
      [11, 111, 111.25, 111.5],
    ]);
    assert.equal(picture?.name, 'text-step-norms-dh-7-11', 'named after its rows, not after the axis');
    assert.equal(heatmapData(run, 'dh', { from: 100, to: 200 }), undefined);
  });

  it('are one row per time step of one iteration, with its characters made visible', () => {
    const [first] = history.of('inspection');
    const picture = stepsData(run, first);
    assert.deepEqual(picture.columns, ['t', 'input', 'target', 'W_xh', 'W_ah', 'b_h', 'W_ao', 'b_o', 'dh', 'da']);
    assert.deepEqual(picture.rows[1], [1, '␣', 'a', 3.25, 3.25, 3.25, 3.25, 3.25, 103.25, 3.25]);
    assert.equal(picture.about.iteration, 3);
  });

  it('are the probabilities of a sampled text', () => {
    const picture = sampleData(run, sample(5, 'a\n'));
    assert.deepEqual(picture.rows, [
      [0, 'a', 0.5],
      [1, '⏎', 0.5],
    ]);
  });
});
