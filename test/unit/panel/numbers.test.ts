import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { finish } from '../../../src/common/work.ts';
import { windowNumberCount } from '../../../src/network/windowNumbers.ts';
import { rowLabels, rowsOfSideA, rowsOfSideB } from '../../../src/panel/views/numbers/numberRows.ts';
import { numbersData } from '../../../src/panel/views/numbers/numbersData.ts';
import { parseSettings } from '../../../src/protocol/settings.ts';
import type { MirroredRun } from '../../../src/panel/state/mirror.ts';
import { smallWindow } from '../study/smallWindows.ts';
import { description, FACTS } from './fixtures.ts';

const CHOICE = { cell: 'lstm', layers: 2 } as const;
const { network, shape, study } = smallWindow(CHOICE);
const numbers = finish(study.numbers({ iteration: 3, stream: 1 }));

suite('the network in numbers', () => {
  test('has the rows of side A in the order of the forward pass, with the states that come in before the first step', () => {
    const rows = rowsOfSideA(network, shape)(numbers);
    assert.deepEqual(
      rows.map(({ name }) => name),
      [...network.quantities.map(({ name }) => name), 'L'],
    );
    const row = rows.find(({ name }) => name === 'c.2') ?? assert.fail();
    assert.equal(row.markup, 'c⁽²⁾(t)');
    assert.deepEqual(
      [row.at(1, -1), row.at(1, 2)],
      [numbers.carriedIn['c.2'][1], numbers.quantities['c.2'][2 * shape.H + 1]],
    );
    assert.equal(rows[0].at(0, -1), undefined, 'what is no state does not come in');
  });

  test('has the rows of side B in the order of the backward pass, from the logits to the messages', () => {
    const names = rowsOfSideB(network, shape)(numbers).map(({ name }) => name);
    assert.deepEqual(names.slice(0, 3), ['do', 'da.2', 'ds.2']);
    assert.deepEqual(
      names.slice(-4),
      network.states.map((state) => `message_${state}`),
    );
  });

  test('labels classes by their symbols and units by their numbers', () => {
    assert.deepEqual(rowLabels('V', shape, ['\n', 'a']), ['‘⏎’', '‘a’']);
    assert.deepEqual(rowLabels('H', shape, []), ['0', '1']);
  });

  test('is saved as a row for every number', () => {
    const settings = parseSettings({ ...CHOICE, hiddenSize: shape.H, sequenceLength: shape.T, batchSize: shape.B });
    const run = { description: description({ settings }), network } as MirroredRun;
    assert.equal(FACTS.vocabulary.length, shape.V);
    const { name, columns, rows } = numbersData(numbers, run, shape);
    assert.equal(name, 'text-numbers-3-stream-1');
    const { H, T, V } = shape;
    // Besides what is counted there are losses and messages; the errors of the probabilities are not among them.
    const count = windowNumberCount(network, shape) + T + network.states.length * T * H - T * V;
    assert.equal(rows.length, count);
    const of = (quantity: string, t: number | null, row: number, column: number | null): unknown =>
      rows.find((line) => line[0] === quantity && line[1] === t && line[2] === row && line[4] === column)?.[5];
    assert.deepEqual(columns, ['quantity', 't', 'row', 'symbol', 'column', 'value']);
    assert.equal(of('W_xi', null, 1, 2), numbers.parameters.W_xi[1 * V + 2]);
    assert.equal(of('db_f.2', null, 1, null), numbers.gradients['b_f.2'][1]);
    assert.equal(of('yhat', 3, 2, null), numbers.quantities.yhat[3 * V + 2]);
    assert.equal(of('L', 1, 0, null), numbers.lossNats[1]);
  });
});
