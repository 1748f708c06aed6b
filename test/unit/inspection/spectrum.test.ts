import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { InputError } from '../../../src/common/inputError.ts';
import { RandomStream } from '../../../src/common/random.ts';
import { spectrum, type MatrixSpectrum } from '../../../src/inspection/spectrum.ts';
import { initialize } from '../../../src/model/initialization.ts';
import { finish } from '../../../src/common/work.ts';
import { allocateFloat64, allocateTensors, parameterSizes } from '../../../src/model/tensors.ts';
import { assertClose } from '../model/vectors.ts';
import { NETWORK } from '../../tanh.ts';

/** Random matrices with the spectra that NumPy gives. */
const { matrices } = JSON.parse(readFileSync(new URL('../../fixtures/spectra.json', import.meta.url), 'utf8')) as {
  readonly matrices: readonly {
    readonly n: number;
    readonly matrix: readonly number[];
    readonly eigenvalues: readonly (readonly [number, number])[];
    readonly singularValues: readonly number[];
  }[];
};

type Root = readonly [real: number, imaginary: number];

function spectrumOf(rows: readonly (readonly number[])[]): MatrixSpectrum {
  return finish(spectrum(Float64Array.from(rows.flat()), rows.length, 'W_ah'));
}

/** A matrix (n, n) by its elements. */
function matrixOf(n: number, element: (i: number, j: number) => number): number[][] {
  return Array.from({ length: n }, (_, i) => Array.from({ length: n }, (__, j) => element(i, j)));
}

/** Every expected root is found once, in whatever order. */
function assertRoots({ eigenvalues }: MatrixSpectrum, expected: readonly Root[], tolerance: number): void {
  const found = Array.from({ length: eigenvalues.length / 2 }, (_, i) => eigenvalues.subarray(2 * i, 2 * i + 2));
  assert.equal(found.length, expected.length);
  for (const [real, imaginary] of expected) {
    const distances = found.map((root) => Math.hypot(root[0] - real, root[1] - imaginary));
    const nearest = distances.indexOf(Math.min(...distances));
    assert.ok(distances[nearest] <= tolerance, `${real} + ${imaginary}i is ${distances[nearest]} from a root`);
    found.splice(nearest, 1);
  }
}

/** The companion matrix of the polynomial with these roots, of which conjugates come in pairs. */
function companion(roots: readonly Root[]): number[][] {
  let coefficients: Root[] = [[1, 0]]; // lowest degree first
  for (const [real, imaginary] of roots) {
    const next = Array.from({ length: coefficients.length + 1 }, (): [number, number] => [0, 0]);
    coefficients.forEach(([a, b], degree) => {
      next[degree + 1][0] += a;
      next[degree + 1][1] += b;
      next[degree][0] -= a * real - b * imaginary;
      next[degree][1] -= a * imaginary + b * real;
    });
    coefficients = next;
  }
  const n = roots.length;
  return matrixOf(n, (i, j) => (i === 0 ? -coefficients[n - 1 - j][0] : i === j + 1 ? 1 : 0));
}

function orthogonal(n: number, seed: number): number[][] {
  const parameters = allocateTensors(parameterSizes(NETWORK, { V: 1, H: n }), allocateFloat64);
  initialize(NETWORK, parameters, { H: n }, 'orthogonal', RandomStream.seeded(seed, 'initialization'));
  return matrixOf(n, (i, j) => parameters.W_ah[i * n + j]);
}

suite('spectrum', () => {
  for (const { n, matrix, eigenvalues, singularValues } of matrices) {
    test(`of a random matrix is that of NumPy: ${n} × ${n}`, () => {
      const found = finish(spectrum(Float64Array.from(matrix), n, 'W_ah'));
      assertClose(found.eigenvalues, eigenvalues.flat(), 0, 'eigenvalues', 1e-12);
      assertClose(found.singularValues, singularValues, 0, 'singular values', 1e-12);
      assert.equal(found.spectralRadius, Math.hypot(found.eigenvalues[0], found.eigenvalues[1]));
      assert.equal(found.sigmaMax, found.singularValues[0]);
    });
  }

  test('of companion matrices is the roots of their polynomials', () => {
    const real: Root[] = [1, 2, 3, 4, 5, 6].map((root) => [root, 0]);
    assertRoots(spectrumOf(companion(real)), real, 1e-9);
    const complex: Root[] = [
      [0.5, 1],
      [0.5, -1],
      [-2, 3],
      [-2, -3],
      [0.25, 0],
      [0, 0],
    ];
    assertRoots(spectrumOf(companion(complex)), complex, 1e-10);
  });

  test('of a rotation lies on the unit circle at its angle', () => {
    const angle = 0.3;
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    const found = spectrumOf([
      [c, -s],
      [s, c],
    ]);
    assertClose(found.eigenvalues, [c, s, c, -s], 1e-14, 'eigenvalues');
    assertClose(found.singularValues, [1, 1], 1e-14, 'singular values');
  });

  test('of a cyclic shift, which plain QR steps leave as it is, is the roots of unity', () => {
    for (const n of [3, 4, 7, 16]) {
      const found = spectrumOf(matrixOf(n, (i, j) => (i === (j + 1) % n ? 1 : 0)));
      const expected = Array.from({ length: n }, (_, k): Root => [
        Math.cos((2 * Math.PI * k) / n),
        Math.sin((2 * Math.PI * k) / n),
      ]);
      assertRoots(found, expected, 1e-13);
      assertClose(found.singularValues, new Array<number>(n).fill(1), 1e-13, 'singular values');
    }
  });

  test('of a random orthogonal matrix lies on the unit circle', () => {
    for (const n of [2, 9, 33]) {
      const { eigenvalues, singularValues } = spectrumOf(orthogonal(n, n));
      for (let i = 0; i < n; i++) {
        assertClose([Math.hypot(eigenvalues[2 * i], eigenvalues[2 * i + 1])], [1], 1e-13, `modulus ${i}`);
      }
      assertClose(singularValues, new Array<number>(n).fill(1), 1e-13, 'singular values');
    }
  });

  test('of a Jordan block is one root n times, as near as its conditioning allows, with the singular values of the block', () => {
    const n = 4;
    const { eigenvalues } = spectrumOf(matrixOf(n, (i, j) => (i === j ? 0.5 : j === i + 1 ? 1 : 0)));
    // A change of the matrix by ε moves an n-fold root by ε^(1/n).
    const root: Root = [0.5, 0];
    assertRoots({ eigenvalues } as MatrixSpectrum, [root, root, root, root], 10 * Number.EPSILON ** (1 / n));
    const nilpotent = spectrumOf(matrixOf(n, (i, j) => (j === i + 1 ? 1 : 0)));
    assert.deepEqual([...nilpotent.eigenvalues], new Array<number>(2 * n).fill(0));
    assertClose(nilpotent.singularValues, [1, 1, 1, 0], 1e-15, 'singular values');
  });

  test('of a defective matrix that hides its Jordan block', () => {
    // Q J Qᵀ with J = [[2, 1, 0], [0, 2, 0], [0, 0, −1]].
    const Q = orthogonal(3, 5);
    const J = [
      [2, 1, 0],
      [0, 2, 0],
      [0, 0, -1],
    ];
    const product = (a: number[][], b: number[][]) =>
      matrixOf(3, (i, j) => a[i].reduce((sum, value, k) => sum + value * b[k][j], 0));
    const transpose = matrixOf(3, (i, j) => Q[j][i]);
    const found = spectrumOf(product(product(Q, J), transpose));
    const roots: Root[] = [
      [2, 0],
      [2, 0],
      [-1, 0],
    ];
    assertRoots(found, roots, 1e-7);
    // JᵀJ has the eigenvalues (9 ± √17)/2 and 1.
    const expected = [Math.sqrt((9 + Math.sqrt(17)) / 2), Math.sqrt((9 - Math.sqrt(17)) / 2), 1];
    assertClose(found.singularValues, expected, 1e-13, 'singular values');
  });

  test('of a diagonal matrix is its diagonal, sorted', () => {
    const diagonal = [0.1, -3, 0, 2, 1e-8];
    const found = spectrumOf(matrixOf(5, (i, j) => (i === j ? diagonal[i] : 0)));
    assertClose(found.eigenvalues, [-3, 0, 2, 0, 0.1, 0, 1e-8, 0, 0, 0], 1e-15, 'eigenvalues');
    assertClose(found.singularValues, [3, 2, 0.1, 1e-8, 0], 1e-15, 'singular values');
    assert.deepEqual([found.spectralRadius, found.sigmaMax], [3, 3]);
  });

  test('of one number, and of zeros', () => {
    const one = spectrumOf([[-0.5]]);
    assert.deepEqual([[...one.eigenvalues], [...one.singularValues], one.spectralRadius], [[-0.5, 0], [0.5], 0.5]);
    const zeros = spectrumOf(matrixOf(6, () => 0));
    assert.deepEqual([...zeros.eigenvalues], new Array<number>(12).fill(0));
    assert.deepEqual([...zeros.singularValues], new Array<number>(6).fill(0));
  });

  test('of a matrix of rank 1', () => {
    const u = [1, -2, 0.5, 3];
    const v = [0.3, 1, 2, -1];
    const found = spectrumOf(matrixOf(4, (i, j) => u[i] * v[j]));
    const trace = u.reduce((sum, value, i) => sum + value * v[i], 0);
    assertClose(found.eigenvalues, [trace, 0, 0, 0, 0, 0, 0, 0], 1e-14, 'eigenvalues', 1e-14);
    assertClose(found.singularValues, [Math.hypot(...u) * Math.hypot(...v), 0, 0, 0], 1e-14, 'singular values', 1e-14);
  });

  test('agrees with trace, determinant and Frobenius norm, at every scale', () => {
    const property = fc.property(
      fc.integer({ min: 1, max: 14 }),
      fc.integer({ min: -30, max: 30 }),
      fc.nat(),
      (n, exponent, seed) => {
        const random = RandomStream.seeded(seed, 'text');
        // Some elements are 0, so that matrices fall apart in odd places.
        const rows = matrixOf(n, () => (random.uniform() < 0.3 ? 0 : 10 ** exponent * random.normal()));
        const { eigenvalues, singularValues, sigmaMax } = spectrumOf(rows);
        const frobenius = Math.hypot(...rows.flat());
        assertClose([Math.hypot(...singularValues)], [frobenius], 1e-12, 'Σ σ²');
        const trace = rows.reduce((sum, row, i) => sum + row[i], 0);
        let sum = 0;
        let imaginary = 0;
        let logOfRoots = 0;
        for (let i = 0; i < n; i++) {
          sum += eigenvalues[2 * i];
          imaginary += eigenvalues[2 * i + 1];
          logOfRoots += Math.log(Math.hypot(eigenvalues[2 * i], eigenvalues[2 * i + 1]));
          assert.ok(Math.hypot(eigenvalues[2 * i], eigenvalues[2 * i + 1]) <= sigmaMax * (1 + 1e-12), '|λ| ≤ σ_max');
        }
        assertClose([sum], [trace], 0, 'Σ λ', 1e-12 * frobenius);
        assertClose([imaginary], [0], 0, 'Σ Im λ', 1e-12 * frobenius);
        // |det| = Π |λ| = Π σ, where it is not 0 but for rounding.
        const smallest = singularValues[n - 1];
        if (!(smallest > 1e-3 * frobenius)) return;
        const logOfValues = singularValues.reduce((total, value) => total + Math.log(value), 0);
        assertClose([logOfRoots], [logOfValues], 0, 'log |det|', 1e-9);
      },
    );
    fc.assert(property, { seed: 6, numRuns: 400 });
  });

  test('comes in pieces', () => {
    const random = RandomStream.seeded(1, 'text');
    const n = 128;
    const work = spectrum(
      Float64Array.from({ length: n * n }, () => random.normal()),
      n,
      'W_ah',
    );
    let pieces = 1;
    while (work.next().done !== true) pieces++;
    // 13n³ multiplications are 27 million.
    assert.ok(pieces > 4, `${pieces} pieces`);
  });

  test('a number that is not finite is named', () => {
    for (const wrong of [NaN, Infinity]) {
      const rows = matrixOf(3, (i, j) => (i === 1 && j === 2 ? wrong : 1));
      assert.throws(
        () => spectrumOf(rows),
        new InputError(
          `W_ah has no spectrum: it holds ${wrong} in row 1, column 2. Go back to an iteration where it is finite.`,
        ),
      );
    }
  });
});
