import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { InputError } from '../../../src/common/inputError.ts';
import { encodingByMark, type UnicodeEncoding } from '../../../src/text/decode.ts';
import { BLOCK } from '../../../src/text/ids.ts';
import type { Tokens } from '../../../src/text/vocabulary.ts';
import { read, tokenized, tokenize } from './tokens.ts';

const TOKENS = ['characters', 'bytes'] as const;

/** Two distinct characters at least, without NUL, and without a mark at the beginning, which would be taken off. */
const wellFormed = fc.string({ unit: 'binary' }).map((text) => `ab${text.replaceAll('\0', '')}`);
const anyUnits = fc
  .array(fc.oneof(fc.integer({ min: 1, max: 0xffff }), fc.integer({ min: 0xd7f0, max: 0xe010 })))
  .map((units) => `ab${String.fromCharCode(...units)}`);

function utf16(text: string, littleEndian: boolean): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(2 * text.length));
  for (let at = 0; at < text.length; at++) bytes.setUint16(2 * at, text.charCodeAt(at), littleEndian);
  return new Uint8Array(bytes.buffer);
}

/** The bytes cut at the places given, in order; places beyond the end and double ones give empty pieces. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const borders = [0, ...places.map((place) => Math.min(place, bytes.length)).sort((a, b) => a - b), bytes.length];
  return borders.slice(1).map((end, index) => bytes.subarray(borders[index], end));
}
const places = fc.array(fc.nat(60), { maxLength: 30 });

function tokenizeBytes(pieces: readonly Uint8Array[], tokens: Tokens, encoding?: UnicodeEncoding) {
  // Pieces are read into the same memory again and again.
  const room = new Uint8Array(Math.max(...pieces.map((piece) => piece.length)));
  return tokenized(
    tokens,
    'f',
    (tokenizer) => {
      for (const piece of pieces) {
        room.set(piece);
        tokenizer.pushBytes(room.subarray(0, piece.length));
        room.fill(0xff);
      }
    },
    encoding,
  );
}

/** Symbols and ids as the language's own string iterator and encoder give them. */
function expectedOf(text: string, tokens: Tokens): { codes: number[]; ids: number[] } {
  const all =
    tokens === 'bytes'
      ? [...Buffer.from(text, 'utf8')]
      : Array.from(text, (character) => Number(character.codePointAt(0)));
  const codes = [...new Set(all)].sort((a, b) => a - b);
  const idOf = new Map(codes.map((code, id) => [code, id]));
  return { codes, ids: all.map((code) => idOf.get(code) ?? assert.fail()) };
}

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof InputError, String(error));
    return error.message;
  }
  return 'accepted';
}

suite('a text in pieces of bytes', () => {
  const encodings: Record<
    string,
    { readonly of: fc.Arbitrary<string>; readonly bytes: (text: string) => Uint8Array; said?: UnicodeEncoding }
  > = {
    'UTF-8': { of: wellFormed, bytes: (text) => Buffer.from(text, 'utf8') },
    'UTF-8 with its mark': { of: wellFormed, bytes: (text) => Buffer.from(`\uFEFF${text}`, 'utf8') },
    'UTF-16 little-endian by its mark': { of: anyUnits, bytes: (text) => utf16(`\uFEFF${text}`, true) },
    'UTF-16 big-endian by its mark': { of: anyUnits, bytes: (text) => utf16(`\uFEFF${text}`, false) },
    'UTF-16 little-endian as it is said to be': { of: anyUnits, bytes: (text) => utf16(text, true), said: 'utf-16le' },
    'UTF-16 big-endian as it is said to be': { of: anyUnits, bytes: (text) => utf16(text, false), said: 'utf-16be' },
    'UTF-16 by its mark, whatever it is said to be': {
      of: anyUnits,
      bytes: (text) => utf16(`\uFEFF${text}`, true),
      said: 'utf-16be',
    },
  };
  for (const [name, { of, bytes, said }] of Object.entries(encodings)) {
    test(`in ${name} gives the same symbols and ids wherever it is cut`, () => {
      fc.assert(
        fc.property(of, places, fc.constantFrom(...TOKENS), (text, where, tokens) => {
          const { vocabulary, ids } = tokenizeBytes(cut(bytes(text), where), tokens, said);
          const expected = expectedOf(text, tokens);
          assert.deepEqual(vocabulary.codes, expected.codes);
          assert.deepEqual([...ids], expected.ids);
        }),
        { seed: 4, numRuns: 120 },
      );
    });
  }

  test('as text gives the same symbols and ids too, lone surrogates among them', () => {
    fc.assert(
      fc.property(anyUnits, fc.constantFrom(...TOKENS), (text, tokens) => {
        const { vocabulary, ids } = tokenize(text, tokens, 'f');
        const expected = expectedOf(text, tokens);
        assert.deepEqual([vocabulary.codes, [...ids]], [expected.codes, expected.ids]);
      }),
      { seed: 5 },
    );
  });

  test('of bytes that are no UTF-8 is refused with the first such byte and its offset, wherever it is cut', () => {
    // What stands alone, is cut short, overlong, a surrogate or too large; then the text goes on with a letter.
    const wrong = ['80', 'bf', 'c0af', 'c1bf', 'c3', 'e282', 'ed a080', 'f09f98', 'f4908080', 'f5', 'ff', 'fe'];
    const invalid = fc.constantFrom(...wrong.map((hex) => Buffer.from(hex.replaceAll(' ', ''), 'hex')));
    fc.assert(
      fc.property(wellFormed, wellFormed, invalid, fc.boolean(), places, (before, after, bytes, isLast, where) => {
        const head = Buffer.from(before, 'utf8');
        const all = Buffer.concat([head, bytes, Buffer.from(isLast ? '' : after, 'utf8')]);
        const byte = bytes[0].toString(16).toUpperCase();
        const message = messageOf(() => tokenizeBytes(cut(all, where), 'characters'));
        assert.ok(
          message.startsWith(`"f" is not valid UTF-8: the byte \\x${byte} at offset ${head.length} belongs`),
          message,
        );
        assert.throws(() => new TextDecoder('utf-8', { fatal: true }).decode(all));
      }),
      { seed: 6, numRuns: 300 },
    );
  });

  test('with a NUL is refused with its offset, wherever it is cut', () => {
    fc.assert(
      fc.property(wellFormed, wellFormed, places, (before, after, where) => {
        const utf8 = Buffer.from(`${before}\0${after}`, 'utf8');
        const offset = Buffer.byteLength(before);
        assert.match(
          messageOf(() => tokenizeBytes(cut(utf8, where), 'characters')),
          new RegExp(`"f" is not a text file: .* at offset ${offset}\\.`),
        );
        // Of UTF-16 the units are counted.
        assert.match(
          messageOf(() => tokenizeBytes(cut(utf16(`\uFEFF${before}\0${after}`, true), where), 'characters')),
          new RegExp(`"f" is not a text file: .* at offset ${before.length}\\.`),
        );
      }),
      { seed: 7 },
    );
  });

  test('is said to be binary rather than invalid where a NUL follows closely, in the same piece or a later one', () => {
    const bytes = (distance: number) =>
      Buffer.concat([Buffer.of(0x61, 0xff), Buffer.alloc(distance - 1, 'x'), Buffer.of(0)]);
    for (const pieces of [[], [2], [1000], [2, 3, 5000]]) {
      assert.match(
        messageOf(() => tokenizeBytes(cut(bytes(60_000), pieces), 'characters')),
        /NUL .* offset 60001\./,
      );
      assert.match(
        messageOf(() => tokenizeBytes(cut(bytes(70_000), pieces), 'characters')),
        /byte \\xFF at offset 1 /,
      );
    }
  });

  test('of invalid bytes is refused soon, before all of it is read', () => {
    assert.throws(
      () =>
        tokenized('characters', 'f', (tokenizer) => {
          for (let piece = 0; piece < 10; piece++) {
            tokenizer.pushBytes(Buffer.alloc(20_000, piece === 0 ? 0xff : 'x'));
            assert.ok(piece < 4, 'it goes on for more than it should');
          }
        }),
      /byte \\xFF at offset 0 /,
    );
  });

  test('of UTF-16 with half a character at its end is refused with the number of bytes', () => {
    const bytes = utf16('\uFEFFabc', false).subarray(0, 7);
    for (const where of [[], [1], [6], [2, 3, 4, 5, 6]]) {
      assert.match(
        messageOf(() => tokenizeBytes(cut(bytes, where), 'characters')),
        /not valid UTF-16 big-endian, which its byte order mark says it is: it has 7 bytes, an odd number/,
      );
    }
    assert.match(
      messageOf(() => tokenizeBytes([bytes.subarray(2)], 'characters', 'utf-16be')),
      /not valid UTF-16 big-endian: it has 5 bytes/,
    );
  });

  test('that is empty, or a mark alone, or shorter than one, is refused as it is', () => {
    for (const bytes of [[], [0xef, 0xbb, 0xbf], [0xff, 0xfe]]) {
      assert.match(
        messageOf(() => tokenizeBytes([Uint8Array.from(bytes)], 'characters')),
        /"f" is empty/,
      );
    }
    assert.match(
      messageOf(() => tokenizeBytes([Buffer.of(0xef, 0xbb)], 'characters')),
      /byte \\xEF at offset 0 /,
    );
    assert.match(
      messageOf(() => tokenizeBytes([Buffer.of(0x61)], 'characters')),
      /one distinct character, "a"/,
    );
  });

  test('of one distinct character, or byte, is refused', () => {
    assert.match(
      messageOf(() => tokenizeBytes(cut(Buffer.from('éééé'), [3, 5]), 'characters')),
      /one distinct character, "é" \(U\+00E9\)/,
    );
    assert.match(
      messageOf(() => tokenizeBytes(cut(Buffer.alloc(9, 0xe9), [3, 5]), 'bytes')),
      /one distinct byte, \\xE9, /,
    );
    assert.equal(
      messageOf(() => tokenizeBytes([Buffer.from('éééé')], 'bytes')),
      'accepted',
    );
  });
});

suite('the bytes of a file', () => {
  const anyBytes = fc.uint8Array({ minLength: 2, maxLength: 300 }).filter((bytes) => new Set(bytes).size > 1);

  test('are trained on as they are, whatever they are and wherever they are cut', () => {
    fc.assert(
      fc.property(anyBytes, places, (bytes, where) => {
        // A mark of UTF-8 is none of the text; UTF-16 by its mark has its own test.
        if (encodingByMark(bytes) !== undefined) return;
        const { vocabulary, ids } = tokenizeBytes(cut(bytes, where), 'bytes');
        assert.deepEqual(vocabulary.bytes(ids), bytes);
        assert.deepEqual(
          vocabulary.codes,
          [...new Set(bytes)].sort((a, b) => a - b),
        );
      }),
      { seed: 9, numRuns: 500 },
    );
  });

  test('are the same for a block and more of them', () => {
    const bytes = Uint8Array.from({ length: 200_001 }, (_, at) => (at * at) >> 3);
    const { vocabulary, ids } = tokenizeBytes(cut(bytes, [70_000, 70_001]), 'bytes');
    assert.equal(Buffer.compare(vocabulary.bytes(ids), bytes), 0);
  });

  test('are those that UTF-16 by its mark has in UTF-8, unless it is no text', () => {
    const marked = (text: string) => utf16(`\uFEFF${text}`, true);
    const bytesOf = (file: Uint8Array, encoding?: UnicodeEncoding) => {
      const { vocabulary, ids } = tokenizeBytes(cut(file, [1, 2, 7]), 'bytes', encoding);
      return Buffer.from(vocabulary.bytes(ids));
    };
    assert.deepEqual(bytesOf(marked('aé€')), Buffer.from('aé€'));
    assert.deepEqual(bytesOf(marked('aé€'.repeat(40_000))), Buffer.from('aé€'.repeat(40_000)));
    const [odd, withNul] = [marked('ab').subarray(0, 5), marked('a\0b')];
    for (const noText of [odd, withNul]) assert.deepEqual(bytesOf(noText), Buffer.from(noText));
    // Where somebody said so, it is UTF-16.
    assert.match(
      messageOf(() => bytesOf(odd, 'utf-16le')),
      /not valid UTF-16/,
    );
    assert.deepEqual(bytesOf(Buffer.from('\uFEFFaé')), Buffer.from('aé'));
  });
});

suite('a text of several blocks', () => {
  test('takes one byte an id until there are more than 256 symbols, and two from that block on', () => {
    const plain = 'ab'.repeat(BLOCK / 2);
    const many = Array.from({ length: 300 }, (_, id) => String.fromCodePoint(0x4e00 + id)).join('');
    const { source, vocabulary } = tokenize(`${plain}${plain}b${many}${plain}c`, 'characters', 'f');
    const rest = 1 + 300 + BLOCK + 1 - BLOCK;
    assert.equal(source.length, 3 * BLOCK + 302);
    assert.equal(source.memoryBytes, 2 * BLOCK + 2 * BLOCK + 2 * rest);
    // The symbols are sorted although those of the first blocks came first, and reading goes across blocks.
    assert.deepEqual(vocabulary.symbols.slice(0, 4), ['a', 'b', 'c', '\u4e00']);
    assert.deepEqual([...read(source, 2 * BLOCK - 2, 6)], [0, 1, 1, 3, 4, 5]);
    assert.deepEqual([...read(source, source.length - 3, 3)], [0, 1, 2]);
    assert.deepEqual([...read(source.readers(2)[1], 2 * BLOCK + 299, 3)], [301, 302, 0]);
  });
});
