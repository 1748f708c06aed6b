import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { RandomStream } from '../../../src/common/random.ts';
import { NgramMeasure } from '../../../src/text/ngrams.ts';

const text = (symbols: string): Uint16Array => Uint16Array.from(symbols, (symbol) => symbol.charCodeAt(0) - 97);

/** Measures the next order to its end. */
function measureNext(measure: NgramMeasure): number {
  const work = measure.nextOrder();
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

/** What each order gives the symbols that are measured, [order − 1]. */
function probabilities(training: Uint16Array, validation: Uint16Array, V: number, orders: number): number[][] {
  const measure = new NgramMeasure(training, validation, V);
  return Array.from({ length: orders }, () => {
    measureNext(measure);
    return [...measure.probabilities];
  });
}

function crossEntropies(training: Uint16Array, validation: Uint16Array, V: number, orders: number): number[] {
  const measure = new NgramMeasure(training, validation, V);
  return Array.from({ length: orders }, () => measureNext(measure));
}

/** The definition, word for word: counts of strings, and the recursion over ever shorter contexts. */
function literal(training: readonly number[], context: readonly number[], w: number, V: number): number {
  const followers = new Map<string, Map<number, number>>();
  for (let at = context.length; at < training.length; at++) {
    const h = training.slice(at - context.length, at).join();
    const counts = followers.get(h) ?? new Map<number, number>();
    followers.set(h, counts.set(training[at], (counts.get(training[at]) ?? 0) + 1));
  }
  const lower = context.length === 0 ? 1 / V : literal(training, context.slice(1), w, V);
  const counts = followers.get(context.join());
  if (counts === undefined) return lower;
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return ((counts.get(w) ?? 0) + counts.size * lower) / (total + counts.size);
}

function assertClose(actual: readonly number[], expected: readonly number[], what: string): void {
  assert.equal(actual.length, expected.length, what);
  actual.forEach((value, at) => {
    assert.ok(Math.abs(value - expected[at]) < 1e-12, `${what}, symbol ${at}: ${value}, expected ${expected[at]}`);
  });
}

const randomTexts = fc.integer({ min: 2, max: 4 }).chain((V) => {
  const symbol = fc.nat(V - 1);
  return fc.record({
    V: fc.constant(V),
    training: fc.array(symbol, { maxLength: 40 }),
    validation: fc.array(symbol, { minLength: 2, maxLength: 25 }),
  });
});

suite('Witten–Bell n-grams', () => {
  test('five symbols of training give the fractions computed by hand', () => {
    // Training abaab, V = 2. The last b is followed by nothing, so it is no context.
    //   order 1: c(a) = 3, c(b) = 2, two types        p(a) = (3 + 2·1/2)/7 = 4/7      p(b) = (2 + 2·1/2)/7 = 3/7
    //   order 2: a is followed by b, a, b: two types  p(a|a) = (1 + 2·4/7)/5 = 3/7    p(b|a) = (2 + 2·3/7)/5 = 4/7
    //            b is followed by a: one type         p(a|b) = (1 + 1·4/7)/2 = 11/14  p(b|b) = (0 + 1·3/7)/2 = 3/14
    //   order 3: ba is followed by a                  p(b|ba) = (0 + p(b|a))/2 = 2/7
    //            ab is followed by a                  p(b|ab) = (0 + p(b|b))/2 = 3/28
    //            bb is followed by nothing            p(a|bb) = p(a|b) = 11/14
    //   order 4: aba and baa are followed by one symbol each; neither is a context below.
    // Validation babba: a after b, b after ba, b after bab, a after babb.
    const order3 = [11 / 14, 2 / 7, 3 / 28, 11 / 14];
    const expected = [[4 / 7, 3 / 7, 3 / 7, 4 / 7], [11 / 14, 4 / 7, 3 / 14, 11 / 14], order3, order3];
    const found = probabilities(text('abaab'), text('babba'), 2, 4);
    expected.forEach((values, index) => assertClose(found[index], values, `order ${index + 1}`));
    const losses = expected.map((values) => values.reduce((sum, p) => sum - Math.log(p) / 4, 0));
    assertClose(crossEntropies(text('abaab'), text('babba'), 2, 4), losses, 'cross entropy');
  });

  test('random texts get what the definition gives them, word for word, at every order', () => {
    fc.assert(
      fc.property(randomTexts, ({ V, training, validation }) => {
        const found = probabilities(Uint16Array.from(training), Uint16Array.from(validation), V, 6);
        found.forEach((values, index) => {
          const expected = validation
            .slice(1)
            .map((w, at) => literal(training, validation.slice(Math.max(0, at + 1 - index), at + 1), w, V));
          assertClose(values, expected, `order ${index + 1}`);
        });
      }),
    );
  });

  test('the probabilities of all symbols after any context add up to 1, at every order', () => {
    fc.assert(
      fc.property(randomTexts, ({ V, training, validation: context }) => {
        const sums = new Array<number>(6).fill(0);
        for (let w = 0; w < V; w++) {
          const asked = probabilities(Uint16Array.from(training), Uint16Array.from([...context, w]), V, 6);
          asked.forEach((values, index) => (sums[index] += values[values.length - 1]));
        }
        assertClose(sums, new Array<number>(6).fill(1), 'sums');
      }),
    );
  });

  test('a source without memory costs its entropy, and longer contexts do not help', () => {
    // Probabilities 1/2, 1/4, 1/8, 1/8: 1.75 bits.
    const random = RandomStream.seeded(4, 'text');
    const source = Uint16Array.from({ length: 500_000 }, () => [0, 0, 0, 0, 1, 1, 2, 3][random.integer(8)]);
    const losses = crossEntropies(source.subarray(0, 400_000), source.subarray(400_000), 4, 3);
    for (const loss of losses) assert.ok(Math.abs(loss - 1.75 * Math.LN2) < 0.01, `${loss}`);
  });

  test('a text of period 3 is certain from order 3 on', () => {
    const periodic = text('aab'.repeat(20_000));
    const [order1, order2, order3, order4] = crossEntropies(periodic, periodic.subarray(0, 9_000), 2, 4);
    // Before that: a or b as 2 to 1; then a or b evenly after a, which is two thirds of the symbols.
    assert.ok(Math.abs(order1 - (Math.log(3) - (2 / 3) * Math.LN2)) < 1e-3, `${order1}`);
    assert.ok(Math.abs(order2 - (2 / 3) * Math.LN2) < 1e-3, `${order2}`);
    assert.ok(order3 < 1e-3 && order4 < 1e-3, `${order3}, ${order4}`);
  });

  test('without training, every order is uniform', () => {
    assertClose(crossEntropies(text(''), text('abc'), 3, 4), new Array<number>(4).fill(Math.log(3)), 'cross entropy');
  });

  test('refuses a validation part without a symbol to measure, and ids beyond the vocabulary', () => {
    assert.throws(() => new NgramMeasure(text('ab'), text('a'), 2), RangeError);
    assert.throws(() => measureNext(new NgramMeasure(text('abc'), text('ab'), 2)), /symbol 2 has the id 2/);
    assert.throws(() => measureNext(new NgramMeasure(text('ab'), text('ca'), 2)), /symbol 0 has the id 2/);
  });
});
