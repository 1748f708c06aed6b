import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InputError } from '../../../src/common/inputError.ts';
import { CASES, missing, operationsPerCharacter } from '../../bench/cases.ts';
import { fastest, fastestOfEach } from '../../bench/choose.ts';
import type { Contestant } from '../../bench/contestant.ts';
import { parseFlags } from '../../bench/flags.ts';
import { sideBySide, turns } from '../../bench/pairs.ts';
import { formatTable } from '../../bench/table.ts';
import { withVocabulary } from '../../bench/text.ts';

const SECTIONS = ['check', 'throughput'];

test('every second round goes the other way round', () => {
  assert.deepEqual(turns(3, 0), [0, 1, 2]);
  assert.deepEqual(turns(3, 1), [2, 1, 0]);
  assert.deepEqual(turns(3, 2), [0, 1, 2]);
});

test('the rate of contestants side by side is the sum of theirs, even where their pieces end at different times', async () => {
  const contestant = (characters: number, seconds: number): Contestant => ({
    name: 'one',
    run: () => Promise.resolve({ characters, seconds }),
    close: () => Promise.resolve(),
  });
  const both = sideBySide('both', [contestant(100, 1), contestant(600, 3)]);
  const { characters, seconds } = await both.run(1);
  assert.equal(characters / seconds, 300);
});

test('the fastest is one with a figure', () => {
  const looks = [
    { name: 'a', choice: 1, outcome: 5 },
    { name: 'b', choice: 2, outcome: 'it is missing' },
    { name: 'c', choice: 3, outcome: 8 },
  ];
  assert.equal(fastest(looks)?.choice, 3);
  assert.equal(fastest([looks[1]]), undefined);
  assert.equal(fastest([]), undefined);
  assert.equal(fastest(looks, 1.5)?.choice, 3);
  assert.equal(fastest(looks, 1.7)?.choice, 1);
  assert.equal(fastest(looks.slice(1), 2)?.choice, 3);
});

test('every way to use NumPy takes part with its best threads, PyTorch with the better of its ways', () => {
  const look = (framework: 'numpy' | 'torch', variant: string, blas: number, outcome: number) => ({
    name: `${framework} ${variant} ${blas}`,
    choice: { framework, variant, threads: { blas, operations: 1 } },
    outcome,
  });
  const looks = [
    look('numpy', 'batched', 1, 10),
    look('numpy', 'batched', 2, 20),
    look('numpy', 'by step', 1, 4),
    look('numpy', 'by step', 2, 3),
    look('torch', 'one-hot', 1, 5),
    look('torch', 'unrolled', 2, 6),
  ];
  assert.deepEqual(
    fastestOfEach(looks).map(({ name }) => name),
    ['numpy batched 2', 'numpy by step 1', 'torch unrolled 2'],
  );
});

test('the cases are settings that the trainer accepts, and an unknown kernel is missing with the reason', () => {
  for (const { settings } of CASES) assert.equal(missing(settings), undefined);
  assert.match(missing({ kernels: 'abacus' }) ?? '', /kernels is "abacus"/);
  assert.match(missing({ abacus: 1 }) ?? '', /no setting "abacus"/);
});

test('the operations of a character are three products with each large matrix', () => {
  // 2 operations for each of H·H and of V·H numbers, once forward and twice backward.
  assert.equal(operationsPerCharacter({ hiddenSize: 256 }, 65), 3 * 2 * (256 * 256 + 65 * 256));
  // Four matrices of the layer below and four of the step before.
  const twoLayers = { hiddenSize: 256, cell: 'lstm', layers: 2 };
  assert.equal(operationsPerCharacter(twoLayers, 65), 3 * 2 * (12 * 256 * 256 + 65 * 256));
});

test('a text gets as many different characters as asked for, and keeps those it has', () => {
  assert.equal(new Set(withVocabulary('abc\n', 65)).size, 65);
  assert.ok(withVocabulary('abc\n', 65).startsWith('abc\n'));
  assert.equal(withVocabulary('abc\n', 3), 'abc\n');
});

test('a table is aligned, the first column to the left', () => {
  const table = formatTable({ title: 'T', columns: ['', 'n'], rows: [['long', '1'], ['s', '1,000']] }); // oxfmt-ignore
  assert.equal(table, 'T\n            n\n  long      1\n  s     1,000');
});

test('flags are parsed', () => {
  const flags = parseFlags(['--quick', '--only', 'check,throughput', '--json', 'a.json'], SECTIONS);
  assert.equal(flags.quick, true);
  assert.deepEqual(flags.only, ['check', 'throughput']);
  assert.equal(flags.json, 'a.json');
  assert.deepEqual(parseFlags([], SECTIONS).only, []);
  assert.deepEqual(parseFlags(['--quality', 'f', '--seconds', '7.5'], SECTIONS).quality, { file: 'f', seconds: 7.5 });
});

test('flags that say nothing sensible are refused by name', () => {
  const refused = (pattern: RegExp, ...argv: string[]) =>
    assert.throws(
      () => parseFlags(argv, SECTIONS),
      (error) => error instanceof InputError && pattern.test(error.message),
    );
  refused(/"nope"; the sections are check, throughput/, '--only', 'nope');
  refused(/--frob/, '--frob');
  refused(/--seconds belongs to --quality/, '--seconds', '5');
  for (const seconds of ['0', '-1', 'x', '', 'Infinity']) {
    refused(/a number of seconds above 0/, '--quality', 'f', `--seconds=${seconds}`);
  }
  refused(/runs by itself/, '--quality', 'f', '--only', 'check');
});
