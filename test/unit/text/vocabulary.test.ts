import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { InputError } from '../../../src/common/inputError.ts';
import { decodeText } from '../../../src/text/decode.ts';
import { Vocabulary } from '../../../src/text/vocabulary.ts';
import { tokenize } from './tokens.ts';

const BOTH = ['characters', 'bytes'] as const;
/** Texts that `tokenize` accepts: two distinct characters at least, and no NUL. */
const wellFormed = fc.string({ unit: 'binary' }).map((text) => `ab${text.replaceAll('\0', '')}`);
const anyUnits = fc
  .array(fc.oneof(fc.integer({ min: 1, max: 0xffff }), fc.integer({ min: 0xd7f0, max: 0xe010 })))
  .map((units) => `ab${String.fromCharCode(...units)}`);

function fixture(name: string): string {
  return decodeText(readFileSync(new URL(`../../fixtures/text/${name}`, import.meta.url)), name);
}

function ones(length: number): number[] {
  return new Array<number>(length).fill(1);
}

suite('vocabulary', () => {
  test('ids decode to the text again, for both tokens', () => {
    fc.assert(
      fc.property(wellFormed, fc.constantFrom(...BOTH), (text, tokens) => {
        const { vocabulary, ids } = tokenize(text, tokens, 'f');
        const decoded = vocabulary.decode(ids, ones(ids.length));
        assert.equal(decoded.characters.join(''), text);
        assert.equal(decoded.probability.length, decoded.characters.length);
        assert.deepEqual([...vocabulary.encode(text)], [...ids]);
      }),
    );
  });

  test('code points are never split, and a lone surrogate is a symbol of its own', () => {
    fc.assert(
      fc.property(anyUnits, (text) => {
        const { vocabulary, ids } = tokenize(text, 'characters', 'f');
        // The string iterator of the language is the outside authority on code points.
        assert.deepEqual(vocabulary.decode(ids, ones(ids.length)).characters, Array.from(text));
      }),
    );
    const astral = tokenize(fixture('astral.txt'), 'characters', 'astral.txt').vocabulary;
    assert.ok(astral.symbols.includes('😀') && astral.symbols.includes('𝔄'));
    assert.ok(astral.symbols.every((symbol) => Array.from(symbol).length === 1 && !/^[\uD800-\uDFFF]$/.test(symbol)));
  });

  test('symbols are the distinct ones of the whole text, sorted by code point and not by UTF-16 unit', () => {
    fc.assert(
      fc.property(anyUnits, (text) => {
        const expected = [...new Set(text)].sort((a, b) => Number(a.codePointAt(0)) - Number(b.codePointAt(0)));
        assert.deepEqual(tokenize(text, 'characters', 'f').vocabulary.symbols, expected);
      }),
    );
    assert.deepEqual(tokenize('\uFFFD😀a', 'characters', 'f').vocabulary.symbols, ['a', '\uFFFD', '😀']);
  });

  test('bytes are those of UTF-8, labelled as themselves only where they are printable ASCII', () => {
    const { vocabulary, ids } = tokenize('~é\n â', 'bytes', 'f');
    assert.deepEqual(vocabulary.symbols, ['\\x0A', ' ', '~', '\\xA2', '\\xA9', '\\xC3']);
    assert.deepEqual([...ids], [2, 5, 4, 0, 1, 5, 3]);
  });

  test('as bytes, a lone surrogate becomes the replacement character', () => {
    const { vocabulary, ids } = tokenize('a\uD800', 'bytes', 'f');
    assert.deepEqual(vocabulary.decode(ids, ones(4)).characters, ['a', '\uFFFD']);
  });

  test('bytes that form a character are joined with the product of their probabilities', () => {
    const { vocabulary, ids } = tokenize('a€😀', 'bytes', 'f');
    const decoded = vocabulary.decode(ids, [0.5, 0.5, 0.25, 0.5, 1, 0.5, 0.5, 0.125]);
    assert.deepEqual(decoded, { characters: ['a', '€', '😀'], probability: [0.5, 0.0625, 0.03125] });
  });

  test('bytes that form no character are shown one by one, and what follows is not lost', () => {
    const { vocabulary } = tokenize('a€', 'bytes', 'f'); // 61 82 AC E2
    assert.deepEqual(vocabulary.symbols, ['a', '\\x82', '\\xAC', '\\xE2']);
    const [a, x82, xAC, xE2] = [0, 1, 2, 3];
    const shown = (...ids: number[]) => vocabulary.decode(ids, ones(ids.length)).characters;
    assert.deepEqual(shown(xE2, x82, a), ['\\xE2', '\\x82', 'a']);
    assert.deepEqual(shown(xAC, xE2, xE2, x82, xAC), ['\\xAC', '\\xE2', '€']);
    assert.deepEqual(shown(a, xE2, x82), ['a', '\\xE2', '\\x82']);
  });

  test('ids take one byte up to 256 symbols and two above', () => {
    const symbols = (count: number) =>
      Array.from({ length: count }, (_, id) => String.fromCodePoint(0x100 + id)).join('');
    const small = tokenize(symbols(256), 'characters', 'f');
    const large = tokenize(symbols(257), 'characters', 'f');
    assert.deepEqual([small.source.memoryBytes, large.source.memoryBytes], [256, 2 * 257]);
    assert.deepEqual([small.ids[255], large.ids[256]], [255, 256]);
  });

  test('a text longer than one piece keeps every id in its place', () => {
    const text = `a${'😀b'.repeat(50_000)}c`;
    const { ids } = tokenize(text, 'characters', 'f');
    assert.equal(ids.length, 100_002);
    assert.ok(ids.every((id, at) => id === (at === 0 ? 0 : at === 100_001 ? 2 : at % 2 === 1 ? 3 : 1)));
  });

  test('a prompt with a character outside the vocabulary is refused by naming each, once', () => {
    const message = (tokens: (typeof BOTH)[number], prompt: string) => {
      let caught: unknown;
      try {
        tokenize('abcé\n', tokens, 'f').vocabulary.encode(prompt);
      } catch (error) {
        caught = error;
      }
      assert.ok(caught instanceof InputError);
      return caught.message;
    };
    assert.match(message('characters', 'ab€'), /^The character "€" \(U\+20AC\) does not occur/);
    assert.match(
      message('characters', 'ab€x€\t'),
      /^The characters "€" \(U\+20AC\), "x" \(U\+0078\) and U\+0009 do not occur .* Leave them out\.$/,
    );
    assert.match(message('bytes', 'aé€x'), /^The characters "€" \(U\+20AC\) and "x" \(U\+0078\) do not occur/);
    const many = String.fromCodePoint(...Array.from({ length: 60 }, (_, at) => 0x4e00 + at));
    assert.match(message('characters', many), /"丱" \(U\+4E31\) and 10 more do not occur/);
    assert.match(message('characters', 'a\t'), /character U\+0009 does not occur/);
    assert.match(message('characters', '😀'), /"😀" \(U\+1F600\)/);
  });

  test('more than 20,000 different characters are refused with the number and the remedy of training on bytes', () => {
    const text = fixture('large-vocabulary.txt');
    assert.throws(
      () => tokenize(text, 'characters', 'large-vocabulary.txt'),
      (error) => {
        assert.ok(error instanceof InputError);
        assert.match(error.message, /"large-vocabulary\.txt" has 20001 different characters; at most 20000/);
        assert.deepEqual(error.remedy, { setting: 'tokens', value: 'bytes', label: 'Train on bytes' });
        return true;
      },
    );
    assert.ok(tokenize(text, 'bytes', 'large-vocabulary.txt').vocabulary.size <= 256);
    assert.equal(tokenize(text.replaceAll('\n', ''), 'characters', 'f').vocabulary.size, 20_000);
  });

  test('a text that cannot be trained on is refused before anything is made of it', () => {
    assert.throws(() => tokenize('', 'characters', 'empty.txt'), /"empty\.txt" is empty/);
    assert.throws(() => tokenize('aaa', 'bytes', 'f'), /one distinct character/);
    assert.throws(() => tokenize('a\0b', 'bytes', 'f'), /NUL character at offset 1/);
  });

  test('a vocabulary of stored codes reads what the first one wrote', () => {
    const { vocabulary, ids } = tokenize('hello, 😀', 'characters', 'f');
    const codes = vocabulary.symbols.map((symbol) => Number(symbol.codePointAt(0)));
    assert.deepEqual([...new Vocabulary('characters', codes).encode('hello, 😀')], [...ids]);
  });
});
