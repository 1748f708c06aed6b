import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgeDead, judgeSaturation, type FunctionReading } from '../../../../src/history/health/functionJudgements.ts';
import { functionsOf } from '../../../../src/network/functions.ts';
import { networkOf, type Network } from '../../../../src/network/network.ts';

const TANH = networkOf({ cell: 'tanh', layers: 1 });
const RELU = networkOf({ cell: 'relu', layers: 1 });
const LSTM = networkOf({ cell: 'lstm', layers: 2 });
const MINGRU = networkOf({ cell: 'mingru', layers: 1 });

/** Of every function, nothing where nothing is given. */
function readings(network: Network, given: Record<string, Partial<FunctionReading>>): FunctionReading[] {
  return functionsOf(network).map((of) => ({ of, saturated: 0, dead: 0, ...given[of.gives] }));
}

describe('the gates of an LSTM', () => {
  it('may all be wide open or shut: they keep and forget', () => {
    const open = { saturated: 1, open: 1, dead: 1 };
    const shut = { saturated: 1, open: 0, dead: 1 };
    const all = readings(LSTM, { f: open, i: shut, q: open, 'f.2': shut, 'i.2': open, 'q.2': open });
    const { condition, word, evidence } = judgeSaturation(0.1, all, LSTM);
    assert.deepEqual([condition, word, evidence], ['ok', 'usual', '']);
  });

  it('are told of where nothing comes out of a layer any more', () => {
    const judged = (saturated: number, open: number) =>
      judgeSaturation(0.1, readings(LSTM, { 'q.2': { saturated, open } }), LSTM);
    assert.equal(judged(0.85, 0).condition, 'ok');
    assert.equal(judged(0.95, 0.1).condition, 'ok');
    const { condition, word, evidence } = judged(0.95, 0);
    assert.deepEqual([condition, word], ['watch', 'nearly shut']);
    assert.match(evidence, /^The gate q⁽²⁾, through which all goes that layer 2 gives, is shut 95\s% of the time$/);
    assert.deepEqual([judged(1, 0).condition, judged(1, 0).word], ['alarm', 'shut']);
  });
});

describe('the functions of a layer', () => {
  it('are judged each for itself, and the worst is named', () => {
    const two = networkOf({ cell: 'tanh', layers: 2 });
    const all = readings(two, { a: { saturated: 0.8 }, 'a.2': { saturated: 0.95 } });
    const { condition, evidence, share, of } = judgeSaturation(0.3, all, two);
    assert.deepEqual([condition, share, of], ['alarm', 0.95, 'a.2']);
    assert.match(evidence, /^95\s% of the activations a⁽²⁾ are saturated$/);
  });

  it('beside gates are no warning by their saturation, but advice where nearly all are saturated', () => {
    const judged = (saturated: number) =>
      judgeSaturation(0.3, readings(LSTM, { 'g.2': { saturated }, s: { saturated: 1 } }), LSTM);
    assert.deepEqual([judged(0.96).condition, judged(0.96).word, judged(0.96).evidence], ['ok', 'high', '']);
    assert.equal(judged(0.995).condition, 'watch');
    assert.match(judged(0.995).evidence, /g⁽²⁾ are saturated: their weights hardly learn\. A lower learning rate/);
  });

  it('are judged together where a run does not say them one by one', () => {
    const two = networkOf({ cell: 'tanh', layers: 2 });
    assert.match(judgeSaturation(0.95, [], two).evidence, /^95\s% of the activations are saturated$/);
    const one = readings(TANH, { a: { saturated: 0.6 } });
    assert.match(judgeSaturation(0.6, one, TANH).evidence, /^60\s% of the activations are saturated$/);
  });

  it('are not judged where there are none but gates', () => {
    assert.deepEqual(judgeSaturation(1, readings(MINGRU, { z: { saturated: 1 } }), MINGRU), {
      share: 1,
      condition: 'ok',
      word: 'fine for gates',
      evidence: '',
    });
  });
});

describe('dead units', () => {
  const judged = (dead: number, network = RELU, positions = 1600) =>
    judgeDead({ ...readings(network, {})[0], dead }, network, positions);

  it('are watched above 15 %, beside gates above a half, and alarm where most are', () => {
    assert.deepEqual(
      [0, 0.15, 0.2, 0.6].map((share) => judged(share).condition),
      ['ok', 'ok', 'watch', 'alarm'],
    );
    assert.deepEqual([judged(0).word, judged(0.1).word], ['none', 'few']);
  });

  it('are said to be off or saturated, with what helps', () => {
    assert.match(judged(0.2).evidence, /^20\s% of the units are dead, off at every step .*\. A lower learning rate/);
    assert.match(judged(0.2, TANH).evidence, /dead, saturated at every step/);
    const g = readings(LSTM, { g: { dead: 0.3 } }).find(({ of }) => of.gives === 'g') ?? assert.fail();
    assert.equal(judgeDead(g, LSTM, 1600).condition, 'ok');
    assert.match(
      judgeDead({ ...g, dead: 0.6 }, LSTM, 1600).evidence,
      /^60\s% of the units g are dead, .*: their weights hardly learn, those of their gates do\. /,
    );
    assert.match(judged(0.2).evidence, /they learn nothing\. /);
  });

  it('are not judged by a window of few characters, in which many units have no say', () => {
    assert.deepEqual(judged(0.6, RELU, 999), { condition: 'unknown', word: 'too few steps', evidence: '' });
  });
});
