import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { aboutText, cellText, stretchText, tablePage } from '../../../src/panel/charts/tablePages.ts';

/** A table whose cells say where they are. */
function table(rows: number, columns: number): { columns: string[]; rows: (string | number)[][] } {
  return {
    columns: Array.from({ length: columns }, (_, column) => `c${column}`),
    rows: Array.from({ length: rows }, (_row, row) =>
      Array.from({ length: columns }, (_, column) => (column === 0 ? `r${row}` : 1000 * row + column)),
    ),
  };
}

describe('the numbers of a picture, page by page', () => {
  it('are all on one page where they are few', () => {
    const page = tablePage(table(3, 2), { rowPage: 0, columnPage: 0 });
    assert.deepEqual(page.head, ['c0', 'c1']);
    assert.deepEqual(page.cells, [
      ['r0', '1'],
      ['r1', '1001'],
      ['r2', '2001'],
    ]);
    assert.equal(stretchText(page.rows, 'row'), '3 rows');
    assert.equal(stretchText(page.columns, 'column'), '1 column');
  });

  it('are all reached by turning the pages, each once, with the name of its row and column', () => {
    const whole = table(333, 40);
    const seen = new Map<string, number>();
    for (let rowPage = 0; rowPage < 4; rowPage++) {
      for (let columnPage = 0; columnPage < 3; columnPage++) {
        const { head, cells } = tablePage(whole, { rowPage, columnPage });
        for (const [name, ...values] of cells) {
          values.forEach((value, index) => {
            const column = Number(head[index + 1].slice(1));
            assert.equal(value, String(1000 * Number(name.slice(1)) + column));
            seen.set(value, (seen.get(value) ?? 0) + 1);
          });
        }
      }
    }
    assert.equal(seen.size, 333 * 39);
    assert.ok([...seen.values()].every((times) => times === 1));
  });

  it('end with the last page, and say which it is', () => {
    const { rows, columns } = tablePage(table(333, 40), { rowPage: 99, columnPage: 99 });
    assert.equal(stretchText(rows, 'row'), 'Rows 301–333 of 333');
    assert.equal(stretchText(columns, 'column'), 'Columns 33–39 of 39');
    assert.deepEqual(tablePage(table(5, 5), { rowPage: -1, columnPage: -1 }).rows, { from: 0, end: 5, of: 5 });
  });

  it('are none of a table without rows', () => {
    const { rows, cells } = tablePage(table(0, 3), { rowPage: 0, columnPage: 0 });
    assert.deepEqual(cells, []);
    assert.equal(stretchText(rows, 'row'), '0 rows');
  });
});

describe('a cell of a table', () => {
  it('has six significant digits, and a whole one all of them', () => {
    assert.deepEqual([0.1 + 0.2, 1 / 3, 1.23456789e-9, -2_000_001, 0, 12_345_678].map(cellText), [
      '0.3',
      '0.333333',
      '1.23457e-9',
      '-2000001',
      '0',
      '12345678',
    ]);
  });

  it('is a word where it is none', () => {
    assert.deepEqual([NaN, Infinity, -Infinity, null, 'ש'].map(cellText), [
      'not a number',
      'infinite',
      '−infinite',
      '',
      'ש',
    ]);
  });

  it('can be seen where it is a space or a line end alone', () => {
    assert.deepEqual([' ', '\n', 'two words'].map(cellText), ['␣', '⏎', 'two words']);
  });
});

it('what the numbers belong to is one line without what is not known', () => {
  assert.equal(aboutText({ about: { file: 'a.txt', V: null, lr: 0.0012345678 } }), 'file a.txt · lr 0.001235');
});
