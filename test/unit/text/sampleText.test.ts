import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { RandomStream } from '../../../src/common/random.ts';
import { choice, type Grammar, measure, recall, remember, textOf, word, write } from '../../../src/text/grammar.ts';
import { knownEntropyNats, sampleText, sampleTextEntropyNats, SENTENCE } from '../../../src/text/sampleText.ts';
import type { Tokens } from '../../../src/text/vocabulary.ts';
import { tokenize } from './tokens.ts';

/** The pieces of text with which the sentences of a grammar can begin. */
function openings(grammar: Grammar): readonly string[] {
  if (typeof grammar === 'string') return [grammar];
  if (!('kind' in grammar)) return openings(grammar[0]);
  if (grammar.kind === 'choice') return grammar.branches.flatMap((branch) => openings(branch.grammar));
  if (grammar.kind === 'remembered') return grammar.words.map(({ text }) => text);
  return assert.fail(`"${grammar.name}" begins a branch, which one text alone cannot tell from the others`);
}

/** Every set of alternatives in a grammar, each alternative with the texts that it can begin with. */
function alternatives(grammar: Grammar): (readonly string[])[][] {
  if (typeof grammar === 'string') return [];
  if (!('kind' in grammar)) return grammar.flatMap(alternatives);
  if (grammar.kind === 'recalled') return [];
  if (grammar.kind === 'remembered') return [grammar.words.map(({ text }) => [text])];
  const below = grammar.branches.flatMap((branch) => alternatives(branch.grammar));
  return [grammar.branches.map((branch) => openings(branch.grammar)), ...below];
}

interface Reading {
  readonly end: number;
  readonly surprisalNats: number;
}

/** Reads one sentence from left to right and finds −log p of it, without looking ahead or coming back. */
function read(grammar: Grammar, text: string, start: number, memory = new Map<string, string>()): Reading {
  if (typeof grammar === 'string') {
    assert.ok(text.startsWith(grammar, start), `"${grammar}" expected at ${start}`);
    return { end: start + grammar.length, surprisalNats: 0 };
  }
  if (!('kind' in grammar)) {
    let [end, surprisalNats] = [start, 0];
    for (const part of grammar) {
      const reading = read(part, text, end, memory);
      end = reading.end;
      surprisalNats += reading.surprisalNats;
    }
    return { end, surprisalNats };
  }
  switch (grammar.kind) {
    case 'choice': {
      const branch = only(grammar.branches, (one) => openings(one.grammar), text, start);
      const reading = read(branch.grammar, text, start, new Map(memory));
      return { end: reading.end, surprisalNats: reading.surprisalNats - Math.log(branch.probability) };
    }
    case 'remembered': {
      const chosen = only(grammar.words, (one) => [one.text], text, start);
      memory.set(grammar.name, chosen.text);
      return { end: start + chosen.text.length, surprisalNats: -Math.log(chosen.probability) };
    }
    case 'recalled':
      return read(textOf(grammar, memory.get(grammar.name) ?? assert.fail(grammar.name)), text, start);
  }
}

/** The one alternative with which the text goes on. */
function only<A>(all: readonly A[], begins: (one: A) => readonly string[], text: string, start: number): A {
  const matching = all.filter((one) => begins(one).some((opening) => text.startsWith(opening, start)));
  assert.equal(matching.length, 1, `${matching.length} alternatives match at ${start}`);
  return matching[0];
}

/** −log p per character of a text of whole sentences, and the standard error of the entropy estimated by it. */
function surprisal(text: string): { nats: number; standardError: number; sentences: number } {
  const sentences: { length: number; surprisalNats: number }[] = [];
  for (let at = 0; at < text.length;) {
    const { end, surprisalNats } = read(SENTENCE, text, at);
    sentences.push({ length: end - at, surprisalNats });
    at = end;
  }
  const nats = sentences.reduce((sum, sentence) => sum + sentence.surprisalNats, 0) / text.length;
  // Of a ratio of sums over independent sentences (the delta method).
  const squares = sentences.reduce((sum, { length, surprisalNats }) => sum + (surprisalNats - nats * length) ** 2, 0);
  return { nats, standardError: Math.sqrt(squares) / text.length, sentences: sentences.length };
}

suite('grammar', () => {
  test('entropy and length are those of the sentences written out, with their probabilities', () => {
    const grammar: Grammar = choice(
      [1, [remember('x', 'ab', 'c'), choice([3, '.'], [1, ['-', recall('x'), '.']])]],
      [1, ['d', word('e', 'f'), '.']],
    );
    const sentences: [text: string, probability: number][] = [
      ['ab.', (1 / 2) * (2 / 3) * (3 / 4)],
      ['ab-ab.', (1 / 2) * (2 / 3) * (1 / 4)],
      ['c.', (1 / 2) * (1 / 3) * (3 / 4)],
      ['c-c.', (1 / 2) * (1 / 3) * (1 / 4)],
      ['de.', (1 / 2) * (2 / 3)],
      ['df.', (1 / 2) * (1 / 3)],
    ];
    const expected = (value: (text: string, probability: number) => number) =>
      sentences.reduce((sum, [text, probability]) => sum + probability * value(text, probability), 0);
    const { entropyNats, length } = measure(grammar);
    assert.ok(Math.abs(entropyNats - expected((_, probability) => -Math.log(probability))) < 1e-12);
    assert.ok(Math.abs(length - expected((text) => text.length)) < 1e-12);

    const random = RandomStream.seeded(3, 'text');
    const counts = new Map<string, number>();
    const draws = 20_000;
    for (let i = 0; i < draws; i++) {
      const text = write(grammar, random);
      counts.set(text, (counts.get(text) ?? 0) + 1);
    }
    assert.equal(counts.size, sentences.length);
    for (const [text, probability] of sentences) {
      const deviation = Math.sqrt(draws * probability * (1 - probability));
      assert.ok(Math.abs((counts.get(text) ?? 0) - draws * probability) < 4 * deviation, text);
    }
  });

  test('a word that comes back in another form is as long as that form', () => {
    const grammar: Grammar = [remember('x', 'a', 'b'), recall('x', { a: 'long', b: 'longest' })];
    assert.ok(Math.abs(measure(grammar).length - (1 + (2 / 3) * 4 + (1 / 3) * 7)) < 1e-12);
  });

  test('recalling what was not remembered is an error, also when another branch remembered it', () => {
    const grammar: Grammar = choice([1, remember('x', 'a')], [1, recall('x')]);
    assert.throws(() => measure(grammar), RangeError);
    assert.throws(() => write([grammar, recall('x')], RandomStream.seeded(1, 'text')), RangeError);
  });
});

suite('sample text', () => {
  test('no alternative begins like another, so every text can have been written in one way only', () => {
    // Reading from left to right, each choice is settled by what follows at once; by induction so is the sentence.
    const sets = alternatives(SENTENCE);
    assert.ok(sets.length > 20);
    for (const set of sets) {
      set.forEach((openingsOfOne, one) =>
        set.slice(one + 1).forEach((openingsOfOther) => {
          for (const a of openingsOfOne) {
            for (const b of openingsOfOther) assert.ok(!a.startsWith(b) && !b.startsWith(a), `"${a}" and "${b}"`);
          }
        }),
      );
    }
  });

  test('is whole sentences, about 150,000 characters of ASCII, and the same every time', () => {
    const text = sampleText();
    assert.ok(text.length >= 150_000 && text.length < 150_100);
    assert.match(text, /^[\n -~]+\n$/);
    assert.equal(sampleText(), text);
  });

  test('its mean −log p under the grammar is the stated entropy to within its standard error', () => {
    const { nats, standardError, sentences } = surprisal(sampleText());
    assert.ok(sentences > 2500);
    assert.ok(standardError < 0.01 * sampleTextEntropyNats, `standard error ${standardError}`);
    const off = Math.abs(nats - sampleTextEntropyNats) / standardError;
    assert.ok(off < 1, `${nats} is ${off} standard errors off ${sampleTextEntropyNats}`);
  });

  test('other texts of the grammar agree with the entropy too', () => {
    let squares = 0;
    const texts = 40;
    for (let seed = 100; seed < 100 + texts; seed++) {
      const random = RandomStream.seeded(seed, 'text');
      const { nats, standardError } = surprisal(Array.from({ length: 400 }, () => write(SENTENCE, random)).join(''));
      squares += ((nats - sampleTextEntropyNats) / standardError) ** 2;
    }
    // Chi-squared with 40 degrees of freedom: below 16.9 or above 76.1 with probability 0.0005 each.
    assert.ok(squares > 16.9 && squares < 76.1, `chi-squared ${squares}`);
  });

  test('is recognised exactly', () => {
    const known = (text: string, tokens: Tokens = 'characters') => {
      const { vocabulary, source } = tokenize(text, tokens, 'f');
      return knownEntropyNats(vocabulary, source);
    };
    assert.equal(known(sampleText()), sampleTextEntropyNats);
    assert.equal(known(sampleText(), 'bytes'), sampleTextEntropyNats);
    assert.equal(known(`${sampleText()} `), undefined);
    assert.equal(known(sampleText().replace('Anna', 'Hanna')), undefined);
    assert.equal(known(sampleText().replace('Anna', 'Anan')), undefined);
    // Its ids are the same, its symbols are not.
    assert.equal(known(sampleText().replaceAll('y', 'z')), undefined);
    assert.equal(known('ab'), undefined);
  });

  /** Each pattern marks the end of what is remembered by `from` and the start of what it decides by `to`. */
  const dependencies: [what: string, pattern: RegExp, shortest: number, longest: number][] = [
    ["an aside's bracket", /(?<from>\()the .*(?<to>\))/d, 12, 15],
    ['singular or plural', /^The (?<from>\w+) .* w(?<to>as|ere) \w+\.$/d, 15, 24],
    ['a quotation mark', /(?<from>").*(?<to>")/d, 17, 42],
    ['a thing', /^\w+ \w+ the \w+ (?<from>\w+) .*, and the (?<to>\w+)/d, 23, 32],
    ['one of three brackets', /^(?<from>[[({]).*(?<to>[\])}])$/d, 24, 37],
    ['a pronoun', /^(?<from>\w+) .* because (?<to>s?he) was/d, 26, 38],
    ['a deed', /^\w+ (?<from>\w+) the .*, and the \w+ (?<to>\w+)/d, 39, 57],
    ['an echo', /^Far away (?<from>\w+) .* went (?<to>\w+) \w+ \w+\.$/d, 45, 45],
    ['a name', /^(?<from>\w+) \w+ the .*, and the .* (?<to>\w+)\.$/d, 58, 78],
  ];
  for (const [what, pattern, shortest, longest] of dependencies) {
    test(`${what} comes back ${shortest} to ${longest} characters later`, () => {
      const lags = sampleText()
        .split('\n')
        .flatMap((sentence) => {
          const groups = pattern.exec(sentence)?.indices?.groups;
          return groups === undefined ? [] : [groups.to[0] - (groups.from[1] - 1)];
        });
      assert.ok(lags.length > 100);
      assert.deepEqual([Math.min(...lags), Math.max(...lags)], [shortest, longest]);
    });
  }
});
