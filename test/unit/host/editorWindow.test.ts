import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  codesOfSymbols,
  holdsWindow,
  readingAt,
  spanOfStep,
  stepAt,
  windowSpan,
} from '../../../src/host/editor/inspectedWindow.ts';
import { networkOf, type NetworkChoice } from '../../../src/network/network.ts';
import { SymbolText } from '../../../src/host/editor/symbolText.ts';
import { Vocabulary } from '../../../src/text/vocabulary.ts';
import { tapeOf } from './editorFakes.ts';
import { NETWORK, STEP_QUANTITIES } from '../../tanh.ts';

suite('the inspected window in a text', () => {
  // Symbols 0 … 9; the fourth has two units, so that offsets are one more from there on.
  const text = new SymbolText('abc😀defghi', 'characters');
  const codes = [...new Set(Array.from(text.text, (character) => character.codePointAt(0) ?? 0))];
  const tape = tapeOf(2, [2, 3, 4, 5]);

  test('covers the characters that its time steps read', () => {
    assert.deepEqual(windowSpan(text, tape), { from: 2, to: 7 });
    assert.equal(text.text.slice(2, 7), 'c😀de');
    assert.deepEqual(spanOfStep(text, tape, 0), { from: 2, to: 3 });
    assert.deepEqual(spanOfStep(text, tape, 1), { from: 3, to: 5 });
    assert.deepEqual(spanOfStep(text, tape, 3), { from: 6, to: 7 });
    assert.equal(spanOfStep(text, tape, 4), undefined);
    assert.equal(spanOfStep(text, tape, -1), undefined);
  });

  test('a place in it is the time step that reads the character there, either half of a pair', () => {
    const steps = Array.from({ length: text.text.length + 1 }, (_, offset) => stepAt(text, tape, offset));
    const none = undefined;
    assert.deepEqual(steps, [none, none, 0, 1, 1, 2, 3, none, none, none, none, none]);
  });

  test('tells the norm of ∂h(t) at the step that reads the character, and the loss of the step that asked for it', () => {
    const T = tape.inputs.length;
    const norm = tape.stepNorm[STEP_QUANTITIES.indexOf('dh') * T + 2];
    const reading = { t: 2, error: { of: 'h', norm }, lossAsTarget: tape.lossNats[1] };
    assert.deepEqual(readingAt(NETWORK, text, tape, 5), reading);
    assert.equal(readingAt(NETWORK, text, tape, 2)?.lossAsTarget, undefined);
    assert.equal(readingAt(NETWORK, text, tape, 8), undefined);
  });

  test('tells of gates the error at the state that the first layer gives, and of layers that of the first', () => {
    const T = tape.inputs.length;
    const errorIn = (choice: NetworkChoice, row: string) => {
      const network = networkOf(choice);
      const stepNorm = Float64Array.from({ length: network.stepQuantities.length * T }, (_, at) => at);
      const expected = network.stepQuantities.indexOf(row) * T + 2;
      return [readingAt(network, text, { ...tape, stepNorm }, 5)?.error, expected] as const;
    };
    const [gated, da] = errorIn({ cell: 'lstm', layers: 2 }, 'da');
    assert.deepEqual(gated, { of: 'a', norm: da });
    const [layers, dh] = errorIn({ cell: 'tanh', layers: 2 }, 'dh');
    assert.deepEqual(layers, { of: 'h', norm: dh });
  });

  test('is held by the text where its ids are the symbols there, and only there', () => {
    assert.equal(holdsWindow(text, tape, codes), true);
    assert.equal(holdsWindow(text, tapeOf(1, [2, 3, 4, 5]), codes), false);
    assert.equal(holdsWindow(text, tapeOf(2, [2, 3, 4, 6]), codes), false);
    assert.equal(holdsWindow(text, tapeOf(6, [6, 7, 8, 9]), codes), true);
    assert.equal(holdsWindow(text, tapeOf(7, [7, 8, 9, 9]), codes), false);
  });
});

suite('the inspected window in a text as bytes', () => {
  const bytes = [...new Set(new TextEncoder().encode('aé😀b'))].sort((one, other) => one - other);
  const text = new SymbolText('aé😀b', 'bytes');
  const all = Array.from(new TextEncoder().encode('aé😀b'), (byte) => bytes.indexOf(byte));

  test('a character is read by several time steps, of which the first in the window is told', () => {
    // From the second byte of é to the third of the emoji.
    const tape = tapeOf(2, all.slice(2, 6));
    assert.deepEqual(windowSpan(text, tape), { from: 1, to: 4 });
    assert.deepEqual(
      [0, 1, 2, 3, 4].map((offset) => stepAt(text, tape, offset)),
      [undefined, 0, 1, 1, undefined],
    );
    assert.deepEqual(
      [0, 1, 3].map((t) => spanOfStep(text, tape, t)),
      [
        { from: 1, to: 2 },
        { from: 2, to: 4 },
        { from: 2, to: 4 },
      ],
    );
    assert.equal(holdsWindow(text, tape, bytes), true);
    assert.equal(holdsWindow(text, tapeOf(1, all.slice(2, 6)), bytes), false);
  });

  test('bytes are known by what the run calls them', () => {
    assert.deepEqual(codesOfSymbols(new Vocabulary('bytes', bytes).symbols, 'bytes'), bytes);
    assert.deepEqual(codesOfSymbols(['\n', 'é', '😀'], 'characters'), [10, 0xe9, 0x1f600]);
  });
});
