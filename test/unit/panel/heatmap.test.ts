import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pixelAt } from '../../../src/common/colorScale.ts';
import { DecadeScale } from '../../../src/common/decadeScale.ts';
import { paintHeatmap } from '../../../src/panel/charts/heatmapImage.ts';
import { stepRow } from '../../../src/network/quantities.ts';
import { largestStepNorm, stepText } from '../../../src/panel/state/stepNorms.ts';
import { FACTS, inspection } from './fixtures.ts';
import { NETWORK } from '../../tanh.ts';

const scale = new DecadeScale();
scale.include([0.01, 1]);

/** Paints ∂h over iterations 0 … `to` on (height, width) cells. */
function painted(list: Parameters<typeof paintHeatmap>[3], width: number, height: number, to: number): Uint32Array {
  const pixels = new Uint32Array(width * height);
  paintHeatmap(pixels, width, height, list, NETWORK, 'dh', scale, { from: 0, to }, false);
  return pixels;
}

describe('the image of step norms', () => {
  it('has t = 0 in its lowest row and T − 1 in its highest', () => {
    const norms = [0.01, 0.1, 1];
    const pixels = painted([inspection(5, 3, (_, t) => norms[t])], 11, 3, 11);
    const column = [0, 1, 2].map((row) => pixels[row * 11 + 5]);
    assert.deepEqual(column, [pixelAt(1), pixelAt(0.5), pixelAt(0)]);
  });

  it('shows the nearest inspected iteration, and nothing beyond the first and last one', () => {
    const list = [inspection(2, 1, () => 0.01), inspection(8, 1, () => 1)];
    const pixels = painted(list, 12, 1, 12);
    assert.deepEqual(
      [...pixels],
      [0, 0, pixelAt(0), pixelAt(0), pixelAt(0), pixelAt(1), pixelAt(1), pixelAt(1), pixelAt(1), 0, 0, 0].map(
        (pixel, x) => (x === 1 ? pixels[1] : pixel),
      ),
    );
    assert.equal(pixels[0], 0);
  });

  it('keeps the largest of the time steps that share a row', () => {
    const pixels = painted([inspection(0, 100, (_, t) => (t === 57 ? 1 : 0.01))], 1, 10, 1);
    assert.deepEqual(
      [...pixels].map((pixel) => pixel === pixelAt(1)),
      Array.from({ length: 10 }, (_, y) => y === 4),
    );
  });

  it('leaves cells without a number empty', () => {
    assert.deepEqual([...painted([inspection(0, 2, (_, t) => (t === 0 ? NaN : 1))], 1, 2, 1)], [pixelAt(1), 0]);
  });
});

describe('the largest step norm', () => {
  it('is looked for among the parameters, not the error signals', () => {
    const found = largestStepNorm(
      NETWORK,
      inspection(0, 4, (quantity, t) => (quantity === 'da' ? 9 : quantity === 'W_ao' && t === 2 ? 0.5 : 0.1)),
    );
    assert.deepEqual(found, { parameter: 'W_ao', t: 2, norm: 0.5 });
  });

  it('does not exist where every norm is zero or not a number', () => {
    assert.equal(
      largestStepNorm(
        NETWORK,
        inspection(0, 3, () => 0),
      ),
      undefined,
    );
    assert.equal(
      largestStepNorm(
        NETWORK,
        inspection(0, 3, () => NaN),
      ),
      undefined,
    );
  });

  it('is named with the character that was read', () => {
    const one = inspection(0, 4, () => 1);
    assert.equal(stepText(FACTS, one, 2), 't = 2 (‘a’)');
    assert.equal(stepText(FACTS, one, 1), 't = 1 (‘␣’)');
    assert.equal(stepText(undefined, one, 1), 't = 1');
  });

  it('reads the norms of the quantity asked for', () => {
    const one = inspection(0, 2, (quantity, t) => (quantity === 'W_ah' ? 10 + t : 0));
    assert.deepEqual([...stepRow(NETWORK, one.stepNorm, 'W_ah')], [10, 11]);
    assert.deepEqual([...stepRow(NETWORK, one.stepNorm, 'W_xh')], [0, 0]);
  });
});
