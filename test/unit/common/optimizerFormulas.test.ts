import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { bySign, CLIP_FORMULA, STEP_FORMULAS, updateLines } from '../../../src/common/optimizerFormulas.ts';
import { MOMENT_NAMES, OPTIMIZER_NAMES } from '../../../src/common/optimizers.ts';
import { clipFactor } from '../../../src/model/clipping.ts';
import { optimizerStep } from '../../../src/model/optimizer.ts';

const size = fc.double({ min: 1e-6, max: 1e3, noNaN: true });
const signed = fc.tuple(size, fc.boolean()).map(([value, isNegative]) => (isNegative ? -value : value));

suite('the formulas of a step', () => {
  for (const name of OPTIMIZER_NAMES) {
    test(`give what the optimizer computes, moments and weight: ${name}`, () => {
      fc.assert(
        fc.property(signed, signed, size, fc.integer({ min: 0, max: 5000 }), (g, first, second, taken) => {
          const isMean = (moment: string): boolean => ['momentum_buffer', 'exp_avg'].includes(moment);
          const moments = Object.fromEntries(
            MOMENT_NAMES[name].map((moment) => [moment, isMean(moment) ? first : second] as const),
          ) as Record<string, number>;
          const tensor = (value: number) => ({ P: Float64Array.of(value) });
          const state = {
            name,
            step: taken,
            moments: Object.fromEntries(Object.entries(moments).map(([moment, value]) => [moment, tensor(value)])),
          };
          const moved = tensor(0);
          optimizerStep(state, moved, tensor(g), 0.01, 1);
          const given = { ...bySign(name, moments), g, η: 0.01, k: taken + 1 };
          const lines = updateLines(STEP_FORMULAS[name], given, String);
          const gave = Object.fromEntries(lines.map(({ formula, value }) => [formula.gives, value]));
          const after = bySign(
            name,
            Object.fromEntries(Object.entries(state.moments).map(([moment, { P }]) => [moment, P[0]])),
          );
          for (const [sign, value] of Object.entries({ ...after, Δ: moved.P[0] })) {
            assert.ok(
              Math.abs(gave[sign] - value) <= 1e-9 * Math.abs(value) + 1e-12,
              `${sign}: ${gave[sign]}, not ${value}`,
            );
          }
        }),
      );
    });
  }

  test('clip as the trainer does', () => {
    fc.assert(
      fc.property(size, size, (norm, clipNorm) => {
        const [{ value }] = updateLines([CLIP_FORMULA], { θ: clipNorm, '‖∂‖': norm }, String);
        assert.equal(value, clipFactor(norm, clipNorm));
      }),
    );
  });

  test('are written with their numbers, the negative ones in parentheses', () => {
    const given = { m: -0.5, v: 0.25, g: -2, η: 0.1, k: 3 };
    const lines = updateLines(STEP_FORMULAS.adam, given, (value) => String(Number(value.toPrecision(3))));
    assert.deepEqual(
      lines.map(({ numbers }) => numbers),
      [
        '0.9 · (-0.5) + 0.1 · (-2)',
        '0.999 · 0.25 + 0.001 · (-2)²',
        '(-0.65) / (1 − 0.9^3)',
        '0.254 / (1 − 0.999^3)',
        '−0.1 · (-2.4) / (√84.7 + 10⁻⁸)',
      ],
    );
  });
});
