import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { importNetwork } from '../../../../src/runs/import/stateDict.ts';
import { vocabularyInFile, vocabularyInMetadata } from '../../../../src/runs/import/vocabulary.ts';
import { assertClose } from '../../model/vectors.ts';
import { BY_APPEARANCE, fileOfNetwork, FIRST_LOSS, firstLoss, runOf, SHUFFLED, V, VECTOR } from './pytorchNetwork.ts';

const IDS = Object.fromEntries(SHUFFLED.map((symbol, id) => [symbol, id]));
const SYMBOLS = Object.fromEntries(SHUFFLED.map((symbol, id) => [id, symbol]));
const CODES = SHUFFLED.map((symbol) => symbol.codePointAt(0));
const LIST = [...SHUFFLED];
const json = JSON.stringify;
/** As Python's `repr` writes a character. */
const repr = (symbol: string): string => (symbol === '\n' ? String.raw`'\n'` : symbol === "'" ? `"'"` : `'${symbol}'`);

/** One metadata each: what common programs write, all of the same vocabulary. */
const FORMS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '{char: id}': { vocab: json(IDS) },
  '{id: char}': { vocab: json(SYMBOLS) },
  'a list of characters': { chars: json(LIST) },
  'a list of code points': { vocabulary: json(CODES) },
  '{id: code point}': { vocab: json(Object.fromEntries(CODES.map((code, id) => [id, code]))) },
  'ids as text': { stoi: json(Object.fromEntries(SHUFFLED.map((symbol, id) => [symbol, String(id)]))) },
  'pairs in any order': { vocab: json(Object.entries(IDS).toReversed()) },
  'all symbols as text': { chars: LIST.join('') },
  'all symbols as JSON text': { alphabet: json(LIST.join('')) },
  'one a line': { vocab: LIST.join('\n') },
  'one a line, the last line ended': { vocab: `${LIST.join('\n')}\n` },
  'one a line, with CR': { vocab: LIST.join('\r\n') },
  'one a line, the line break written out': {
    vocab: LIST.map((symbol) => (symbol === '\n' ? String.raw`\n` : symbol)).join('\n'),
  },
  stoi: { stoi: json(IDS) },
  itos: { itos: json(SYMBOLS) },
  'itos as a list': { itos: json(LIST) },
  char2int: { char2int: json(IDS) },
  int2char: { int2char: json(SYMBOLS) },
  char_to_idx: { char_to_idx: json(IDS) },
  idx_to_char: { idx_to_char: json(SYMBOLS) },
  char_to_ix: { char_to_ix: json(IDS) },
  ix_to_char: { ix_to_char: json(SYMBOLS) },
  charToIndex: { charToIndex: json(IDS) },
  token2id: { token2id: json(IDS) },
  id2char: { id2char: json(SYMBOLS) },
  char_indices: { char_indices: json(IDS) },
  indices_char: { indices_char: json(SYMBOLS) },
  'JSON inside config': { config: json({ hidden_size: 24, vocab: IDS, vocab_size: V }) },
  'nested JSON inside config': { config: json({ model: { H: 24 }, data: { tokenizer: { itos: LIST } } }) },
  'stoi and itos inside config': { config: json({ stoi: IDS, itos: SYMBOLS }) },
  'meta of nanoGPT': { meta: json({ vocab_size: V, itos: SYMBOLS, stoi: IDS }) },
  'stoi and itos under vocab': { vocab: json({ stoi: IDS, itos: SYMBOLS }) },
  'vocab.json of char-rnn': { data: json({ token_to_idx: IDS, idx_to_token: SYMBOLS }) },
  'str of a dict': { vocab: `{${SHUFFLED.map((symbol, id) => `${repr(symbol)}: ${id}`).join(', ')}}` },
  'str of a dict by ids': { itos: `{${SHUFFLED.map((symbol, id) => `${id}: ${repr(symbol)}`).join(', ')}}` },
  'str of a list': { chars: `[${SHUFFLED.map(repr).join(', ')}]` },
  'str of a tuple': { chars: `(${SHUFFLED.map(repr).join(', ')})` },
  'a second good key beside an unusable first one': { vocab: 'vocab.json', stoi: json(IDS) },
  'a good key beside one of another size': { chars: json(['a', 'b']), idx_to_char: json(SYMBOLS) },
  'a good key beside a number': { vocab: String(V), chars: json(LIST) },
  'a good key beside a table of words': { vocabulary: json({ the: 0, of: 1 }), chars: json(LIST) },
};

suite('the vocabulary of an imported network', () => {
  for (const [form, metadata] of Object.entries(FORMS)) {
    test(`as ${form} gives PyTorch's loss`, () => {
      assertClose([firstLoss(SHUFFLED, metadata)], [FIRST_LOSS], 1e-9, form);
    });
  }

  test('is that of a file in the same forms, whatever the metadata say', () => {
    const wrong = json([...SHUFFLED].reverse());
    for (const [form, metadata] of Object.entries(FORMS)) {
      if (Object.keys(metadata).length > 1) continue;
      const [key, text] = Object.entries(metadata)[0];
      for (const content of [text, `\uFEFF${text}`, `{"${key}": ${json(text)}}`]) {
        const said = { vocabulary: { name: 'vocab.json', text: content } };
        const isWrapped = content.startsWith(`{"${key}"`);
        // Within JSON, JSON as text is what nobody writes.
        if (isWrapped && !/^all symbols as text|^one a line/.test(form)) continue;
        assertClose([firstLoss(SHUFFLED, { chars: wrong }, said)], [FIRST_LOSS], 1e-9, `${form} in a file`);
      }
    }
    const { assumptions } = importNetwork(fileOfNetwork(SHUFFLED, {}), 'net', {
      vocabulary: { name: 'vocab.json', text: json(IDS) },
    });
    assert.match(assumptions.join(' '), /vocabulary is that of the file "vocab\.json", as was chosen at the import/);
  });

  test('in another order is not the network: its loss is far above guessing', () => {
    const wrong = firstLoss(SHUFFLED, { chars: json([...SHUFFLED].reverse()) });
    assert.ok(wrong > Math.log(V) + 1 && wrong > 6 * FIRST_LOSS, String(wrong));
  });

  test('is the order of the code points or of the text where a person says so', () => {
    assertClose([firstLoss(VECTOR.vocabulary, {}, { order: 'codepoints' })], [FIRST_LOSS], 1e-9, 'code points');
    assertClose([firstLoss(BY_APPEARANCE, {}, { order: 'appearance' })], [FIRST_LOSS], 1e-9, 'appearance');
    assert.ok(firstLoss(BY_APPEARANCE, {}, { order: 'codepoints' }) > Math.log(V));
    assert.ok(firstLoss(VECTOR.vocabulary, {}, { order: 'appearance' }) > Math.log(V));
  });

  test('of nowhere is asked for: nothing begins without an answer', () => {
    const network = importNetwork(fileOfNetwork(SHUFFLED, { vocab: String(V), tokenizer: 'char' }), 'net.safetensors');
    assert.deepEqual([network.vocabulary, network.vocabularyProblem], [undefined, undefined]);
    assert.throws(() => runOf(network), /net\.safetensors does not say what its 19 symbols are/);
  });

  test('that is there and cannot be the network’s is refused with what is wrong', () => {
    const problem = (metadata: Record<string, string>): string => {
      const network = importNetwork(fileOfNetwork(SHUFFLED, metadata), 'net.safetensors');
      assert.equal(network.vocabulary, undefined);
      assert.throws(() => runOf(network), /net\.safetensors has a vocabulary that cannot be its own\. (The|What)/);
      return network.vocabularyProblem ?? '';
    };
    const shifted = Object.fromEntries(SHUFFLED.map((symbol, id) => [symbol, id + 1]));
    const withGap = { ...IDS, [SHUFFLED[3]]: V + 5 };
    const twice = { ...IDS, [SHUFFLED[3]]: 4 };
    const doubled = [...LIST.slice(0, -1), LIST[0]];
    const words = ['word', ...LIST.slice(1)];
    for (const [metadata, expected] of [
      [
        { vocab: json(LIST.slice(1)) },
        /^The metadata "vocab" cannot be its symbols: they are 18 symbols, and the network has 19\.$/,
      ],
      [{ config: json({ stoi: { ...IDS, '?': V } }) }, /"config\.stoi".*20 symbols/],
      [{ stoi: json(shifted) }, /no symbol has the id 0: the ids go from 1 to 19, where 0 to 18 are expected/],
      [{ stoi: json(withGap) }, /no symbol has the id 3/],
      [{ stoi: json(twice) }, /the id 4 is given to .* and to /],
      [{ chars: json(doubled) }, /is in them twice/],
      [{ chars: `{${LIST.map((symbol) => `${json(symbol)}: 1`).join()}, "a": 2}` }, /is in them twice/],
      [{ chars: json(words) }, /"word" is not one character/],
      [{ chars: LIST.slice(0, -2).join('') }, /17 symbols/],
      [{ vocabulary: json({ tokens: 'bytes', codes: [1, 2] }) }, /of 2 symbols for a network of 19/],
      [
        { stoi: json(IDS), itos: json([...LIST].reverse()) },
        /contradicts itself: the id 0 is .* in the metadata "stoi" and .* in the metadata "itos"/,
      ],
    ] as const) {
      assert.match(problem(metadata), expected);
    }
  });

  test('that lacks symbols of the text is refused by the text', () => {
    const network = importNetwork(fileOfNetwork(SHUFFLED, { stoi: json(IDS) }), 'net.safetensors');
    assert.throws(
      () => runOf(network, `${VECTOR.text} Zzyx`),
      /"text\.txt" has characters that are not in the network's vocabulary: "Z" \(U\+005A\)/,
    );
  });

  test('in a file that holds none is refused with the forms that are known', () => {
    for (const text of ['', '{}', '{"hidden_size": 24}', '[1, 2, 3]', 'vocab.json', '"', '{"a": 0}']) {
      const vocabulary = { name: 'vocab.json', text };
      assert.throws(
        () => importNetwork(fileOfNetwork(SHUFFLED, {}), 'net', { vocabulary }),
        /InputError: The file "vocab\.json" (holds no vocabulary|cannot be its symbols).*A vocabulary is a JSON list/,
      );
    }
  });
});

suite('forms of vocabularies', () => {
  const found = (metadata: Record<string, string>, size: number) =>
    vocabularyInMetadata(new Map(Object.entries(metadata)), size);
  const symbolsOf = (metadata: Record<string, string>, size: number): string[] => {
    const vocabulary = found(metadata, size);
    assert.ok(vocabulary.kind === 'found', JSON.stringify(vocabulary));
    return vocabulary.fileIds
      .map((id, at) => [id, vocabulary.vocabulary.codes[at]])
      .sort(([one], [other]) => one - other)
      .map(([, code]) => String.fromCodePoint(code));
  };

  test('code points, not UTF-16, decide the order', () => {
    // U+1F600 is after U+FF01, and its first unit before.
    const sorted = ['a', '！', '😀'];
    const vocabulary = found({ chars: json(sorted) }, 3);
    assert.ok(vocabulary.kind === 'found');
    assert.deepEqual(vocabulary.vocabulary.codes, [0x61, 0xff01, 0x1f600]);
    assert.deepEqual(vocabulary.fileIds, [0, 1, 2]);
    assert.deepEqual(symbolsOf({ chars: json([...sorted].sort()) }, 3), ['a', '😀', '！']);
  });

  test('escaped symbols as names are told apart, also after JSON.parse has confused itself', () => {
    // In V8 12.8 and later: from then on the engine reads some escaped names as a backslash.
    for (const key of ['h', 'a', '"', '0']) JSON.parse(json({ [key]: [], '\\': 0 }));
    const symbols = ['a', '\r', '\n', '"', '\\', '\t', '/', "'", '\u2028', '\u0000', '😀'];
    for (const first of ['h', 'a', '0']) {
      const listed = [first, ...symbols.filter((symbol) => symbol !== first)];
      const ids = Object.fromEntries(listed.map((symbol, id) => [symbol, id]));
      assert.deepEqual(symbolsOf({ config: json({ stoi: ids }) }, listed.length), listed);
    }
    assert.deepEqual(symbolsOf({ vocab: String.raw`{"\u000a": 0, "\/": 1, "\ud83d\ude00": 2, "\f": 3}` }, 4), [
      '\n',
      '/',
      '😀',
      '\f',
    ]);
  });

  test('digits as symbols are no ids', () => {
    assert.deepEqual(symbolsOf({ stoi: '{"1": 0, "0": 1}' }, 2), ['1', '0']);
    assert.deepEqual(symbolsOf({ itos: '{"0": "2", "1": "0", "2": "1"}' }, 3), ['2', '0', '1']);
    assert.deepEqual(symbolsOf({ stoi: '{"0": "2", "1": "0", "2": "1"}' }, 3), ['1', '2', '0']);
    const either = found({ vocab: '{"0": "2", "1": "0", "2": "1"}' }, 3);
    assert.match(either.kind === 'unfit' ? either.why : '', /as ids of symbols and as symbols of ids/);
    assert.deepEqual(symbolsOf({ vocab: '{"0": "1", "1": "0"}' }, 2), ['1', '0']);
  });

  test('the 256 bytes are bytes', () => {
    const all = Array.from({ length: 256 }, (_, byte) => byte);
    const vocabulary = found({ vocab: json(all) }, 256);
    assert.deepEqual(vocabulary.kind === 'found' && vocabulary.vocabulary, { tokens: 'bytes', codes: all });
  });

  test('symbols that are no characters are kept beside those of the text, and said', () => {
    const vocabulary = found({ stoi: json({ '<pad>': 0, a: 1, '<unk>': 2, b: 3, '': 4 }) }, 5);
    assert.ok(vocabulary.kind === 'found');
    assert.deepEqual(vocabulary.vocabulary.codes, [0x61, 0x62, 0xf0000, 0xf0001, 0xf0002]);
    assert.deepEqual(vocabulary.fileIds, [1, 3, 0, 2, 4]);
    assert.match(
      vocabulary.notes.join(' '),
      /stands for no character is kept.*"<pad>" as U\+F0000, "<unk>" as U\+F0001/,
    );
    const taken = found({ chars: json(['\u{f0000}', '<unk>']) }, 2);
    assert.deepEqual(taken.kind === 'found' && taken.vocabulary.codes, [0xf0000, 0xf0001]);
    assert.equal(found({ chars: json(['<pad>', '<unk>']) }, 2).kind, 'unfit');
  });

  test('any symbols survive every form', () => {
    const characters = fc.uniqueArray(
      fc
        .oneof(
          fc.constantFrom('\n', '\r', '"', "'", '\\', '{', '0', '7', '😀'),
          fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
        )
        .filter((symbol) => Array.from(symbol).length === 1),
      { minLength: 3, maxLength: 40 },
    );
    fc.assert(
      fc.property(characters, (symbols) => {
        const ids = Object.fromEntries(symbols.map((symbol, id) => [symbol, id]));
        const forms: Record<string, string>[] = [
          { stoi: json(ids) },
          { itos: json(Object.fromEntries(symbols.map((symbol, id) => [id, symbol]))) },
          { chars: json(symbols) },
          { itos: json(symbols.map((symbol) => symbol.codePointAt(0))) },
          { chars: symbols.join('') },
          { config: json({ chars: symbols.join('') }) },
        ];
        for (const form of forms) assert.deepEqual(symbolsOf(form, symbols.length), symbols, json(form));
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  test('a file is damaged or strange and is still no crash', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.string().map((text) => `{'${text}': 0, 1: ["a",`),
        ),
        fc.integer({ min: 1, max: 40 }),
        (text, size) => {
          assert.ok(['found', 'unfit'].includes(vocabularyInFile(text, 'x', size).kind));
        },
      ),
      { seed: 4, numRuns: 500 },
    );
  });

  test('as many symbols as a network may have are read', () => {
    const many = Array.from({ length: 20_000 }, (_, i) => String.fromCodePoint(0x4e00 + i));
    assert.deepEqual(symbolsOf({ chars: json(many) }, 20_000), many);
  });
});
