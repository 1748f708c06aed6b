import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { finish } from '../../../src/common/work.ts';
import { errorName, networkOf, readersOf, type Network } from '../../../src/network/network.ts';
import { SLOPE_AT } from '../../../src/network/slopeAt.ts';
import {
  ALL,
  shownChoice,
  unitChoices,
  unitGroups,
  WAY_BACK,
  type UnitColumn,
} from '../../../src/panel/views/tape/unitColumns.ts';
import {
  asTabbed,
  columnsOf,
  digitsFor,
  nextSorting,
  sortedUnits,
  sortingText,
  unitTableData,
  unitText,
} from '../../../src/panel/views/tape/unitTable.ts';
import { stepContent } from '../../../src/panel/views/tape/stepContent.ts';
import type { MirroredRun } from '../../../src/panel/state/mirror.ts';
import type { StepDetail } from '../../../src/protocol/study.ts';
import { loadKernels } from '../kernels/built.ts';
import { assertCloseInNorm, flatten, kernelsOfCell, type Nested } from '../model/vectors.ts';
import { captureOf, windowStudyOf } from '../study/windowStudyCaptures.ts';
import { NETWORK } from '../../tanh.ts';
import { description } from './fixtures.ts';
import { WITH_VECTORS } from './otherNetworks.ts';
import { detailOf, H, T } from './tapeFixtures.ts';

const t = 3;
const layersOf = ({ layers }: Network): number[] => Array.from({ length: layers }, (_, index) => index + 1);
const keysOf = (network: Network, layer: number, choice: string): string[] =>
  columnsOf(unitGroups(network, layer, choice)).map(({ key }) => key);
/** The number that a cell of the table shows. */
const read = (column: UnitColumn, value: number): number => Number(unitText(column, value).replace('−', '-'));

suite('the columns of the table of a cell', () => {
  test('are those of the derivation: what the error of the state is, its slope, and the error of the pre-activation', () => {
    const groups = unitGroups(NETWORK, 1, WAY_BACK);
    assert.deepEqual(
      groups.map(({ step, columns }) => [step, columns.map(({ label }) => label)]),
      [
        [6, ['own', 'future', '∂a']],
        [7, ['a', '1 − a²', '∂h']],
      ],
    );
    assert.deepEqual(keysOf(NETWORK, 1, ALL), [
      ...['aPrevious', 'h', 'a', 'da-own', 'da-future', 'da', 'slope-a', 'dh', 'message-a'],
    ]);
  });

  test('of an LSTM lead from both states to the pre-activations of all gates, or of one', () => {
    const network = networkOf({ cell: 'lstm', layers: 2 });
    const back = keysOf(network, 2, WAY_BACK);
    for (const gate of ['i', 'f', 'g', 'q']) assert.ok(back.includes(`dh_${gate}.2`), gate);
    assert.deepEqual(back.slice(0, 3), ['da.2-own', 'da.2-future', 'da.2']);
    assert.deepEqual(keysOf(network, 1, 'f'), ['dc', 'cPrevious', 'df', 'f', 'slope-f', 'dh_f']);
    assert.deepEqual(
      columnsOf(unitGroups(network, 1, WAY_BACK))
        .filter(({ label }) => /layer|future|through/.test(label))
        .map(({ label }) => label),
      ['from layer 2, ∂a', 'future, ∂a', 'through s, ∂c', 'future, ∂c'],
    );
  });

  test('are chosen by gate where there are gates; what another network had is the way back', () => {
    assert.deepEqual(
      unitChoices(NETWORK, 1).map(({ value }) => value),
      [WAY_BACK, ALL],
    );
    const lstm = networkOf({ cell: 'lstm', layers: 1 });
    assert.deepEqual(
      unitChoices(lstm, 1).map(({ label }) => label),
      ['way back', 'i', 'f', 'g', 'q', 'a, c', 'all'],
    );
    assert.equal(shownChoice(lstm, 1, 'f'), 'f');
    assert.equal(shownChoice(NETWORK, 1, 'f'), WAY_BACK);
  });

  test('are there once each, and every vector of hidden units of every step leads to one of them', () => {
    for (const [network, vector] of WITH_VECTORS) {
      const columns = new Map(layersOf(network).map((layer) => [layer, keysOf(network, layer, ALL)]));
      for (const keys of columns.values()) assert.equal(new Set(keys).size, keys.length);
      const detail = studied(vector, t);
      for (const step of network.steps) {
        for (const { axis, column, key } of stepContent(network, step, detail, String).vectors) {
          if (axis === 'symbol') continue;
          assert.ok(
            column !== undefined && columns.get(column.layer)?.includes(column.key) === true,
            `${network.cell}: ${key}`,
          );
        }
      }
    }
  });
});

/** What the study thread answers about a time step of the first stream of a vector. */
function studied(vector: (typeof WITH_VECTORS)[number][1], at: number): StepDetail {
  const study = windowStudyOf(captureOf(kernelsOfCell(loadKernels('reference'), vector), 3));
  return finish(study.stepDetail({ iteration: 3, stream: 0, t: at }));
}

suite('the numbers of the table', () => {
  for (const [network, vector] of WITH_VECTORS) {
    const what = `${vector.cell}, ${vector.layers} layers`;
    const detail = studied(vector, t);

    test(`are what PyTorch has: ${what}`, () => {
      const { forward, backward } = vector.expected;
      const at = (tensor: Nested): number[] => flatten((tensor as readonly (readonly Nested[])[])[t][0]);
      let compared = 0;
      for (const column of layersOf(network).flatMap((layer) => columnsOf(unitGroups(network, layer, ALL)))) {
        const expected = backward[column.key] ?? forward[column.key];
        if (expected === undefined) continue;
        // The capture has the parameters as float32, as training has them.
        assertCloseInNorm(column.valuesOf(detail), at(expected), 1e-5, column.key);
        compared++;
      }
      assert.equal(compared, 2 * network.quantities.filter(({ layer }) => layer !== undefined).length);
    });

    test(`follow from those to their left as they are shown: ${what}`, () => {
      for (const layer of layersOf(network)) {
        const columns = new Map(columnsOf(unitGroups(network, layer, WAY_BACK)).map((column) => [column.key, column]));
        const shown = (key: string, unit: number): number => {
          const column = columns.get(key) ?? assert.fail(`there is no ${key}`);
          return read(column, column.valuesOf(detail)[unit]);
        };
        for (let unit = 0; unit < vector.H; unit++) {
          for (const { name } of network.quantities.filter((one) => one.layer === layer)) {
            const error = shown(errorName(name), unit);
            const parts = [...columns.keys()]
              .filter((key) => key.startsWith(`d${name}-`))
              .map((key) => shown(key, unit));
            const [reader, another] = readersOf(network, name).now;
            if (network.states.includes(name))
              near(
                parts.reduce((sum, part) => sum + part, 0),
                error,
                Math.max(...parts.map(Math.abs)),
              );
            else if ('apply' in reader && another === undefined) {
              const slope = shown(`slope-${reader.gives}`, unit);
              near(slope * shown(errorName(reader.gives), unit), error, Math.abs(error));
              assert.equal(SLOPE_AT[reader.apply](shown(reader.gives, unit)).toPrecision(6), slope.toPrecision(6));
            }
          }
        }
      }
    });
  }

  function near(actual: number, expected: number, size: number): void {
    assert.ok(Math.abs(actual - expected) <= 2e-5 * size, `${actual} is not ${expected}`);
  }

  test('have more digits the nearer a unit is to saturation, so that its slope can be computed anew to six', () => {
    const column = { gaveBy: 'tanh' } as const;
    assert.equal(unitText(column, 0.5), '0.500000');
    assert.equal(unitText({}, 0.123456789), '0.123457');
    for (const h of [0.1, 1, 3, 6, 10, 15]) {
      const a = -Math.tanh(h);
      const shown = Number(unitText(column, a).replace('−', '-'));
      assert.equal((1 - shown * shown).toPrecision(6), (1 - a * a).toPrecision(6), `tanh ${h}`);
    }
    assert.ok(digitsFor('tanh', Math.tanh(6)) > digitsFor('tanh', Math.tanh(3)));
    assert.equal(digitsFor('tanh', 1), 6);
    assert.equal(digitsFor('relu', 0.1234567891), 6);
    for (const gate of [1e-9, 0.3, 1 - 1e-9]) {
      const shown = Number(gate.toPrecision(digitsFor('sigmoid', gate)));
      assert.equal((shown * (1 - shown)).toPrecision(6), (gate * (1 - gate)).toPrecision(6));
    }
  });
});

suite('the order of the units', () => {
  const columns = columnsOf(unitGroups(NETWORK, 1, WAY_BACK));
  const detail = detailOf(2);
  const { h: dh } = detail.errors;

  test('is by size first, then by value from both ends', () => {
    let sorting = nextSorting({ column: 'unit', key: 'index', descending: false }, 'dh');
    const seen: [string, number[]][] = [];
    for (let times = 0; times < 4; times++) {
      seen.push([sortingText(sorting), sortedUnits(columns, detail, H, sorting).map((unit) => dh[unit])]);
      sorting = nextSorting(sorting, 'dh');
    }
    const values = Array.from(dh);
    const bySize = values.toSorted((one, other) => Math.abs(other) - Math.abs(one));
    const up = values.toSorted((one, other) => one - other);
    assert.deepEqual(seen, [
      ['largest |value| first', bySize],
      ['largest value first', up.toReversed()],
      ['smallest value first', up],
      ['largest |value| first', bySize],
    ]);
  });

  test('is their own by their own column, one way and the other, and where the column is not shown', () => {
    const units = Array.from({ length: H }, (_, unit) => unit);
    const up = nextSorting({ column: 'dh', key: 'value', descending: true }, 'unit');
    assert.deepEqual(sortedUnits(columns, detail, H, up), units);
    const down = nextSorting(up, 'unit');
    assert.deepEqual(
      [sortingText(down), sortedUnits(columns, detail, H, down)],
      ['last unit first', units.toReversed()],
    );
    assert.deepEqual(sortedUnits(columns, detail, H, { column: 'dh_f', key: 'magnitude', descending: true }), units);
  });
});

test('the table is saved in the order of the screen, with what it belongs to and all digits', () => {
  const run = { description: description(), network: NETWORK } as MirroredRun;
  const groups = unitGroups(NETWORK, 1, WAY_BACK);
  const detail = detailOf(T - 1);
  const order = [2, 0, 1];
  const data = unitTableData(groups, detail, run, { layer: 1, order });
  assert.equal(data.name, 'text-cell-12-stream-0-t-5');
  assert.deepEqual([data.about.t, data.about.N, data.about.layer], [T - 1, 1, 1]);
  assert.deepEqual(data.columns, ['unit', 'da-own', 'da-future', 'da', 'a', 'slope-a', 'dh']);
  assert.deepEqual(
    data.rows,
    order.map((unit) => {
      const [a, da] = [detail.now.a[unit], detail.errors.a[unit]];
      return [unit, detail.own.a[unit], 0, da, a, 1 - a * a, detail.errors.h[unit]];
    }),
  );
  const [names, first] = asTabbed(data).split('\n');
  assert.equal(names, data.columns.join('\t'));
  assert.deepEqual(first.split('\t').map(Number), data.rows[0]);
});
