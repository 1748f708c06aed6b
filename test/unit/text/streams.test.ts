import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { InputError, settingsOf } from '../../../src/common/inputError.ts';
import type { IdSource } from '../../../src/text/ids.ts';
import { splitIds, Streams } from '../../../src/text/streams.ts';
import { trajectoryVector, TRAJECTORIES } from '../model/vectors.ts';
import { allOf, idsOf, read, tokenize } from './tokens.ts';

/** Ids that tell their own position, so that a window shows from where it was read. */
function positions(length: number): Uint16Array {
  return Uint16Array.from({ length }, (_, at) => at);
}

function windowOf(T: number, B: number) {
  return { inputs: new Int32Array(T * B), targets: new Int32Array(T * B) };
}

const fitting = fc
  .record({ T: fc.integer({ min: 1, max: 12 }), B: fc.integer({ min: 1, max: 6 }), extra: fc.nat(100) })
  .map(({ T, B, extra }) => ({ T, B, N: B * T + 1 + extra }));

suite('streams', () => {
  test('an epoch reads every stream contiguously from its start, each target being the symbol after its input', () => {
    fc.assert(
      fc.property(fitting, ({ T, B, N }) => {
        const S = Math.floor((N - 1) / B);
        const streams = new Streams(idsOf(positions(N)), T, B);
        const window = windowOf(T, B);
        const read: number[][] = Array.from({ length: B }, () => []);
        for (let k = 0; k < streams.iterationsPerEpoch; k++) {
          assert.equal(streams.next(window), k === 0);
          for (let t = 0; t < T; t++) {
            for (let b = 0; b < B; b++) {
              read[b].push(window.inputs[t * B + b]);
              assert.equal(window.targets[t * B + b], window.inputs[t * B + b] + 1);
            }
          }
        }
        const whole = S - (S % T);
        assert.equal(streams.position, whole);
        read.forEach((ids, b) => assert.deepEqual(ids, [...positions(N).subarray(b * S, b * S + whole)]));
        assert.ok(S - whole < T, 'no further window was left');
        assert.equal(streams.next(window), true);
        assert.deepEqual([window.inputs[0], streams.position], [0, T]);
      }),
    );
  });

  test('ten symbols in two streams of four, three at a time', () => {
    const streams = new Streams(idsOf(positions(10)), 3, 2);
    const window = windowOf(3, 2);
    assert.deepEqual([streams.length, streams.iterationsPerEpoch], [4, 1]);
    assert.equal(streams.next(window), true);
    assert.deepEqual([...window.inputs], [0, 4, 1, 5, 2, 6]);
    assert.deepEqual([...window.targets], [1, 5, 2, 6, 3, 7]);
    assert.equal(streams.next(window), true);
    assert.deepEqual([...window.inputs], [0, 4, 1, 5, 2, 6]);
  });

  test('the smallest text that fits is B·T+1 long, and one less is refused', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 40 }), (T, B) => {
        assert.ok(Streams.fits(B * T + 1, T, B));
        assert.ok(!Streams.fits(B * T, T, B));
        assert.throws(() => new Streams(idsOf(positions(B * T)), T, B), RangeError);
        assert.throws(() => Streams.checkFits(B * T, T, B, 'f'), new RegExp(`needs at least ${B * T + 1}\\.`));
      }),
    );
  });

  test('a text that is too short is refused with a sequence length and a batch size that fit', () => {
    assert.throws(
      () => Streams.checkFits(118, 50, 32, 'too-short.txt'),
      new InputError(
        '"too-short.txt" is too short: its training part has 118 characters, and sequenceLength 50 with batchSize 32 ' +
          'needs at least 1601. It fits with sequenceLength 50 and batchSize 2, the largest.',
        { setting: 'batchSize', value: 2, label: 'Use batch size 2' },
      ),
    );
  });

  test('where no batch size fits, both are offered', () => {
    const refusal = (N: number, T: number, B: number): InputError => {
      try {
        Streams.checkFits(N, T, B, 'f');
      } catch (error) {
        if (error instanceof InputError) return error;
      }
      return assert.fail('not refused');
    };
    assert.deepEqual(refusal(41, 50, 4).remedy, {
      setting: 'sequenceLength',
      value: 40,
      also: { setting: 'batchSize', value: 1 },
      label: 'Use sequence length 40, batch size 1',
    });
    assert.match(refusal(41, 50, 4).message, /It fits with sequenceLength 40, the longest, and batchSize 1\.$/);
    assert.deepEqual(refusal(41, 50, 1).remedy, {
      setting: 'sequenceLength',
      value: 40,
      label: 'Use sequence length 40',
    });
    assert.equal(refusal(1, 50, 32).remedy, undefined);
    assert.match(refusal(1, 50, 32).message, /has 1 character, .*at least 2 characters/);
  });

  test('the remedy, and the pair that the message names, fit at once', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 3000 }),
        fc.integer({ min: 1, max: 2048 }),
        fc.integer({ min: 1, max: 1024 }),
        (N, T, B) => {
          if (Streams.fits(N, T, B)) return;
          assert.throws(
            () => Streams.checkFits(N, T, B, 'f'),
            ({ remedy, message }: InputError) => {
              assert.ok(remedy !== undefined);
              const settings = { sequenceLength: T, batchSize: B, ...Object.fromEntries(settingsOf(remedy)) };
              assert.ok(Streams.fits(N, settings.sequenceLength, settings.batchSize));
              const named = /fits with sequenceLength (\d+).* and batchSize (\d+)/.exec(message);
              assert.deepEqual(named?.slice(1).map(Number), [settings.sequenceLength, settings.batchSize]);
              return true;
            },
          );
        },
      ),
    );
  });

  test('validation is the tail of the text, and training never sees it', () => {
    const ids = idsOf(positions(1000));
    const { training, validation } = splitIds(ids, 0.1);
    assert.deepEqual([training.length, validation.length, ...read(validation, 0, 2)], [900, 100, 900, 901]);
    assert.deepEqual([...allOf(training), ...allOf(validation)], [...positions(1000)]);
    assert.equal(read(validation.readers(3)[2], 5, 1)[0], 905);
    assert.equal(splitIds(ids, 0).validation.length, 0);
    // 0.29 · 100 is 28.999… in binary.
    assert.equal(splitIds(idsOf(positions(100)), 0.29).validation.length, 29);
  });

  test('measures a million characters of a validation part, however long it is', () => {
    const long: IdSource = {
      length: 10 ** 9,
      memoryBytes: 0,
      read: (start, into) => into.fill(start),
      readers: () => [],
    };
    const { training, validation } = splitIds(long, 0.1);
    assert.deepEqual([training.length, validation.length], [900_000_000, 1_000_000]);
    assert.equal(read(validation, 7, 1)[0], 900_000_007);
  });

  for (const name of TRAJECTORIES) {
    test(`starts again at the iterations of ${name}`, () => {
      const trajectory = trajectoryVector(name);
      const { T, B } = trajectory;
      const { vocabulary, source } = tokenize(trajectory.text, 'characters', name);
      assert.deepEqual(vocabulary.symbols, trajectory.vocabulary);
      const streams = new Streams(source, T, B);
      const window = windowOf(T, B);
      const startedAt: number[] = [];
      for (let k = 0; k < trajectory.iterations; k++) if (streams.next(window)) startedAt.push(k);
      assert.deepEqual(startedAt, [0, ...trajectory.expected.stateResetAt]);
    });
  }
});
