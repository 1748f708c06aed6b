import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { interpolated, pixelAt } from '../../../src/common/colorScale.ts';
import { decadeAxis, decadeLabel } from '../../../src/panel/charts/decadeAxis.ts';
import { DecadeScale } from '../../../src/common/decadeScale.ts';
import { decadeRange, decadeTicks, linearTicks, robustRange } from '../../../src/common/ranges.ts';

fc.configureGlobal({ seed: 4174 });

const norms = fc.array(fc.double({ min: 1e-12, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 50 });

describe('the scale of colours', () => {
  it('ends at whole decades around all values', () => {
    const scale = new DecadeScale();
    scale.include([0.03, 0.0021, 0.4]);
    assert.deepEqual([scale.low, scale.high + 0], [-3, 0]);
  });

  it('only grows until it is reset', () => {
    fc.assert(
      fc.property(fc.array(norms, { minLength: 1, maxLength: 10 }), (batches) => {
        const scale = new DecadeScale();
        let high = -Infinity;
        for (const batch of batches) {
          scale.include(batch);
          assert.ok(scale.high >= high);
          assert.ok(Number.isInteger(scale.low) && Number.isInteger(scale.high) && scale.low < scale.high);
          assert.ok(scale.high - scale.low <= 8);
          high = scale.high;
        }
        scale.reset();
        assert.ok(scale.isEmpty);
      }),
    );
  });

  it('says when values lie under its low end', () => {
    const scale = new DecadeScale();
    scale.include([1e-12, 1]);
    assert.deepEqual([scale.low, scale.high + 0, scale.isCut], [-8, 0, true]);
    assert.equal(scale.position(1e-12), 0);
  });

  it('is not moved by zero, infinity or what is not a number', () => {
    const scale = new DecadeScale();
    scale.include([0, NaN, Infinity]);
    assert.ok(scale.isEmpty);
    scale.include([0.5]);
    assert.equal(scale.position(0), 0);
    assert.ok(Number.isNaN(scale.position(NaN)));
  });

  it('places values by their logarithm', () => {
    const scale = new DecadeScale();
    scale.include([0.01, 1]);
    assert.ok(Math.abs(scale.position(0.1) - 0.5) < 1e-12);
    assert.equal(scale.position(1), 1);
    assert.equal(scale.position(50), 1);
  });
});

describe('the colours', () => {
  it('run from the dark end of viridis to its bright end', () => {
    assert.deepEqual(interpolated(0), [0x44, 0x01, 0x54]);
    assert.deepEqual(interpolated(1), [0xfd, 0xe7, 0x25]);
  });

  it('grow brighter all the way, so that they read in grey too', () => {
    const luminance = ([red, green, blue]: number[]): number => 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    let last = -1;
    for (let i = 0; i <= 100; i++) {
      const next = luminance(interpolated(i / 100));
      assert.ok(next >= last, `at ${i} %`);
      last = next;
    }
  });

  it('are opaque pixels in the byte order of image data, and nothing where there is no number', () => {
    assert.deepEqual([...new Uint8Array(Uint32Array.of(pixelAt(0)).buffer)], [0x44, 0x01, 0x54, 0xff]);
    assert.equal(pixelAt(NaN), 0);
  });
});

describe('the range of the loss', () => {
  const falling = Array.from({ length: 500 }, (_, i) => 1.8 + 2.3 * Math.exp(-i / 40));

  it('is not stretched by a spike, and names the spike', () => {
    const spiked = falling.map((loss, i) => (i === 300 ? 90 : loss));
    const range = robustRange(spiked, spiked, [4.174]);
    assert.ok(range.max < 6, `max ${range.max}`);
    assert.equal(range.cutAbove, 300);
  });

  it('holds everything where nothing is far out', () => {
    const range = robustRange(falling, falling, [4.174]);
    assert.ok(range.min <= 1.8 && range.max >= 4.174);
    assert.equal(range.cutAbove, undefined);
  });

  it('holds the values and references that are close together, whatever they are', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 1e4, noNaN: true }), (value) => {
        const range = robustRange([value], [value], []);
        assert.ok(range.min <= value && value <= range.max && range.max > range.min);
      }),
    );
  });

  it('passes over what is not a number', () => {
    const range = robustRange([NaN, 2, 3], [NaN, 2, 3], []);
    assert.ok(range.min <= 2 && range.max >= 3 && range.max < 10);
    assert.ok(robustRange([NaN], [NaN], []).max > 0);
  });
});

describe('ticks', () => {
  it('are round, inside the range and about as many as asked for', () => {
    assert.deepEqual(linearTicks({ min: 0, max: 49 }, 10, true), [0, 5, 10, 15, 20, 25, 30, 35, 40, 45]);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e6 }),
        fc.integer({ min: 1, max: 1e6 }),
        fc.integer({ min: 2, max: 12 }),
        (min, span, most) => {
          const ticks = linearTicks({ min, max: min + span }, most, true);
          assert.ok(ticks.length <= most + 1);
          for (const tick of ticks) assert.ok(Number.isInteger(tick) && tick >= min && tick <= min + span);
        },
      ),
    );
  });

  it('of decades are powers of ten, fewer where there is little room', () => {
    const range = decadeRange([[3e-5, 0.2]], 8);
    assert.deepEqual([range.min, range.max], [1e-5, 1]);
    assert.deepEqual(
      decadeTicks(range, 10).map((tick) => Math.round(Math.log10(tick))),
      [-5, -4, -3, -2, -1, 0],
    );
    assert.ok(decadeTicks(range, 3).length <= 3);
  });

  it('of a single decade show 2 and 5 too', () => {
    assert.deepEqual(
      decadeAxis({ min: 1, max: 10 }, 200).ticks.map(({ label }) => label),
      ['1', '2', '5', '10'],
    );
  });

  it('of a logarithmic axis leave out zero and take at most so many decades from the top', () => {
    assert.deepEqual(decadeRange([[0, 1e-20, 5]], 4), { min: 1e-3, max: 10 });
    assert.deepEqual(decadeRange([[0]], 4), { min: 0.1, max: 1 });
  });

  it('are written as decimals near one and as powers of ten far from it', () => {
    assert.deepEqual([0.001, 0.2, 1000, 1e-5, 5e-7, 1e4].map(decadeLabel), [
      '0.001',
      '0.2',
      '1000',
      '10⁻⁵',
      '5·10⁻⁷',
      '10⁴',
    ]);
  });
});
