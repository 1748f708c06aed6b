import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { RandomStream } from '../../../src/common/random.ts';
import { fitDecay } from '../../../src/inspection/decay.ts';
import { HORIZON_SHARES, influence, lagProfile, memoryHorizon } from '../../../src/inspection/influence.ts';
import { lyapunovExponent } from '../../../src/inspection/lyapunov.ts';
import type { Kernels } from '../../../src/kernels/kernels.ts';
import { initialize } from '../../../src/model/initialization.ts';
import { finish } from '../../../src/common/work.ts';
import { allocateFloat64, allocateTensors, parameterSizes } from '../../../src/model/tensors.ts';
import { assertClose } from '../model/vectors.ts';
import { linearNetwork } from './linear.ts';
import { NETWORK } from '../../tanh.ts';

/** What is read is 1e-9, and changes the logits by as much. */
const TOLERANCE = 1e-7;

function profileOf(kernels: Kernels): Float64Array {
  return lagProfile(influence(kernels, kernels.parameters, 0).h);
}

function exponentOf(kernels: Kernels): number | undefined {
  return finish(lyapunovExponent(kernels, kernels.parameters, 0));
}

function times(factor: number) {
  return (i: number, j: number) => (i === j ? factor : 0);
}

suite('a linear network', () => {
  for (const lambda of [0.8, -0.8, 0.3, 1.1]) {
    test(`with W_ah = ${lambda}·I forgets by λ a step`, () => {
      const T = 40;
      const { kernels, ownError } = linearNetwork(6, T, times(lambda));
      const profile = profileOf(kernels);
      const expected = Array.from({ length: T }, (_, lag) => ownError * Math.abs(lambda) ** lag);
      assertClose(profile, expected, TOLERANCE, 'lag profile');
      const decay = fitDecay(profile) ?? assert.fail();
      const rate = Math.log(Math.abs(lambda));
      assertClose([decay.ratePerStep, decay.atLag0, decay.r2], [rate, ownError, 1], TOLERANCE, 'decay');
      assertClose([exponentOf(kernels) ?? NaN], [rate], TOLERANCE, 'Lyapunov exponent');
    });
  }

  test('has the memory horizon of its λ', () => {
    const profile = profileOf(linearNetwork(6, 40, times(0.8)).kernels);
    assert.equal(memoryHorizon(profile, HORIZON_SHARES.onePercent), 21); // 0.8^21 < 0.01 < 0.8^20
    assert.equal(memoryHorizon(profile, HORIZON_SHARES.oneOverE), 5); // 0.8^5 < 1/e < 0.8^4
  });

  test('with an orthogonal W_ah forgets nothing, and its Lyapunov exponent is 0', () => {
    const H = 12;
    const { W_ah } = allocateTensors(parameterSizes(NETWORK, { V: 1, H }), allocateFloat64);
    const drawn = allocateTensors(parameterSizes(NETWORK, { V: 1, H }), allocateFloat64);
    initialize(NETWORK, drawn, { H }, 'orthogonal', RandomStream.seeded(4, 'initialization'));
    W_ah.set(drawn.W_ah);
    const { kernels, ownError } = linearNetwork(H, 30, (i, j) => W_ah[i * H + j]);
    assertClose(profileOf(kernels), new Array<number>(30).fill(ownError), TOLERANCE, 'lag profile');
    assertClose([exponentOf(kernels) ?? NaN], [0], 0, 'Lyapunov exponent', TOLERANCE);
    const decay = fitDecay(profileOf(kernels)) ?? assert.fail();
    assertClose([decay.ratePerStep, decay.atLag0], [0, ownError], TOLERANCE, 'decay', TOLERANCE);
  });

  test('has as its Lyapunov exponent the log of the spectral radius, not of the norm', () => {
    // Not normal: σ_max is above 5, ρ is 0.9.
    const { kernels } = linearNetwork(2, 50, (i, j) => [0.9, 5, 0, 0.5][i * 2 + j]);
    assertClose([exponentOf(kernels) ?? NaN], [Math.log(0.9)], 0, 'Lyapunov exponent', 1e-6);
  });

  test('that hands its state on from unit to unit remembers for as many steps as the unit that is read has before it', () => {
    // a_i(t) = a_{i−1}(t−1), and unit 3 of 8 is read: the state s steps ago reaches it from unit 3 − s.
    const read = 3;
    const { kernels, ownError } = linearNetwork(
      8,
      12,
      (i, j) => (i === j + 1 ? 1 : 0),
      (k, i) => (i === read ? k : 0),
    );
    const { h, a } = influence(kernels, kernels.parameters, 0);
    for (let t = 0; t < 12; t++) {
      for (let s = 0; s < 12; s++) {
        const reaches = s <= t && t - s <= read;
        assertClose(
          [h[t * 12 + s], a[t * 12 + s]],
          reaches ? [ownError, ownError] : [0, 0],
          TOLERANCE,
          `I[${t}][${s}]`,
        );
      }
    }
    assert.equal(memoryHorizon(lagProfile(h), HORIZON_SHARES.onePercent), read + 1);
    assert.equal(exponentOf(kernels), undefined, 'every vector is pushed out');
  });

  test('whose errors become too small for normal numbers has an influence of 0 there', () => {
    const { kernels } = linearNetwork(3, 400, times(0.1));
    const profile = profileOf(kernels);
    assertClose([Math.log10(profile[140] / profile[0])], [-140], 1e-9, 'lag 140');
    assert.equal(profile[160], 0);
    assert.equal(profile[399], 0);
  });
});

suite('the fitted decay', () => {
  const line = (T: number, rate: number) => Float64Array.from({ length: T }, (_, lag) => 2 * Math.exp(rate * lag));

  test('leaves out what is under 1e-4 of lag 0', () => {
    // e^(−9) > 1e-4 > e^(−10)
    assert.equal(fitDecay(line(100, -1))?.toLag, 9);
  });

  test('leaves out the last quarter of the lags', () => {
    const profile = line(40, -0.01);
    profile.fill(1, 31);
    const decay = fitDecay(profile) ?? assert.fail();
    assert.deepEqual([decay.fromLag, decay.toLag], [0, 30]);
    assertClose([decay.ratePerStep, decay.atLag0, decay.r2], [-0.01, 2, 1], 1e-12, 'decay');
  });

  test('says how much of the variance it explains', () => {
    // Logs 0, 1, 0, 1: slope 1/5, explains (Σ(lag−1.5)(log−½))² / (Σ(lag−1.5)² Σ(log−½)²) = 1/5.
    const profile = Float64Array.of(1, Math.E, 1, Math.E, 1e-9);
    const decay = fitDecay(profile) ?? assert.fail();
    assert.equal(decay.toLag, 3);
    assertClose([decay.ratePerStep, decay.atLag0, decay.r2], [0.2, Math.exp(0.2), 0.2], 1e-12, 'decay');
  });

  test('explains all of a profile that does not change', () => {
    const decay = fitDecay(new Float64Array(30).fill(0.3)) ?? assert.fail();
    assertClose([decay.ratePerStep, decay.atLag0, decay.r2], [0, 0.3, 1], 0, 'decay', 1e-12);
  });

  test('takes three lags where the profile falls at once', () => {
    const decay = fitDecay(line(20, -20)) ?? assert.fail();
    assert.equal(decay.toLag, 2);
    assertClose([decay.ratePerStep], [-20], 1e-12, 'rate');
  });

  test('is none where fewer than three lags are above zero, and none of what is not finite', () => {
    for (const profile of [
      [1, 0.5],
      [1, 0.5, 0, 0, 0, 0],
      [0, 0, 0, 0],
      [1, NaN, 1, 1],
      [1, Infinity, 1, 1],
    ]) {
      assert.equal(fitDecay(Float64Array.from(profile)), undefined, profile.join(' '));
    }
    assert.ok(fitDecay(Float64Array.of(1, 0.5, 0.25)));
  });
});
