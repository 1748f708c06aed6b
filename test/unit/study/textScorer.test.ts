import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { RandomStream } from '../../../src/common/random.ts';
import { createReferenceKernels } from '../../../src/kernels/reference.ts';
import { parameterSizes } from '../../../src/model/tensors.ts';
import type { Capture, CharacterScores } from '../../../src/protocol/study.ts';
import { TextScorer } from '../../../src/study/textScorer.ts';
import type { Tokens } from '../../../src/text/vocabulary.ts';
import { PLAIN_DESCENT } from './windowStudyCaptures.ts';
import { BUNDLES } from '../kernels/built.ts';
import { NETWORK, PARAMETER_NAMES } from '../../tanh.ts';

const UTF8 = new TextEncoder();

/** A network of random parameters, uniform on ±scale/√H, with an excerpt that names its symbols by their codes. */
class Scene {
  readonly scorer = new TextScorer({ folder: BUNDLES });
  readonly capture: Capture;
  readonly codes: readonly number[];
  readonly tokens: Tokens;
  readonly #parameters: Float32Array<ArrayBuffer>;

  constructor(codes: readonly number[], H: number, tokens: Tokens = 'characters', scale = 1) {
    const random = RandomStream.seeded(7, 'initialization');
    const V = codes.length;
    this.codes = codes;
    this.tokens = tokens;
    const count = Object.values(parameterSizes(NETWORK, { V, H })).reduce((sum, size) => sum + size, 0);
    this.#parameters = Float32Array.from({ length: count }, () => (scale * (2 * random.uniform() - 1)) / Math.sqrt(H));
    this.capture = {
      iteration: 42,
      cell: 'tanh',
      layers: 1,
      shape: { V, H, T: 3, B: 2 },
      reduction: 'mean',
      parameters: this.#parameters,
      states: new Float32Array(2 * H),
      inputs: new Int32Array(6),
      targets: new Int32Array(6),
      positions: new Float64Array(2),
      optimizer: PLAIN_DESCENT,
    };
    this.scorer.take({
      tokens,
      codes: [...codes],
      training: new Uint16Array(),
      trainingCharacters: 0,
      validation: new Uint16Array(),
    });
  }

  ask(before: string, text: string): { scores: CharacterScores; units: readonly number[] } {
    const work = this.scorer.score({ iteration: 42, before, text }, this.capture);
    const units: number[] = [];
    for (;;) {
      const result = work.next();
      if (result.done === true) return { scores: result.value, units };
      units.push(result.value);
    }
  }

  /** The float64 reference after it read one symbol after the other, from a state of zeros. */
  #read(ids: readonly number[]): ReturnType<typeof createReferenceKernels>['activations'] {
    const shape = { ...this.capture.shape, T: ids.length, B: 1 };
    const reference = createReferenceKernels({ network: NETWORK, shape, reduction: 'sum', optimizer: 'sgd' });
    const sizes = parameterSizes(NETWORK, shape);
    let at = 0;
    for (const name of PARAMETER_NAMES) {
      reference.parameters[name].set(this.#parameters.subarray(at, at + sizes[name]));
      at += sizes[name];
    }
    reference.window.inputs.set(ids);
    reference.window.targets.set(ids.slice(1));
    reference.forward();
    return reference.activations;
  }

  /** (ids, V): ŷ of the reference after each symbol. */
  expectedAfter(ids: readonly number[]): Float64Array {
    return this.#read(ids).yhat;
  }

  /** −log of the probability of each symbol after all before it; NaN for the first. */
  lossesOf(ids: readonly number[]): number[] {
    const { stepLoss } = this.#read(ids);
    return ids.map((_, at) => (at === 0 ? NaN : stepLoss[at - 1]));
  }

  idsOf(text: string): number[] {
    const codes = this.tokens === 'bytes' ? [...UTF8.encode(text)] : codesOf(text);
    return codes.map((code) => this.codes.indexOf(code));
  }
}

const codesOf = (text: string): number[] => Array.from(text, (character) => character.codePointAt(0) ?? 0);
const LETTERS = codesOf('\n abcdefghijklmnopqrstuvwxyz');

function randomText(length: number, codes: readonly number[], seed = 3): string {
  const random = RandomStream.seeded(seed, 'text');
  return Array.from({ length }, () => String.fromCodePoint(codes[random.integer(codes.length)])).join('');
}

function assertLosses(actual: ArrayLike<number>, expected: readonly number[]): void {
  assert.equal(actual.length, expected.length);
  expected.forEach((loss, at) => {
    const isSame = Number.isNaN(loss) ? Number.isNaN(actual[at]) : Math.abs(actual[at] - loss) < 1e-4;
    assert.ok(isSame, `character ${at}: ${actual[at]} nats, expected ${loss}`);
  });
}

suite('the scorer of a text', () => {
  // The spectral radius of W_ah is about scale/√3: at 1.6 the network still knows in which state it was a hundred symbols ago.
  for (const scale of [1, 1.6]) {
    test(`gives the losses of the reference that reads one character after the other, to 1e-4, at scale ${scale}`, () => {
      const scene = new Scene(LETTERS, 33, 'characters', scale);
      const before = randomText(200, LETTERS);
      const text = randomText(5000, LETTERS, 4);
      const { scores, units } = scene.ask(before, text);
      assertLosses(scores.lossNats, scene.lossesOf(scene.idsOf(before + text)).slice(before.length));
      assert.deepEqual(
        [...scores.offsets],
        Array.from({ length: 5000 }, (_, at) => at),
      );
      assert.equal(scores.iteration, 42);
      // A window of 16 steps of 16 streams, or of one.
      const step = 33 * (33 + LETTERS.length);
      assert.deepEqual(
        units.filter((unit) => unit !== 16 * 16 * step && unit !== 16 * step),
        [],
      );
      assert.ok(units.reduce((sum, unit) => sum + unit, 0) >= 5000 * step, `${units.length} windows`);
    });
  }

  test('gives the five likeliest symbols of the reference with their probabilities, likeliest first', () => {
    const scene = new Scene(LETTERS, 16);
    const text = randomText(300, LETTERS);
    const { topIds, topProbability } = scene.ask('', text).scores;
    const yhat = scene.expectedAfter(scene.idsOf(text));
    const V = LETTERS.length;
    for (let character = 1; character < text.length; character++) {
      const row = Array.from(yhat.subarray((character - 1) * V, character * V), (probability, id) => ({
        id,
        probability,
      }));
      row.sort((one, other) => other.probability - one.probability);
      for (let rank = 0; rank < 5; rank++) {
        assert.equal(topIds[character * 5 + rank], row[rank].id);
        assert.ok(Math.abs(topProbability[character * 5 + rank] - row[rank].probability) < 1e-6);
      }
    }
  });

  test('knows nothing of the first character of a file, and all of the one after it', () => {
    const scene = new Scene(LETTERS, 8);
    const { lossNats, topIds, topProbability } = scene.ask('', 'ab').scores;
    assertLosses(lossNats, scene.lossesOf(scene.idsOf('ab')));
    assert.deepEqual([...topIds.subarray(0, 5)], [-1, -1, -1, -1, -1]);
    assert.deepEqual([...topProbability.subarray(0, 5)], [0, 0, 0, 0, 0]);
  });

  test('a single character after what stands before it is scored as in its text', () => {
    const scene = new Scene(LETTERS, 8);
    const before = randomText(200, LETTERS);
    const { lossNats } = scene.ask(before, 'q').scores;
    assertLosses(lossNats, scene.lossesOf(scene.idsOf(`${before}q`)).slice(-1));
  });

  test('after a character that is not in the vocabulary the network reads on from zeros', () => {
    const scene = new Scene(LETTERS, 12);
    const { lossNats, topIds } = scene.ask('xyz', 'ab?cdé?ef').scores;
    const first = scene.lossesOf(scene.idsOf('xyzab')).slice(3);
    const losses = [
      ...[...first, NaN],
      ...[...scene.lossesOf(scene.idsOf('cd')), NaN, NaN],
      ...scene.lossesOf(scene.idsOf('ef')),
    ];
    assertLosses(lossNats, losses);
    // What the network expected instead of the unknown character is known; after it nothing is.
    assert.notEqual(topIds[2 * 5], -1);
    assert.equal(topIds[3 * 5], -1);
    assert.equal(topIds[6 * 5], -1);
  });

  test('an unknown character before the text makes it begin from zeros', () => {
    const scene = new Scene(LETTERS, 12);
    assertLosses(scene.ask('xyz?cd', 'ef').scores.lossNats, scene.lossesOf(scene.idsOf('cdef')).slice(2));
    assertLosses(scene.ask('xyz?', 'ef').scores.lossNats, scene.lossesOf(scene.idsOf('ef')));
  });

  test('offsets are UTF-16 units, of characters outside of the basic plane too', () => {
    const codes = codesOf('ab𝄞😀');
    const scene = new Scene(codes, 8);
    const { scores } = scene.ask('ab', 'a😀b𝄞a');
    assert.deepEqual([...scores.offsets], [0, 1, 3, 4, 6]);
    assertLosses(scores.lossNats, scene.lossesOf(scene.idsOf('aba😀b𝄞a')).slice(2));
    // Four symbols have no fifth alternative.
    assert.equal(scores.topIds[4], -1);
    assert.notEqual(scores.topIds[3], -1);
    assert.equal(scores.topProbability[4], 0);
  });

  test('as bytes, the loss of a character is the sum over its bytes, and the alternatives are of its first', () => {
    const codes = [...new Set(UTF8.encode('ab é😀'))].sort((one, other) => one - other);
    const scene = new Scene(codes, 10, 'bytes');
    const text = 'aé😀b';
    const { scores } = scene.ask('ab', text);
    const byByte = scene.lossesOf(scene.idsOf(`ab${text}`)).slice(2);
    const sum = (from: number, to: number): number => byByte.slice(from, to).reduce((total, loss) => total + loss, 0);
    assertLosses(scores.lossNats, [sum(0, 1), sum(1, 3), sum(3, 7), sum(7, 8)]);
    assert.deepEqual([...scores.offsets], [0, 1, 2, 4]);
    const yhat = scene.expectedAfter(scene.idsOf(`ab${text}`));
    // 'é' begins at the fourth byte: what is expected after the third.
    const row = yhat.subarray(2 * codes.length, 3 * codes.length);
    assert.equal(scores.topIds[5], row.indexOf(Math.max(...row)));
  });

  test('a character of which one byte is unknown is unknown as a whole', () => {
    const codes = [...UTF8.encode('ab')].concat(UTF8.encode('é')[0]);
    const scene = new Scene(codes, 6, 'bytes');
    const { lossNats } = scene.ask('a', 'béab').scores;
    assertLosses(lossNats, [scene.lossesOf(scene.idsOf('ab'))[1], NaN, ...scene.lossesOf(scene.idsOf('ab'))]);
    // The second byte of é is known here, as that of ©; the network reads on after the whole character all the same.
    const others = new Scene([...UTF8.encode('ab©')], 6, 'bytes');
    assertLosses(others.ask('a', 'béb').scores.lossNats, [others.lossesOf(others.idsOf('ab'))[1], NaN, NaN]);
  });

  test('losses beyond what float32 probabilities hold are right', () => {
    const scene = new Scene(codesOf('ab'), 4, 'characters', 900);
    const text = randomText(12, codesOf('ab'), 9);
    const yhat = scene.expectedAfter(scene.idsOf(text));
    const improbable = scene.idsOf(text).some((id, at) => at > 0 && yhat[(at - 1) * 2 + id] < 1e-45);
    assert.ok(improbable, 'the text holds something that float32 gives the probability 0');
    const { lossNats } = scene.ask('', text).scores;
    const expected = scene.lossesOf(scene.idsOf(text));
    for (let at = 1; at < text.length; at++) {
      const least = Math.max(1e-4, 1e-5 * expected[at]);
      assert.ok(Math.abs(lossNats[at] - expected[at]) < least, `${lossNats[at]} nats, expected ${expected[at]}`);
    }
  });

  test('a window of a large network is of fewer steps: no unit of the work is long', () => {
    const scene = new Scene(LETTERS, 1024);
    const largest = Math.max(...scene.ask('', randomText(70, LETTERS)).units);
    // Of 16 streams, but not of 16 steps.
    assert.ok(largest > 16 * 1024 * 1024 && largest <= 2e8, `${largest} multiplications`);
  });

  test('a capture of another shape than the run is refused', () => {
    const scene = new Scene(LETTERS, 8);
    const question = { iteration: 42, before: '', text: 'ab' } as const;
    const short = { ...scene.capture, parameters: scene.capture.parameters.subarray(1) };
    assert.throws(() => scene.scorer.score(question, short).next(), RangeError);
    const other = { ...scene.capture, shape: { ...scene.capture.shape, V: 5 } };
    assert.throws(() => scene.scorer.score(question, other).next(), RangeError);
    assert.throws(() => new TextScorer({ folder: BUNDLES }).score(question, scene.capture).next(), /not known yet/);
  });

  test('an empty text has no characters', () => {
    assert.equal(new Scene(LETTERS, 8).ask('abc', '').scores.lossNats.length, 0);
  });
});
