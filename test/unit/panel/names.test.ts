import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { CELL_NAMES } from '../../../src/network/cells.ts';
import { written } from '../../../src/network/names.ts';
import { networkOf } from '../../../src/network/network.ts';
import { divisorText } from '../../../src/panel/network/divisor.ts';
import { glossary } from '../../../src/panel/network/glossary.ts';
import { factGroups } from '../../../src/panel/state/runFacts.ts';
import { unitName, unitPlace } from '../../../src/panel/state/unitPlace.ts';
import { backwardSteps } from '../../../src/panel/views/tape/backwardSteps.ts';
import { signWords } from '../../../src/panel/views/tape/outputContent.ts';
import { stepContent } from '../../../src/panel/views/tape/stepContent.ts';
import { formatValue } from '../../../src/panel/views/tape/values.ts';
import { windowNote } from '../../../src/panel/views/windowText.ts';
import { DEFAULT_SETTINGS } from '../../../src/protocol/settings.ts';
import { NETWORK } from '../../tanh.ts';
import { description, FACTS, status } from './fixtures.ts';
import { detailOf, T } from './tapeFixtures.ts';

const WINDOW = { T: 5, B: 2, N: 10 };
const symbolOf = (id: number): string => 'abcdefg'[id];
const factsOf = (step: number, t: number): readonly string[] =>
  stepContent(NETWORK, NETWORK.steps[step - 1], detailOf(t), symbolOf).facts;

suite('N', () => {
  test('is T·B with its numbers, and 1 where the loss is the sum', () => {
    assert.equal(divisorText({ T: 5, N: 5 }), 'N = T·B = 5·1 = 5');
    assert.equal(divisorText({ T: 50, N: 1600 }), 'N = T·B = 50·32 = 1600');
    assert.equal(divisorText({ T: 5, N: 1 }), 'N = 1, since L is the sum over the window');
    assert.equal(divisorText({ T: 1, N: 1 }), 'N = 1');
  });

  test('divides the loss of a time step, but not where it is summed', () => {
    const [step] = NETWORK.steps;
    const mean = stepContent(NETWORK, step, { ...detailOf(1), N: 3 * T }, symbolOf).facts[1];
    assert.match(mean, new RegExp(`^Divided by N = T·B = ${T}·3 = ${3 * T} it adds `));
    const [, summed] = factsOf(1, 1);
    assert.match(summed, /^The loss of the window is the sum \(N = 1\), so that it adds all of it, /);
    assert.doesNotMatch(summed, /ivided/);
  });
});

suite('step 3', () => {
  test('says what each sign does to its logit', () => {
    assert.equal(signWords(-0.2, 'o'), 'negative, so an update, which goes against the derivative, raises o');
    assert.equal(signWords(0.2, 'o'), 'positive, so an update lowers o');
    assert.match(signWords(0, 'o'), /left as it is/);
    const { meaning } = backwardSteps(NETWORK)[2];
    assert.match(
      meaning,
      /the target gets a negative derivative.* raises the logit of what came, and lowers all others\.$/,
    );
    assert.doesNotMatch(meaning, /pushed up/);
  });

  test('agrees with the numbers beside it: the target is below zero, and the likeliest other above', () => {
    for (let t = 0; t < T; t++) {
      const { errors, now, target } = detailOf(t);
      const others = Array.from(now.yhat.keys()).filter((k) => k !== target);
      const likeliest = others.reduce((best, k) => (now.yhat[k] > now.yhat[best] ? k : best));
      const [ofTarget, ofOther] = factsOf(3, t);
      assert.ok(ofTarget.includes(`= ${formatValue(errors.o[target])}, negative, `), ofTarget);
      assert.ok(ofTarget.endsWith('raises o(t) of class c.'), ofTarget);
      assert.ok(ofOther.includes(`‘${symbolOf(likeliest)}’`), ofOther);
      assert.ok(
        ofOther.endsWith(`= ${formatValue(errors.o[likeliest])}, positive, so an update lowers o(t) of it.`),
        ofOther,
      );
    }
  });
});

suite('the glossary', () => {
  const textOf = (cell: (typeof CELL_NAMES)[number], layers = 1, window = WINDOW): string =>
    glossary(networkOf({ cell, layers }), window)
      .map(({ markup, words }) => `${markup} ${words}`)
      .join(' · ');

  test('has every quantity and the numbers of the window, of every cell', () => {
    for (const cell of CELL_NAMES) {
      const network = networkOf({ cell, layers: 1 });
      const names = glossary(network, WINDOW).flatMap(({ markup }) => markup.split(/, | = /));
      for (const { name } of network.quantities) assert.ok(names.includes(written(name)), `${cell}: ${name}`);
      for (const { words } of glossary(network, WINDOW)) assert.notEqual(words, '');
    }
    assert.match(textOf('tanh'), /T = 5 .* B = 2 .* N = T·B = 5·2 = 10 divides it/);
    assert.match(textOf('tanh'), /B = 2 streams read at once/);
    assert.match(textOf('tanh', 1, { ...WINDOW, B: 1 }), /B = 1 stream read at a time/);
    assert.match(textOf('tanh', 1, { ...WINDOW, N: 1 }), /N = 1 divides it: L is the sum/);
  });

  test('says that h is the pre-activation, and a the state, which PyTorch calls h where it has the cell', () => {
    assert.match(textOf('tanh'), /h pre-activation · a activation, the state \(PyTorch’s h\)/);
    assert.match(textOf('lstm'), /h_i, h_f, h_g, h_q pre-activations of the gates/);
    assert.match(textOf('lstm'), /f forget gate .* c memory, a state too/);
    assert.doesNotMatch(textOf('mingru'), /PyTorch/);
    assert.match(textOf('gru', 3), /a⁽²⁾ the same of layer 2/);
  });
});

suite('the settings line', () => {
  test('has words for each of its figures', () => {
    const groups = factGroups(
      description({ facts: FACTS, settings: { ...DEFAULT_SETTINGS, cell: 'lstm', layers: 2 } }),
    );
    const words = new Map(
      groups.flat().map((fact) => [fact.text.replaceAll('\u00a0', ' ').split(/ =| (?=\d)/)[0], fact.words]),
    );
    for (const text of words.values()) assert.match(text, /^[A-Z].*\.$/);
    assert.match(words.get('V') ?? '', /^Vocabulary size V: how many different characters/);
    assert.match(words.get('T') ?? '', /^Sequence length T/);
    assert.match(words.get('lstm cell') ?? '', /lstm: Long short-term memory/);
    assert.match(words.get('mean loss') ?? '', /N = T·B = 50·32 = 1600\.$/);
  });

  test('counts bytes where the symbols are bytes, as the note on the window does', () => {
    const settings = { ...DEFAULT_SETTINGS, tokens: 'bytes' } as const;
    const [[text]] = factGroups(description({ facts: FACTS, settings }));
    assert.match(text.text, / bytes$/);
    const run = { status: status('running'), description: description({ settings }) };
    const note = windowNote(run, { iteration: 1, stream: 0, position: 7 }, { stream: 0, isLive: true });
    assert.match(note, /from byte 7 of the text/);
  });
});

test('a hidden unit is remembered by its layer and its index', () => {
  assert.deepEqual(unitPlace(unitName({ layer: 2, index: 0 })), { layer: 2, index: 0 });
  for (const name of [null, undefined, '', '0/1', '1', '1/-1', 'a/1']) assert.equal(unitPlace(name), undefined);
});
