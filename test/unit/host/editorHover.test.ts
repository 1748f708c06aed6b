import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { visibleSymbol } from '../../../src/common/written.ts';
import { escaped } from '../../../src/host/editor/characters.ts';
import { hoverText } from '../../../src/host/editor/hoverText.ts';

const SCORE = {
  iteration: 12_400,
  lossNats: Math.LN2,
  alternatives: [
    { symbol: 'e', probability: 0.5 },
    { symbol: ' ', probability: 0.25 },
    { symbol: '\n', probability: 0.001 },
  ],
};

/** The text that a reader of the Markdown sees. */
function seen(markdown: string): string {
  return markdown.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
}

suite('the hover of a character', () => {
  test('tells loss, probability, the shade with its scale, the alternatives and the place in the window', () => {
    const window = {
      t: 12,
      error: { of: 'h', norm: 0.001234 },
      lossAsTarget: 0.75,
      stream: 3,
      iteration: 12_401,
      T: 50,
    };
    assert.deepEqual(seen(hoverText({ character: 'e', score: SCORE, window })).split('\n\n'), [
      '**RNN**: ‘e’: loss 0.693 nats, probability 0.50 (iteration 12\u202f400)',
      'Shade: 0.5 – 1 nats, of 0 – 0.25 – 0.5 – 1 – 2 – 4 nats and more',
      'Likeliest here: ‘e’ 0.50, ‘␣’ 0.25, ‘⏎’ 1.0e-3',
      'Inspected window (stream 3, iteration 12\u202f401): read at t = 12 of 0 … 49, ‖∂h(12)‖ = 0.00123 before clipping; asked for at t = 11',
    ]);
  });

  test('gives one loss: that of the window only where the network itself says none', () => {
    const window = { t: 5, error: { of: 'h', norm: 1 }, lossAsTarget: 2.0145, stream: 0, iteration: 3, T: 9 };
    const losses = (score: Parameters<typeof hoverText>[0]['score']): string[] =>
      seen(hoverText({ character: 'o', score, window })).match(/\d\.\d+ nats(?=[,;]|$|\s\()/gm) ?? [];
    assert.deepEqual(losses({ ...SCORE, lossNats: 2.0139, alternatives: [] }), ['2.014 nats']);
    assert.deepEqual(losses({ problem: 'The text changed.' }), ['2.014 nats']);
    assert.deepEqual(losses({ ...SCORE, lossNats: NaN }), ['2.014 nats']);
  });

  test('names the error that it tells the norm of', () => {
    const error = { of: 'a⁽²⁾', norm: 0.25 };
    const window = { t: 1, error, lossAsTarget: undefined, stream: 3, iteration: 12_401, T: 50 };
    const text = seen(hoverText({ character: 'e', score: SCORE, window }));
    assert.match(text, /read at t = 1 of 0 … 49, ‖∂a⁽²⁾\(1\)‖ = 0\.250 before clipping$/);
  });

  test('says that nothing is known of the first character of a file', () => {
    const score = { iteration: 1, lossNats: NaN, alternatives: [] };
    const text = seen(hoverText({ character: 'T', score, window: undefined }));
    assert.match(text, /‘T’: its loss is not known/);
    assert.doesNotMatch(text, /Shade|Likeliest|NaN|window/);
  });

  test('gives what the network expected in the place of a character that it does not know', () => {
    const text = seen(hoverText({ character: '漢', score: { ...SCORE, lossNats: NaN }, window: undefined }));
    assert.match(text, /not known[^]*Likeliest here: ‘e’ 0\.50/);
  });

  test('says why the network says nothing', () => {
    const text = hoverText({ character: 'a', score: { problem: 'The network is gone. <b>' }, window: undefined });
    assert.equal(seen(text), '**RNN**: ‘a’: The network is gone. <b>');
    assert.doesNotMatch(text, /</);
  });

  test('neither certainty nor impossibility is claimed of what is only near it', () => {
    const alternatives = [
      { symbol: 'a', probability: 0.99999 },
      { symbol: 'b', probability: 1e-7 },
    ];
    const text = seen(
      hoverText({ character: 'b', score: { iteration: 0, lossNats: 16.1, alternatives }, window: undefined }),
    );
    assert.match(text, /‘a’ > 0\.99, ‘b’ 1\.0e-7/);
  });

  test('no character of a text is syntax', () => {
    assert.equal(escaped('a|b'), 'a&#124;b');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const safe = escaped(text);
        assert.equal(seen(safe), text);
        assert.match(safe, /^(?:[\p{L}\p{N} ]|&#\d+;)*$/u);
      }),
      { seed: 1 },
    );
  });

  test('what has no shape is shown by a sign', () => {
    const shown = ['\u200b', '\u2028', '\u0301', '\r', '\0', '\t', '\\xE2', '😀'].map(visibleSymbol);
    assert.deepEqual(shown, ['U+200B', 'U+2028', '◌\u0301', '␍', '␀', '⇥', '\\xE2', '😀']);
  });
});
