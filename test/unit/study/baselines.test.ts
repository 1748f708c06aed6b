import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { InputError } from '../../../src/common/inputError.ts';
import { RandomStream } from '../../../src/common/random.ts';
import type { Baselines, Excerpt } from '../../../src/protocol/study.ts';
import { fitBaselines } from '../../../src/study/baselines.ts';
import { MAX_FITTED_SYMBOLS } from '../../../src/text/ngrams.ts';
import { splitIds } from '../../../src/text/streams.ts';
import { allOf, tokenize } from '../text/tokens.ts';

/** Too large for the repository; it may lie beside it. */
const SHAKESPEARE = new URL('../../../../shared/data/tinyshakespeare.txt', import.meta.url);

function excerptOf(training: Uint16Array<ArrayBuffer>, validation: Uint16Array<ArrayBuffer>, V: number): Excerpt {
  const codes = Array.from({ length: V }, (_, id) => 97 + id);
  return { tokens: 'characters', codes, training, trainingCharacters: training.length, validation };
}

/** All that a fit says on its way, and its answer as the last. */
function all(excerpt: Excerpt): Baselines[] {
  const said: Baselines[] = [];
  const fit = fitBaselines(excerpt);
  for (;;) {
    const step = fit.next();
    said.push(step.value);
    if (step.done === true) return said;
  }
}

function randomSymbols(length: number, V: number): Uint16Array<ArrayBuffer> {
  const random = RandomStream.seeded(1, 'text');
  return Uint16Array.from({ length }, () => random.integer(V));
}

suite('baselines', () => {
  test('says of what and how many symbols they are', () => {
    const excerpt = { ...excerptOf(randomSymbols(90, 3), randomSymbols(10, 3), 3), trainingCharacters: 1234 };
    const { ngramNats, ...rest } = all(excerpt).at(-1) ?? assert.fail();
    assert.equal(ngramNats.length, 6);
    assert.deepEqual(rest, {
      uniformNats: Math.log(3),
      orders: 6,
      fittedCharacters: 90,
      trainingCharacters: 1234,
      measuredCharacters: 9,
      progress: 1,
    });
  });

  test('yields often, with progress that grows to 1 and each order as soon as it is measured', () => {
    const said = all(excerptOf(randomSymbols(150_000, 5), randomSymbols(20_000, 5), 5));
    const last = said[said.length - 1];
    assert.ok(said.length > 30, `${said.length} times`);
    said.forEach(({ progress, ngramNats }, at) => {
      assert.ok(progress > (at === 0 ? 0 : said[at - 1].progress) && progress <= 1, `${progress}`);
      assert.equal(ngramNats.length, Math.floor(progress * 6 + 1e-9), `orders done at ${progress}`);
      assert.deepEqual(ngramNats, last.ngramNats.slice(0, ngramNats.length));
    });
    assert.equal(last.progress, 1);
  });

  test('fits the last symbols of a training part that is longer than the limit', () => {
    // All but the last symbols are a; had they been fitted, b would be unlikely.
    const training = new Uint16Array(2 * MAX_FITTED_SYMBOLS).fill(1, MAX_FITTED_SYMBOLS);
    const fit = fitBaselines(excerptOf(training, Uint16Array.of(1, 1, 1), 2));
    let now = fit.next().value;
    while (now.ngramNats.length === 0) now = fit.next().value;
    assert.equal(now.fittedCharacters, MAX_FITTED_SYMBOLS);
    assert.equal(now.trainingCharacters, 2 * MAX_FITTED_SYMBOLS);
    assert.ok(now.ngramNats[0] < 1e-6, `${now.ngramNats[0]}`);
  });

  test('a validation part with nothing to measure is refused, with what it has', () => {
    const refusal = (length: number): InputError => {
      try {
        fitBaselines(excerptOf(randomSymbols(90, 3), randomSymbols(length, 3), 3)).next();
      } catch (error) {
        if (error instanceof InputError) return error;
      }
      return assert.fail('not refused');
    };
    assert.match(refusal(0).message, /no validation part .*: it is empty, and at least 2 characters are needed/);
    assert.match(refusal(1).message, /it has only 1 character,/);
  });

  test(
    'tiny Shakespeare costs what is known of it',
    { skip: existsSync(SHAKESPEARE) ? false : 'tinyshakespeare.txt is not beside the repository' },
    () => {
      const { vocabulary, source } = tokenize(readFileSync(SHAKESPEARE, 'utf8'), 'characters', 'tinyshakespeare.txt');
      const { training, validation } = splitIds(source, 0.1);
      const [fitted, measured] = [training, validation].map((part) => Uint16Array.from(allOf(part)));
      const { uniformNats, ngramNats } = all(excerptOf(fitted, measured, vocabulary.size)).at(-1) ?? assert.fail();
      const found = [uniformNats, ...ngramNats];
      [4.174, 3.347, 2.486, 2.049, 1.774, 1.669, 1.698].forEach((expected, order) => {
        assert.ok(Math.abs(found[order] - expected) < 0.001, `order ${order}: ${found[order]}, known: ${expected}`);
      });
    },
  );
});
