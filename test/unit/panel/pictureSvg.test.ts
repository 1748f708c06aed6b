import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fractionBar, mathItalic } from '../../../src/panel/charts/formulaMarks.ts';
import {
  fontParts,
  hasFreeSpace,
  plainColor,
  roundedNumbers,
  withoutControls,
} from '../../../src/panel/charts/svgText.ts';

describe('a picture as SVG', () => {
  it('has colours that every viewer reads', () => {
    assert.equal(plainColor('#a1b2c3'), '#a1b2c3');
    assert.equal(plainColor('rgba(1, 2, 3, 0.5)'), 'rgba(1, 2, 3, 0.5)');
    assert.equal(plainColor('color(srgb 1 0.5 0)'), 'rgba(255, 128, 0, 1)');
    assert.equal(plainColor('color(srgb 0.2 0 1.02 / 0.25)'), 'rgba(51, 0, 255, 0.25)');
  });

  it('names the font of the page, and one that is on every machine', () => {
    assert.deepEqual(fontParts('12px system-ui, Ubuntu, sans-serif'), {
      'font-family': 'system-ui, Ubuntu, sans-serif',
      'font-size': '12px',
    });
    assert.deepEqual(fontParts('italic 600 11.5px "Segoe WPC"'), {
      'font-family': '"Segoe WPC", sans-serif',
      'font-size': '11.5px',
      'font-style': 'italic',
      'font-weight': '600',
    });
    assert.equal(fontParts('bold 10px "Droid Sans Mono"')['font-family'], '"Droid Sans Mono", monospace');
    assert.match(fontParts('16px math')['font-family'], /^math, .*, serif$/);
    assert.throws(() => fontParts('large'), RangeError);
  });

  it('keeps the space that XML would change, and leaves out what XML forbids', () => {
    assert.deepEqual(['a b', ' a', 'a ', 'a  b', 'a\tb'].map(hasFreeSpace), [false, true, true, true, true]);
    assert.equal(withoutControls('a\u0000\u001bb\n\ud800😀'), 'a\ufffd\ufffdb\n\ufffd😀');
  });

  it('has numbers to a hundredth of a pixel', () => {
    assert.equal(roundedNumbers('M 12 3.14159 L -0.004 1e-7'), 'M 12 3.14 L 0 0');
    assert.equal(roundedNumbers('matrix(1 0 0 1 12.005 -7.5)'), 'matrix(1 0 0 1 12.01 -7.5)');
  });
});

describe('a formula in a picture', () => {
  const box = (left: number, top: number, width: number, height: number) => ({ left, top, width, height });

  it('has the bar of a fraction between its parts, over the width of the wider one', () => {
    const bar = fractionBar(box(10, 0, 32, 40), box(20, 0, 12, 18), box(11, 22, 30, 18), { fontSize: 16, padding: 1 });
    assert.deepEqual(bar, { left: 11, top: 19.5, width: 30, height: 1 });
    const large = fractionBar(box(0, 0, 30, 99), box(0, 0, 30, 48), box(0, 52, 30, 47), { fontSize: 40, padding: 0 });
    assert.deepEqual(large, { left: 0, top: 49, width: 30, height: 2 });
  });

  it('has letters that stand alone in the italics that Unicode has for them', () => {
    // Unicode, block Mathematical Alphanumeric Symbols.
    assert.deepEqual(['A', 'Z', 'a', 'z', 'Σ', 'σ'].map(mathItalic), ['𝐴', '𝑍', '𝑎', '𝑧', '𝛴', '𝜎']);
    assert.equal(mathItalic('h'), '\u210e');
    assert.deepEqual(['tanh', '∂', '1', '⊤', ''].map(mathItalic), ['tanh', '∂', '1', '⊤', '']);
  });
});
