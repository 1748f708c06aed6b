import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { symbolInCell } from '../../../src/panel/charts/tapeSymbol.ts';

/** A monospaced character is at most so wide in its size: 0.6 in most fonts. */
const WIDTH = 0.6;

describe('a symbol in a cell of the tape', () => {
  it('has the same size as its neighbours where there is room', () => {
    assert.deepEqual(symbolInCell('e', 18, 30), { text: 'e', isByte: false, size: 18 });
    assert.deepEqual(symbolInCell('␣', 18, 30).size, 18);
  });

  it('is two hexadecimal digits, smaller and marked, for a byte', () => {
    const { text, isByte, size } = symbolInCell('\\xE2', 18, 30);
    assert.deepEqual([text, isByte], ['E2', true]);
    assert.ok(size < 18);
  });

  it('is no byte where the text itself has such digits', () => {
    assert.equal(symbolInCell('x', 18, 30).isByte, false);
    assert.equal(symbolInCell('\\', 18, 30).isByte, false);
  });

  it('never runs into its neighbour, however long', () => {
    for (const symbol of ['\\xE2', 'U+200B', '◌́', 'ab']) {
      for (const width of [14, 18, 26, 40, 72]) {
        const { text, size } = symbolInCell(symbol, 19, width);
        assert.ok(Array.from(text).length * WIDTH * size <= width, `${symbol} in ${width} pixels`);
      }
    }
  });
});
