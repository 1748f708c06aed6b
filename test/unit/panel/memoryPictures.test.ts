import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pixelAt } from '../../../src/common/colorScale.ts';
import { SLOPE_AT } from '../../../src/network/slopeAt.ts';
import { functionOfState, heldUnitsWords } from '../../../src/network/heldUnits.ts';
import { networkOf } from '../../../src/network/network.ts';
import { NETWORK } from '../../tanh.ts';
import { wayWordsOf } from '../../../src/network/wayWords.ts';
import { placeBeside, placeNames } from '../../../src/panel/charts/memoryFactorRows.ts';
import { paintCells, pixelsFor } from '../../../src/panel/charts/memoryImage.ts';
import { errorPath, fittedAt, rowShares } from '../../../src/panel/charts/memoryMatrix.ts';
import {
  eigenvalueAt,
  eigenvalueText,
  nearestEigenvalue,
  outsideUnitCircle,
  planeRanges,
} from '../../../src/panel/charts/memoryPlane.ts';
import { slopePosition } from '../../../src/panel/views/memory/saturationView.ts';
import { deadUnitsText, orderUnits } from '../../../src/panel/charts/memorySaturation.ts';
import { cellVector, type Nested } from '../model/vectors.ts';
import { RELU_NETWORK } from './otherNetworks.ts';

const TANH = wayWordsOf(NETWORK) ?? assert.fail('errors go back by one way');
const RELU = wayWordsOf(RELU_NETWORK) ?? assert.fail('errors go back by one way');

/** I[t][s] of three steps, rows t. */
const INFLUENCE = Float64Array.of(2, 0, 0, 0.1, 5, 0, 0.01, 8, 4);
const IDS = Int32Array.of(0, 1, 2);

/** Of H units those that are dead, and what their function gave in one stream. */
function deadOf(deadUnits: Int32Array<ArrayBuffer>, H: number, values: readonly number[] = []) {
  return { deadUnits, values: Float64Array.from(values), unitSaturation: new Float64Array(H) };
}

describe('the image of a matrix', () => {
  const shares = [
    [0, 0.25],
    [0.5, 1],
  ];

  it('has row 0 at the top and column 0 at the left', () => {
    const pixels = new Uint32Array(4);
    paintCells(pixels, 2, 2, 2, 2, (row, column) => shares[row][column]);
    assert.deepEqual([...pixels], [0, 0.25, 0.5, 1].map(pixelAt));
  });

  it('keeps the highest of the cells that share a pixel, and leaves what has no number empty', () => {
    const pixels = new Uint32Array(2);
    paintCells(pixels, 2, 1, 3, 4, (row, column) => (column >= 2 ? NaN : row === 1 && column === 1 ? 0.8 : 0.1));
    assert.deepEqual([...pixels], [pixelAt(0.8), 0]);
  });

  it('shows every cell in some pixel where there are more cells than pixels', () => {
    for (const cells of [5, 7, 13]) {
      const seen = new Set<number>();
      paintCells(new Uint32Array(5), 5, 1, 1, cells, (_, column) => {
        seen.add(column);
        return 0;
      });
      assert.equal(seen.size, cells);
    }
  });

  it('has one pixel a cell, or one a pixel of the screen where cells are smaller', () => {
    assert.equal(pixelsFor(64, 500, 2), 64);
    assert.equal(pixelsFor(512, 200, 2), 400);
    assert.equal(pixelsFor(3, 0, 1), 1);
  });
});

describe('the influence matrix', () => {
  it('by rows has 1 at the largest of every row, whatever its size', () => {
    assert.deepEqual([...rowShares(INFLUENCE)], [1, 0, 0, 0.02, 1, 0, 0.00125, 1, 0.5]);
  });

  it('by rows leaves a row of zeros zero', () => {
    assert.deepEqual([...rowShares(Float64Array.of(0, 0, 0, 3))], [0, 0, 0, 1]);
  });

  it('gives the way of one error: its own row up to the diagonal', () => {
    const path = errorPath({ influence: INFLUENCE, inputs: IDS }, 1);
    assert.deepEqual([...path.influence], [0.1, 5]);
    assert.equal(path.onePercentAfter, undefined, '0.1 is 2 % of 5');
  });

  it('says after how many steps less than 1 % of an error is left, and where it is largest', () => {
    const path = errorPath({ influence: INFLUENCE, inputs: IDS }, 2);
    assert.equal(path.onePercentAfter, 2, '0.01 is 0.25 % of 4');
    assert.equal(path.largestAt, 1);
  });

  it('fits a decay that a line of logarithms describes', () => {
    const decay = { ratePerStep: -Math.LN2, atLag0: 8, fromLag: 0, toLag: 3, r2: 1 };
    assert.ok(Math.abs(fittedAt(decay, 3) - 1) < 1e-12);
  });
});

describe('saturation', () => {
  /** Three units over two steps: unit 1 always saturated, unit 2 once. */
  const memory = {
    values: Float64Array.of(0.5, -0.99, 0.98, 0.1, 0.99, 0.2),
    unitSaturation: Float64Array.of(0, 1, 0.5),
  };

  it('puts the units that are saturated longest first, and otherwise keeps their order', () => {
    assert.deepEqual([...orderUnits(memory, 'saturation', 'tanh')], [1, 2, 0]);
    assert.deepEqual([...orderUnits(memory, 'index', 'tanh')], [0, 1, 2]);
  });

  it('among units saturated alike puts those first that let less pass', () => {
    const alike = { ...memory, unitSaturation: Float64Array.of(0, 0, 0) };
    assert.deepEqual([...orderUnits(alike, 'saturation', 'tanh')], [1, 2, 0]);
  });

  it('names dead units and what it means; says so where there are none', () => {
    assert.match(
      deadUnitsText(deadOf(Int32Array.of(3), 8), 1, TANH),
      /^1 dead unit of 8: 3\. .* every step of this window: .* through it/,
    );
    assert.match(
      deadUnitsText(deadOf(Int32Array.of(3, 5), 8), 4, TANH),
      /^2 dead units of 8: 3, 5\. .* all 4 streams .* through them/,
    );
    assert.match(deadUnitsText(deadOf(new Int32Array(0), 8), 4, TANH), /^No dead units/);
  });

  it('of ReLU reads slopes with which PyTorch carried errors back, of units beyond 1 too', () => {
    const { B, expected } = cellVector('relu-l1-v11-h8-t9-b3-mean');
    const { a } = expected.forward;
    const { da, dh } = expected.backward;
    const stream = (values: Nested): Float64Array<ArrayBuffer> =>
      Float64Array.from((values as number[][][]).flatMap((step) => step[1]));
    const [states, errors, passed] = [a, da, dh].map(stream);
    const slope = SLOPE_AT.relu;
    assert.ok(B > 1 && states.some((value) => value === 0));
    errors.forEach((error, i) => {
      assert.ok(slope(states[i]) * error === passed[i], `entry ${i}`);
    });
    assert.deepEqual(
      states.map((value) => slope(1000 * value)),
      states.map((value) => (value > 0 ? 1 : 0)),
    );
  });

  it('calls units of ReLU that are dead off, through which nothing passes', () => {
    assert.match(
      deadUnitsText(deadOf(Int32Array.of(3), 8), 1, RELU),
      /^1 dead unit of 8: 3\. a = 0 at every step of this window: no error passes through it, .* learn nothing from it\.$/,
    );
    assert.match(
      deadUnitsText(deadOf(new Int32Array(0), 8), 1, RELU),
      /^No dead units: none of the 8 has a = 0 at every step/,
    );
  });

  it('says of gates that are saturated all along which are open and which shut, and does not call them dead', () => {
    const f = { of: 'sigmoid', stoppedWhere: 'f (1 − f) < 0.059' } as const;
    assert.match(
      deadUnitsText(deadOf(Int32Array.of(1, 2, 5), 8, [0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]), 4, f),
      /^The gate of 3 units of 8 is at its ends all along, in this stream open in 1; shut in 2; open or shut from step to step in 5\. .*4 streams of this window: what decides them hardly learns\.$/,
    );
    assert.match(
      deadUnitsText(deadOf(new Int32Array(0), 8), 1, f),
      /^No unit's gate is at its ends all along: none of the 8 has f/,
    );
  });

  it('is coloured from the largest slope of its function on, of a sigmoid from ¼', () => {
    assert.deepEqual(
      [1, 0.1, 0.01, 1e-9, 0].map((slope) => slopePosition(slope, 'tanh')),
      [0, 1 / 3, 2 / 3, 1, 1],
    );
    assert.equal(slopePosition(0.25, 'sigmoid'), 0);
    assert.equal(slopePosition(0.001, 'sigmoid'), 1);
    assert.ok(Math.abs(slopePosition(Math.sqrt(0.25 * 0.001), 'sigmoid') - 0.5) < 1e-12);
  });

  it('calls units of a function of a state held at its ends, not dead: errors pass by what keeps the state', () => {
    const network = networkOf({ cell: 'lstm', layers: 2 });
    const of = functionOfState(network, { gives: 's.2' }) ?? assert.fail();
    const s = { of: 'tanh', stoppedWhere: '|s⁽²⁾| > 0.97' } as const;
    assert.equal(
      deadUnitsText(deadOf(Int32Array.of(3, 5), 8), 4, s, heldUnitsWords(network, of)),
      '2 of 8 units stand at ±1 throughout: their memory c⁽²⁾ is so large that less than 6 % of any error passes into it ' +
        'through s⁽²⁾; it passes by f⁽²⁾ alone. With |s⁽²⁾| > 0.97 at every step of all 4 streams of this window: 3, 5.',
    );
    assert.doesNotMatch(deadUnitsText(deadOf(new Int32Array(0), 8), 4, s, heldUnitsWords(network, of)), /dead/);
    assert.equal(functionOfState(network, { gives: 'g.2' }), undefined);
  });

  it('does not name hundreds of dead units', () => {
    const text = deadUnitsText(
      deadOf(
        Int32Array.from({ length: 300 }, (_, unit) => unit),
        512,
      ),
      2,
      TANH,
    );
    assert.match(text, /^300 dead units of 512: 0, 1, .* and 276 more\./);
  });
});

describe('the plane of eigenvalues', () => {
  // 0.6 ± 0.8i on the unit circle, 2, −1.5, 0.1
  const EIGENVALUES = Float64Array.of(2, 0, -1.5, 0, 0.6, 0.8, 0.6, -0.8, 0.1, 0);

  it('gives modulus and angle', () => {
    const { modulus, angle } = eigenvalueAt(EIGENVALUES, 2);
    assert.ok(Math.abs(modulus - 1) < 1e-15);
    assert.ok(Math.abs(angle - Math.atan2(0.8, 0.6)) < 1e-15);
    assert.equal(outsideUnitCircle(EIGENVALUES), 2);
  });

  it('keeps circles round and inside, whatever the shape of the plot', () => {
    for (const [width, height, radius] of [
      [600, 300, 2],
      [300, 600, 0.4],
    ]) {
      const { x, y } = planeRanges(radius, width, height);
      assert.ok(Math.abs((x.max - x.min) / width - (y.max - y.min) / height) < 1e-12);
      assert.ok(Math.min(x.max, y.max) > Math.max(1, radius));
    }
  });

  it('finds the eigenvalue nearest to a place, and none out of reach', () => {
    assert.equal(nearestEigenvalue(EIGENVALUES, 0.5, -0.7, 0.2), 3);
    assert.equal(nearestEigenvalue(EIGENVALUES, 1.5, 1.5, 0.2), undefined);
  });

  it('says how many steps a turn takes', () => {
    const quarter = eigenvalueText(eigenvalueAt(Float64Array.of(0, -0.5), 0));
    assert.equal(quarter, 'λ = 0.000 − 0.500i: |λ| = 0.500, angle −90.0°: a turn in 4.00 steps');
    assert.match(eigenvalueText(eigenvalueAt(EIGENVALUES, 0)), /keeps its direction/);
    assert.match(eigenvalueText(eigenvalueAt(EIGENVALUES, 1)), /λ = −1\.500: .*changes its sign with every step/);
  });
});

describe('names in a line', () => {
  it('stand centred at their places where there is room', () => {
    assert.deepEqual(placeNames([50, 150], [20, 40], 5, 0, 200), [40, 130]);
  });

  it('make way for each other and stay between the ends', () => {
    assert.deepEqual(placeNames([2, 10], [20, 20], 5, 0, 200), [0, 25]);
    assert.deepEqual(placeNames([190, 198], [20, 20], 5, 0, 200), [155, 180]);
  });

  it('do not lie on a line across where their side of it has room', () => {
    const room = { left: 0, right: 200, barrier: 100 };
    assert.deepEqual(placeBeside([95, 102], [40, 30], 5, room), [55, 105]);
    assert.deepEqual(placeBeside([96, 97], [60, 60], 5, room), placeNames([96, 97], [60, 60], 5, 0, 200));
  });
});
