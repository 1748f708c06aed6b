import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  classLabels,
  classProbability,
  describeClass,
  LOSS_BOUNDS,
  LOSS_CLASSES,
  LOSS_SCALE,
  lossClass,
} from '../../../src/common/lossClasses.ts';
import { shadedSpans } from '../../../src/host/editor/shadedSpans.ts';
import { questionOf, spanToScore } from '../../../src/host/editor/scoredSpan.ts';
import { SymbolText } from '../../../src/host/editor/symbolText.ts';

suite('the shades of losses', () => {
  test('a loss belongs to the shade whose lower bound it reaches', () => {
    assert.deepEqual(
      [0, 0.249, 0.25, 0.499, 0.5, 0.999, 1, 1.999, 2, 3.999, 4, 100, Infinity].map(lossClass),
      [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 5],
    );
  });

  test('what is not known has no shade', () => {
    assert.equal(lossClass(NaN), undefined);
  });

  test('the scale is said in nats', () => {
    assert.equal(LOSS_SCALE, '0 – 0.25 – 0.5 – 1 – 2 – 4 nats and more');
    assert.equal(describeClass(0), '0 – 0.25 nats');
    assert.equal(describeClass(3), '1 – 2 nats');
    assert.equal(describeClass(LOSS_BOUNDS.length), '4 nats and more');
  });

  test('a legend has the bounds in nats or bits, and what probabilities they are', () => {
    assert.deepEqual(classLabels('nats'), ['< 0.25', '0.25–0.5', '0.5–1', '1–2', '2–4', '≥ 4']);
    // 0.25 nats are 0.25 / ln 2 = 0.3607 bits, and 4 nats 5.771.
    assert.deepEqual(classLabels('bits'), ['< 0.36', '0.36–0.72', '0.72–1.4', '1.4–2.9', '2.9–5.8', '≥ 5.8']);
    // exp(−0.25) = 0.7788, exp(−0.5) = 0.6065, exp(−4) = 0.0183.
    assert.deepEqual([0, 1, LOSS_BOUNDS.length].map(classProbability), ['1 to 0.78', '0.78 to 0.61', '0.02 and less']);
  });

  test('neighbours of one shade are one part, and parts lie where their characters are', () => {
    // The third character has two units; of the sixth nothing is known.
    const scored = { offsets: [0, 1, 2, 4, 5, 6, 7], lossNats: [5, 5, 0.1, 0.2, 5, NaN, 5] };
    const spans = shadedSpans(scored, 100, 109);
    assert.equal(spans.length, LOSS_CLASSES);
    assert.deepEqual(spans[5], [
      { from: 100, to: 102 },
      { from: 105, to: 106 },
      { from: 107, to: 109 },
    ]);
    assert.deepEqual(spans[0], [{ from: 102, to: 105 }]);
    assert.equal(spans.flat().length, 4);
  });

  test('a text without known losses, and one without characters, have no parts', () => {
    assert.deepEqual(shadedSpans({ offsets: [0, 1], lossNats: [NaN, NaN] }, 0, 2).flat(), []);
    assert.deepEqual(shadedSpans({ offsets: [], lossNats: [] }, 0, 0).flat(), []);
  });

  test('neighbours without known losses are in no part of those around them', () => {
    const { 2: spans } = shadedSpans({ offsets: [0, 1, 2, 3], lossNats: [0.7, NaN, NaN, 0.7] }, 0, 4);
    assert.deepEqual(spans, [
      { from: 0, to: 1 },
      { from: 3, to: 4 },
    ]);
  });
});

suite('what is scored', () => {
  const long = new SymbolText('a'.repeat(100_000), 'characters');

  test('is what is on the screen with a margin, folded parts included', () => {
    const visible = [
      { from: 5000, to: 6000 },
      { from: 8000, to: 8500 },
    ];
    assert.deepEqual(spanToScore(long, visible, 0), { from: 4000, to: 9500 });
  });

  test('does not go past the text', () => {
    const text = new SymbolText('a'.repeat(700), 'characters');
    assert.deepEqual(spanToScore(text, [{ from: 300, to: 400 }], 0), { from: 0, to: 700 });
    assert.deepEqual(spanToScore(new SymbolText('', 'characters'), [{ from: 0, to: 0 }], 0), { from: 0, to: 0 });
    assert.deepEqual(spanToScore(text, [], 0), { from: 0, to: 0 });
  });

  test('of a line that is longer than any screen is what lies around the caret, else its beginning', () => {
    const visible = [{ from: 0, to: 100_000 }];
    assert.deepEqual(spanToScore(long, visible, 50_000), { from: 40_000, to: 60_000 });
    assert.deepEqual(spanToScore(long, visible, 100_000), { from: 80_000, to: 100_000 });
    assert.deepEqual(spanToScore(long, visible, 10), { from: 0, to: 20_000 });
    assert.deepEqual(spanToScore(long, [{ from: 30_000, to: 90_000 }], 10), { from: 29_000, to: 49_000 });
  });

  test('and what is read before it never begin or end within a character', () => {
    const text = new SymbolText('😀'.repeat(10_000), 'characters');
    const span = spanToScore(text, [{ from: 5001, to: 5101 }], 0);
    assert.deepEqual(span, { from: 4000, to: 6100 });
    const question = questionOf(text, { from: 4000, to: 4002 });
    assert.equal(question.before, '😀'.repeat(100));
    assert.equal(question.text, '😀');
    assert.equal(
      questionOf(new SymbolText(`a${'😀'.repeat(300)}`, 'characters'), { from: 301, to: 303 }).before.codePointAt(0),
      0x1f600,
    );
  });

  test('at the beginning of the file nothing is read before it', () => {
    assert.deepEqual(questionOf(new SymbolText('abc', 'characters'), { from: 0, to: 2 }), { before: '', text: 'ab' });
    assert.deepEqual(questionOf(new SymbolText('abc', 'characters'), { from: 1, to: 3 }), { before: 'a', text: 'bc' });
  });
});
