import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { SymbolText } from '../../../src/host/editor/symbolText.ts';
import type { Tokens } from '../../../src/text/vocabulary.ts';

const UTF8 = new TextEncoder();

interface Place {
  readonly from: number;
  readonly to: number;
  /** Symbols before the character, and in it. */
  readonly symbol: number;
  readonly symbols: number;
}

/** Every character of a text, counted one after the other from its beginning. */
function counted(text: string, tokens: Tokens): Place[] {
  const places: Place[] = [];
  let from = 0;
  let symbol = 0;
  for (const character of text) {
    const symbols = tokens === 'characters' ? 1 : UTF8.encode(character).length;
    places.push({ from, to: from + character.length, symbol, symbols });
    from += character.length;
    symbol += symbols;
  }
  return places;
}

function assertMapped(text: string, tokens: Tokens): void {
  const mapped = new SymbolText(text, tokens);
  const places = counted(text, tokens);
  assert.equal(
    mapped.symbols,
    places.reduce((sum, { symbols }) => sum + symbols, 0),
  );
  for (const { from, to, symbol, symbols } of places) {
    for (let offset = from; offset < to; offset++) {
      assert.deepEqual(mapped.characterAt(offset), { from, to });
      assert.equal(mapped.symbolAt(offset), symbol);
    }
    for (let at = symbol; at < symbol + symbols; at++) assert.deepEqual(mapped.characterOf(at), { from, to });
  }
  const end = { from: text.length, to: text.length };
  assert.deepEqual(mapped.characterAt(text.length), end);
  assert.deepEqual(mapped.characterOf(mapped.symbols), end);
  assert.equal(mapped.symbolAt(text.length), mapped.symbols);
}

suite('the text of a document in symbols', () => {
  for (const tokens of ['characters', 'bytes'] as const) {
    test(`${tokens}: agrees with counting from the beginning, for any text`, () => {
      // Units of all kinds, so that surrogates stand alone, too.
      const unit = fc.constantFrom('a', '\n', '\r', 'é', '漢', '\ud83d', '\ude00', '😀');
      fc.assert(
        fc.property(fc.array(unit, { maxLength: 60 }), (units) => assertMapped(units.join(''), tokens)),
        { seed: 1, numRuns: 200 },
      );
    });

    // Pairs lie across every multiple of the units between two counts: with one unit in front they do not.
    for (const [name, text] of [
      ['pairs', '😀'.repeat(5000)],
      ['pairs after one unit', `a${'😀'.repeat(5000)}`],
      ['two bytes', 'é'.repeat(4096)],
      ['ASCII', 'abcdefg\r\n'.repeat(1000)],
      ['one pair at the end', `${'a'.repeat(4095)}😀`],
      ['as many units as a count', `é${'a'.repeat(2047)}`],
    ] as const) {
      test(`${tokens}: agrees with counting in a long text of ${name}`, () => assertMapped(text, tokens));
    }

    test(`${tokens}: an empty text has no symbol`, () => {
      const mapped = new SymbolText('', tokens);
      assert.equal(mapped.symbols, 0);
      assert.deepEqual(mapped.characterOf(0), { from: 0, to: 0 });
    });
  }
});
