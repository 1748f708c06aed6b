import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { csvFiles } from '../../../../src/runs/export/csv.ts';
import { exported, inspection, rows, T, textOf, validation } from './fixtures.ts';
import { METRIC_NAMES } from '../../../tanh.ts';

const [METRICS, STEP_NORMS] = [0, 1];

/** Comment lines, and the fields of the others: no field of these tables is ever quoted. */
async function tableOf(file: number, ...source: Parameters<typeof exported>) {
  const text = await textOf(csvFiles(exported(...source))[file]);
  assert.ok(text.endsWith('\r\n'));
  const lines = text.slice(0, -2).split('\r\n');
  assert.ok(lines.every((line) => !/[\r\n"]/.test(line)));
  const comments = lines.filter((line) => line.startsWith('#'));
  const [head, ...body] = lines.slice(comments.length).map((line) => line.split(','));
  assert.ok(body.every((fields) => fields.length === head.length));
  return { comments, head, body };
}

suite('the table of metrics', () => {
  test('has a row an iteration, with every digit of every number', async () => {
    const awkward = rows(2, 1);
    awkward.rows.set([1 / 3, 5e-324, Number.MAX_VALUE, NaN, Infinity, -Infinity, -0.1]);
    const { head, body } = await tableOf(METRICS, [rows(0, 2), awkward]);
    assert.deepEqual(head, ['iteration', ...METRIC_NAMES, 'validationNats']);
    assert.deepEqual(
      body.map(([iteration]) => iteration),
      ['0', '1', '2'],
    );
    assert.deepEqual(body[2].slice(1, -1).map(Number), [...awkward.rows]);
    assert.deepEqual(body[2].slice(4, 7), ['NaN', 'Infinity', '-Infinity']);
  });

  test('has a validation loss beside the iteration that the validated network began, however late it came', async () => {
    const records = [rows(0, 3), validation(1, 0.1 + 0.2), rows(3, 1), validation(4, 1.5)];
    const { body } = await tableOf(METRICS, records);
    assert.deepEqual(
      body.map((fields) => fields.at(-1)),
      ['', '0.30000000000000004', '', '', '1.5'],
    );
    // The network that is left after four iterations began none: its row has no metrics.
    assert.deepEqual(body[4], ['4', ...METRIC_NAMES.map(() => ''), '1.5']);
  });

  test('is the same for all ways in which rows came', async () => {
    const one = await tableOf(METRICS, [rows(0, 5000, 9)]);
    const many = await tableOf(
      METRICS,
      Array.from({ length: 5000 }, (_, i) => rows(i, 1, 9)),
    );
    assert.deepEqual(one, many);
  });

  test('says what it belongs to on lines of comment, which no name can leave', async () => {
    const { comments } = await tableOf(METRICS, [rows(0, 1)], { name: 'a\r\n1,2,3\nb' });
    assert.ok(comments.includes('# name: a 1,2,3 b'));
    assert.ok(comments.includes('# file: a.txt'));
    assert.ok(comments.includes('# sequenceLength: 4'));
    assert.ok(comments.some((line) => line.includes('nats per character')));
  });
});

suite('the table of step norms', () => {
  test('has a row for each quantity of each time step, numbers with the digits of a float32', async () => {
    const measured = { type: 'inspection', value: inspection(7, 0.1) } as const;
    const { head, body } = await tableOf(STEP_NORMS, [rows(0, 8), measured]);
    assert.deepEqual(head, ['iteration', 't', 'quantity', 'norm', 'cosine']);
    assert.equal(body.length, 7 * T);
    assert.deepEqual(body[7 + 1], ['7', '1', 'W_ah', '0.109999999', '0.100000001']);
    assert.deepEqual(
      body.slice(0, 7).map(([, , quantity, , cosine]) => [quantity, cosine !== '']),
      ['W_xh', 'W_ah', 'b_h', 'W_ao', 'b_o', 'dh', 'da'].map((name, i) => [name, i < 5]),
    );
    for (const [i, [, t, , norm]] of body.entries()) {
      assert.equal(Math.fround(Number(norm)), measured.value.stepNorm[(i % 7) * T + Number(t)]);
    }
  });

  test('leaves cosines empty that were not measured, and spells one that has no value', async () => {
    const one = inspection(3, 0.5);
    one.stepCosine[2] = NaN;
    const { body } = await tableOf(STEP_NORMS, [
      { type: 'inspection', value: inspection(1) },
      { type: 'inspection', value: one },
    ]);
    assert.ok(body.slice(0, 7 * T).every(([, , , , cosine]) => cosine === ''));
    assert.equal(body.find(([iteration, t, name]) => iteration === '3' && t === '2' && name === 'W_xh')?.[4], 'NaN');
  });
});
