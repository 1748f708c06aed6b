import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { InputError } from '../../../src/common/inputError.ts';
import { RandomStream } from '../../../src/common/random.ts';
import { checkInitialBias, type InitialBiasName, setInitialBiases } from '../../../src/model/initialBias.ts';
import { initialize, type InitializationName } from '../../../src/model/initialization.ts';
import { allocateFloat64, allocateTensors, parameterSizes, type Parameters } from '../../../src/model/tensors.ts';
import { CELL_NAMES, type CellName } from '../../../src/network/cells.ts';
import { networkOf } from '../../../src/network/network.ts';
import { SETTINGS } from '../../../src/protocol/settings.ts';

const SHAPE = { V: 5, H: 150 };
const T = 64;
const LAYERS = 2;

interface Choice {
  readonly cell: CellName;
  readonly bias: InitialBiasName;
  readonly initialization?: InitializationName;
  readonly T?: number;
  readonly layers?: number;
}

/** The parameters with which a run begins. */
function begun({ cell, bias, initialization = 'uniform', layers = LAYERS, ...window }: Choice): Parameters {
  const network = networkOf({ cell, layers });
  const parameters = allocateTensors(parameterSizes(network, SHAPE), allocateFloat64);
  const random = RandomStream.seeded(3, 'initialization');
  initialize(network, parameters, SHAPE, initialization, random);
  setInitialBiases(network, parameters, { ...SHAPE, T, ...window }, bias, random);
  return parameters;
}

/** Where a sample of numbers is farthest from a uniform distribution on [from, to]: the statistic of Kolmogorov and Smirnov. */
function distanceFromUniform(values: readonly number[], from: number, to: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return Math.max(
    ...sorted.map((value, at) => {
      const share = (value - from) / (to - from);
      return Math.max(Math.abs(share - at / sorted.length), Math.abs(share - (at + 1) / sorted.length));
    }),
  );
}

function assertChanged(before: Parameters, after: Parameters, names: readonly string[]): void {
  const changed = Object.keys(before).filter(
    (name) => !Buffer.from(bytesOf(before, name)).equals(bytesOf(after, name)),
  );
  assert.deepEqual(changed.sort(), [...names].sort());
}

function bytesOf(parameters: Parameters, name: string): Uint8Array {
  const { buffer, byteOffset, byteLength } = parameters[name];
  return new Uint8Array(buffer, byteOffset, byteLength);
}

suite('the biases that gates begin with', () => {
  for (const initialization of SETTINGS.initialization.choices) {
    test(`are as is usual for the cell: 1 of every forget gate of an LSTM, nothing else changed (${initialization})`, () => {
      const untouched = begun({ cell: 'lstm', bias: 'initialization', initialization });
      const usual = begun({ cell: 'lstm', bias: 'cell', initialization });
      for (const name of ['b_f', 'b_f.2'])
        assert.ok(
          usual[name].every((value) => value === 1),
          name,
        );
      assertChanged(untouched, usual, ['b_f', 'b_f.2']);
    });
  }

  test('stay as the initialization says where that is asked for, and in cells of which nothing else is usual', () => {
    const bound = 1 / Math.sqrt(SHAPE.H);
    const { b_f } = begun({ cell: 'lstm', bias: 'initialization' });
    assert.ok(b_f.every((value) => Math.abs(value) <= bound));
    assert.ok(new Set(b_f).size > SHAPE.H / 2);
    for (const cell of CELL_NAMES.filter((name) => name !== 'lstm')) {
      assertChanged(begun({ cell, bias: 'initialization' }), begun({ cell, bias: 'cell' }), []);
    }
  });

  test('of chrono make memories of 1 to T−1 steps, each as likely, in each layer anew', () => {
    const { b_f, b_i, 'b_f.2': second } = begun({ cell: 'lstm', bias: 'chrono' });
    for (const biases of [b_f, second]) {
      assert.ok(biases.every((value) => value >= 0 && value <= Math.log(T - 1)));
      // One sample in a thousand of so many numbers is farther away.
      const distance = distanceFromUniform(Array.from(biases, Math.exp), 1, T - 1);
      assert.ok(distance < 1.95 / Math.sqrt(SHAPE.H), String(distance));
    }
    b_f.forEach((value, unit) => assert.equal(b_i[unit], -value));
    assert.notDeepEqual(second, b_f);
  });

  test('of chrono open what keeps and close what lets in, whatever a cell calls it', () => {
    const signs: Partial<Record<CellName, Readonly<Record<string, 1 | -1>>>> = {
      lstm: { b_f: 1, b_i: -1 },
      // z of a GRU is the share that is kept, z of a minGRU the share that comes in.
      gru: { b_z: 1 },
      mingru: { b_z: -1 },
    };
    for (const cell of ['lstm', 'gru', 'mingru'] as const) {
      const untouched = begun({ cell, bias: 'initialization' });
      const chrono = begun({ cell, bias: 'chrono' });
      const biases = Object.entries(signs[cell] ?? {}).flatMap(([name, sign]) =>
        [name, `${name}.2`].map((inLayer) => [inLayer, sign] as const),
      );
      assertChanged(
        untouched,
        chrono,
        biases.map(([name]) => name),
      );
      for (const [name, sign] of biases) {
        assert.ok(chrono[name].every((value) => sign * value >= 0) && chrono[name].some((value) => value !== 0), name);
      }
    }
  });

  test('of chrono are 0 where a window has one step or two, in which there is nothing to remember', () => {
    for (const steps of [1, 2]) {
      const { b_f, b_i } = begun({ cell: 'lstm', bias: 'chrono', T: steps });
      for (const biases of [b_f, b_i])
        assert.ok(
          biases.every((value) => value === 0),
          `T = ${steps}`,
        );
    }
  });

  test('of chrono are refused in words for a cell without such gates', () => {
    for (const cell of CELL_NAMES) {
      const network = networkOf({ cell, layers: 1 });
      const check = (kind: InitialBiasName) => (): void => checkInitialBias(network, kind);
      assert.doesNotThrow(check('cell'));
      assert.doesNotThrow(check('initialization'));
      if (cell === 'tanh' || cell === 'relu') {
        assert.throws(
          check('chrono'),
          (error) =>
            error instanceof InputError &&
            error.message.includes(`the cell ${cell} has no gate`) &&
            error.message.includes('Set initialBias to cell'),
        );
      } else assert.doesNotThrow(check('chrono'));
    }
  });
});

suite('initialization by role', () => {
  const recurrent = (cell: CellName): string[] =>
    networkOf({ cell, layers: LAYERS }).parameters.flatMap(({ role, name }) => (role === 'recurrent' ? [name] : []));

  test('identity and orthogonal are of every recurrent matrix, in every layer, and of no other', () => {
    const { H } = SHAPE;
    for (const cell of ['lstm', 'gru'] as const) {
      const identity = begun({ cell, bias: 'initialization', initialization: 'identity' });
      const isIdentity = (name: string): boolean =>
        identity[name].length === H * H && identity[name].every((value, at) => value === (at % (H + 1) === 0 ? 1 : 0));
      assert.deepEqual(Object.keys(identity).filter(isIdentity), recurrent(cell));
      const orthogonal = begun({ cell, bias: 'initialization', initialization: 'orthogonal' });
      const areRowsOrthonormal = (W: ArrayLike<number>): boolean =>
        [0, 1, 7].every((i) =>
          [0, 1, 7].every((j) => {
            let inner = 0;
            for (let k = 0; k < H; k++) inner += W[i * H + k] * W[j * H + k];
            return Math.abs(inner - (i === j ? 1 : 0)) < 1e-10;
          }),
        );
      const found = Object.keys(orthogonal).filter(
        (name) => orthogonal[name].length === H * H && areRowsOrthonormal(orthogonal[name]),
      );
      assert.deepEqual(found, recurrent(cell));
      const matrices = found.map((name) => Buffer.from(bytesOf(orthogonal, name)).toString('base64'));
      assert.equal(new Set(matrices).size, matrices.length, 'each is drawn anew');
    }
  });
});
