import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { csvOf, jsonOf } from '../../../src/panel/charts/pictureFile.ts';
import { safeName, type PictureData } from '../../../src/panel/charts/pictureData.ts';

function data(rows: PictureData['rows'], about: PictureData['about'] = {}): PictureData {
  return { name: 'a', about, columns: ['t', 'character', 'norm'], rows };
}

/** The records of a text after the grammar of RFC 4180, section 2. */
function recordsOf(text: string): string[][] {
  const records: string[][] = [];
  let fields: string[] = [];
  let at = 0;
  while (at < text.length) {
    let field = '';
    if (text[at] === '"') {
      for (at++; text[at] !== '"' || text[at + 1] === '"'; at++) {
        if (text[at] === '"') at++;
        field += text[at];
      }
      at++;
    } else {
      while (text[at] !== ',' && !text.startsWith('\r\n', at)) field += text[at++];
    }
    fields.push(field);
    if (text[at] === ',') {
      at++;
      continue;
    }
    assert.ok(text.startsWith('\r\n', at), `a record ends with CR LF, not ${JSON.stringify(text.slice(at, at + 5))}`);
    at += 2;
    records.push(fields);
    fields = [];
  }
  return records;
}

describe('a picture as CSV', () => {
  it('has its names on the first line after the comments, and one line a row', () => {
    const text = csvOf(
      data(
        [
          [0, 'e', 0.25],
          [1, 'n', null],
        ],
        { file: 'a.txt', T: 2 },
      ),
    );
    assert.equal(text, '# file: a.txt\r\n# T: 2\r\nt,character,norm\r\n0,e,0.25\r\n1,n,\r\n');
  });

  it('spells numbers that are not finite, and writes the others with all their digits', () => {
    const text = csvOf(
      data([
        [NaN, Infinity, -Infinity],
        [0.1 + 0.2, 1e-300, -0.5],
      ]),
    );
    assert.equal(text, 't,character,norm\r\nNaN,Infinity,-Infinity\r\n0.30000000000000004,1e-300,-0.5\r\n');
  });

  it('quotes what would end a field, a line or, for readers that know comments, the row', () => {
    const text = csvOf(
      data([
        [',', '"', '#'],
        ['\r\n', ' ', ''],
      ]),
    );
    assert.equal(text, 't,character,norm\r\n",","""","#"\r\n"\r\n"," ",""\r\n');
  });

  it('keeps what it belongs to on one line each', () => {
    assert.equal(csvOf(data([], { prompt: 'two\r\nlines' })).split('\r\n')[0], '# prompt: two lines');
  });

  it('is read back as it was by the grammar of RFC 4180', () => {
    const value = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.double(), fc.integer(), fc.constant(null));
    const row = fc.array(value, { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(row), (rows) => {
        const [names, ...records] = recordsOf(csvOf(data(rows)));
        assert.deepEqual(names, ['t', 'character', 'norm']);
        assert.deepEqual(
          records,
          rows.map((cells) => cells.map((cell) => (cell === null ? '' : String(cell)))),
        );
      }),
      { seed: 1 },
    );
  });
});

describe('a picture as JSON', () => {
  it('holds what it belongs to, its columns and its rows', () => {
    const picture = data(
      [
        [0, 'e', 0.25],
        [1, '"', null],
      ],
      { file: 'a.txt', T: 2 },
    );
    assert.deepEqual(JSON.parse(jsonOf(picture)), {
      about: { file: 'a.txt', T: 2 },
      columns: ['t', 'character', 'norm'],
      rows: [
        [0, 'e', 0.25],
        [1, '"', null],
      ],
    });
  });

  it('says what is not finite, which JSON itself would make null', () => {
    const { rows } = JSON.parse(jsonOf(data([[NaN, Infinity, -Infinity]]))) as { rows: unknown };
    assert.deepEqual(rows, [['NaN', 'Infinity', '-Infinity']]);
  });
});

describe('the name of a picture’s file', () => {
  it('is one that the boundary to the host lets pass, whatever the text is called', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (name) => {
        assert.match(`${safeName(name)}.json`, /^[\w-]{1,120}\.(csv|json|png|svg)$/);
      }),
      { seed: 1 },
    );
    assert.equal(safeName('Romeo & Juliet (1597)-loss'), 'Romeo-Juliet-1597-loss');
    assert.equal(safeName('紅樓夢'), 'picture');
  });
});
