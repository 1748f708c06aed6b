import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { InputError } from '../../../src/common/inputError.ts';
import { checkText, decodeText } from '../../../src/text/decode.ts';

const MIXED = 'Grüße aus Zürich! Ça va? Привет, мир. 你好，世界。 I ♥ RNNs 😀.\n'.repeat(40);

function fixture(name: string): Uint8Array {
  return readFileSync(new URL(`../../fixtures/text/${name}`, import.meta.url));
}

function utf16(text: string, littleEndian: boolean): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(2 * text.length + 2));
  bytes.setUint16(0, 0xfeff, littleEndian);
  for (let at = 0; at < text.length; at++) bytes.setUint16(2 * at + 2, text.charCodeAt(at), littleEndian);
  return new Uint8Array(bytes.buffer);
}

function refused(message: RegExp, remedy?: unknown) {
  return (error: unknown) => {
    assert.ok(error instanceof InputError);
    assert.match(error.message, message);
    assert.deepEqual(error.remedy, remedy);
    return true;
  };
}

/** A file that is no text can be trained on as bytes. */
const ON_BYTES = { setting: 'tokens', value: 'bytes', label: 'Train on bytes' };

suite('decoding a file', () => {
  const wellFormed = fc
    .string({ unit: 'binary' })
    .map((text) => text.replaceAll('\0', ''))
    .filter((text) => !text.startsWith('\uFEFF'));

  test('UTF-8 gives the text back, with and without byte order mark', () => {
    fc.assert(
      fc.property(wellFormed, (text) => {
        assert.equal(decodeText(Buffer.from(text, 'utf8'), 'f'), text);
        assert.equal(decodeText(Buffer.from(`\uFEFF${text}`, 'utf8'), 'f'), text);
      }),
    );
  });

  test('UTF-16 with byte order mark gives the text back in either byte order, lone surrogates too', () => {
    const anyUnits = fc.array(fc.integer({ min: 1, max: 0xffff })).map((units) => String.fromCharCode(...units));
    fc.assert(
      fc.property(anyUnits, fc.boolean(), (text, littleEndian) => {
        assert.equal(decodeText(utf16(text, littleEndian), 'f'), text);
      }),
    );
  });

  test('a surrogate pair across the pieces of a long UTF-16 text stays whole', () => {
    const text = `x${'😀'.repeat(20_000)}`;
    assert.equal(decodeText(utf16(text, true), 'f'), text);
  });

  test('only the first byte order mark is taken off', () => {
    assert.equal(decodeText(Buffer.from('\uFEFF\uFEFFa', 'utf8'), 'f'), '\uFEFFa');
    assert.equal(decodeText(utf16('\uFEFFa', false), 'f'), '\uFEFFa');
  });

  for (const name of ['utf8-bom.txt', 'utf16le.txt', 'utf16be.txt']) {
    test(`${name} holds the same text as the others`, () => assert.equal(decodeText(fixture(name), name), MIXED));
  }

  test('arbitrary bytes are decoded as the platform does, or refused exactly where the platform refuses', () => {
    const platform = new TextDecoder('utf-8', { fatal: true });
    const nearlyUtf8 = fc.array(
      fc.oneof(
        fc.constantFrom(0x61, 0xc2, 0xe0, 0xed, 0xf0, 0xf4, 0x80, 0x90, 0xa0, 0xbf),
        fc.integer({ min: 1, max: 255 }),
      ),
    );
    fc.assert(
      fc.property(nearlyUtf8, (values) => {
        const bytes = Uint8Array.from(values);
        if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) return;
        let expected: string | undefined;
        try {
          expected = platform.decode(bytes);
        } catch {
          assert.throws(() => decodeText(bytes, 'f'), refused(/not valid UTF-8/, ON_BYTES));
          return;
        }
        assert.equal(decodeText(bytes, 'f'), expected);
      }),
      { numRuns: 2000 },
    );
  });

  test('invalid UTF-8 is refused with the file, the byte and its offset', () => {
    const bytes = fixture('invalid-utf8.txt');
    // 300 lines of seven bytes, then "Gr" and the Latin-1 byte of ü.
    assert.throws(
      () => decodeText(bytes, 'invalid-utf8.txt'),
      refused(
        /"invalid-utf8\.txt" is not valid UTF-8: the byte \\xFC at offset 2402 .*Save .* as UTF-8.*--encoding/,
        ON_BYTES,
      ),
    );
  });

  test('UTF-16 of an odd number of bytes is refused with that number', () => {
    assert.throws(
      () => decodeText(fixture('odd-utf16le.txt'), 'odd-utf16le.txt'),
      refused(/"odd-utf16le\.txt" is not valid UTF-16 little-endian.* 1161 bytes, an odd number/),
    );
  });
});

suite('checking a text', () => {
  test('an empty file is refused', () => {
    assert.throws(
      () => checkText(decodeText(fixture('empty.txt'), 'e'), 'empty.txt'),
      refused(/"empty\.txt" is empty/),
    );
    assert.throws(() => checkText(decodeText(utf16('', true), 'e'), 'mark.txt'), refused(/"mark\.txt" is empty/));
  });

  test('a binary file is refused with the position of its first NUL', () => {
    const bytes = fixture('binary.txt');
    assert.throws(
      () => decodeText(bytes, 'binary.txt'),
      refused(/"binary\.txt" is not a text file: .* at offset 7\./, ON_BYTES),
    );
    // An editor decodes leniently what is no valid UTF-8, and the text that it shows is checked.
    const shown = new TextDecoder().decode(bytes);
    assert.throws(() => checkText(shown, 'binary.txt'), refused(/"binary\.txt" is not a text file: .* at offset 7\./));
  });

  test('UTF-16 without byte order mark is refused with the way out', () => {
    const bytes = utf16('plain', true).subarray(2);
    assert.throws(
      () => checkText(decodeText(bytes, 'f'), 'f'),
      refused(/NUL character at offset 1\. .*save it as UTF-8/, ON_BYTES),
    );
  });

  test('one distinct character is refused and named, also where it is a surrogate pair', () => {
    const text = decodeText(fixture('one-character.txt'), 'one-character.txt');
    assert.throws(() => checkText(text, 'one-character.txt'), refused(/"one-character\.txt" .* "a" \(U\+0061\)/));
    assert.throws(() => checkText('😀😀', 'f'), refused(/"😀" \(U\+1F600\)/));
    assert.throws(() => checkText('\n\n', 'f'), refused(/one distinct character, U\+000A,/));
    assert.throws(() => checkText('\uD83D\uD83D', 'f'), refused(/one distinct character, U\+D83D,/));
  });

  test('two distinct characters are enough', () => {
    assert.doesNotThrow(() => checkText('aaaaaab', 'f'));
    assert.doesNotThrow(() => checkText('😀😁', 'f'));
    assert.doesNotThrow(() => checkText('😀\uD83D', 'f'));
  });
});
