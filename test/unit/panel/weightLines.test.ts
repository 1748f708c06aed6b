import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { finish } from '../../../src/common/work.ts';
import { OPTIMIZER_NAMES } from '../../../src/common/optimizers.ts';
import type { RunSettings } from '../../../src/protocol/settings.ts';
import type { WeightUpdate } from '../../../src/protocol/study.ts';
import { mathText, mathTree } from '../../../src/panel/views/tape/mathMarkup.ts';
import { clippingFact, elementWords, stepFact } from '../../../src/panel/views/weight/weightFacts.ts';
import { elementName, weightParts } from '../../../src/panel/views/weight/weightLines.ts';
import { networkOf } from '../../../src/network/network.ts';
import { windowStudyOf } from '../study/windowStudyCaptures.ts';
import { rowsOf, smallRun } from '../training/helpers.ts';

type Chosen = Partial<{ parameter: string; element: { row: number; column: number } }>;

/** An update of a small run after some iterations. */
function updateOf(settings: Partial<RunSettings>, iterations: number, chosen: Chosen = {}): WeightUpdate {
  const run = smallRun({ threads: 1, ...settings });
  rowsOf(run, iterations);
  const capture = run.capture();
  const { parameter = null, element = null } = chosen;
  return finish(windowStudyOf(capture).update({ iteration: capture.iteration, stream: 0, parameter, element }));
}

const network = networkOf({ cell: 'tanh', layers: 1 });
const symbolOf = (id: number): string => String.fromCodePoint(97 + id);

/** A number as it stands in a line. */
function read(text: string): number {
  return Number(text.replaceAll('−', '-'));
}

/** What the right side of a line gives when a person computes it from the numbers that are written there. */
function recomputed(numbers: string): number {
  const script = numbers
    .replaceAll(/ of this stream| of the \d+ other streams?| \(the sum over \d+ time steps\)/g, '')
    .replaceAll('10⁻⁶', '1e-6')
    .replaceAll('10⁻⁸', '1e-8')
    .replaceAll('−', '-')
    .replaceAll('·', '*')
    .replaceAll('²', '**2')
    .replaceAll('^', '**')
    .replaceAll(/√([\d.e-]+)/g, 'Math.sqrt($1)')
    .replaceAll('min(', 'Math.min(');
  assert.match(script, /^[\d\s.e+*/()-]*(Math\.(sqrt|min)\([\d\s.,e+*/()-]*)*$/);
  // eslint-disable-next-line no-eval
  return (0, eval)(script) as number;
}

suite('the lines of an update', () => {
  for (const optimizer of OPTIMIZER_NAMES) {
    test(`can be computed again from their own numbers, to six digits: ${optimizer}`, () => {
      for (const sizes of [{ sequenceLength: 5, batchSize: 1 }, {}] as const) {
        for (const clipNorm of [0, 0.05, 5]) {
          const update = updateOf({ optimizer, clipNorm, ...sizes }, 3, { parameter: 'W_ah' });
          const lines = weightParts(update).flatMap((part) => part.lines);
          for (const { key, numbers, value, markup } of lines) {
            mathTree({ markup });
            if (numbers === undefined) continue;
            // A sum may lose digits to cancellation; the weight moves little.
            const parts = numbers.match(/[\d.]+(e-\d+)?/g)?.map(read) ?? [];
            const largest =
              key === 'gradient' || key === 'm' ? Math.max(...parts.filter((part) => part < 1)) : Math.abs(value);
            assert.ok(Math.abs(recomputed(numbers) - value) <= 2e-5 * largest, `${key}: ${numbers} is not ${value}`);
          }
          const last = lines.at(-1);
          assert.equal(last?.key, 'weight');
          assert.equal(last.value, update.weightAfter);
          assert.equal(lines.find(({ key }) => key === 'Δ')?.value.toPrecision(12), update.change.toPrecision(12));
        }
      }
    });
  }

  test('are formulas that can be read in one line', () => {
    const update = updateOf({ optimizer: 'adam', clipNorm: 5 }, 3, {
      parameter: 'W_ah',
      element: { row: 1, column: 2 },
    });
    const texts = weightParts(update).flatMap(({ lines }) => lines.map(({ markup }) => mathText({ markup })));
    assert.deepEqual(texts, [
      '∂W_ah[1,2] = Σ_t Σ_b ∂W_ah(t)[1,2]',
      '‖∂‖',
      'κ = min(1, θ/(‖∂‖ + 10⁻⁶))',
      'g = κ ∂W_ah[1,2]',
      'm ← 0.9 m + 0.1 g',
      'v ← 0.999 v + 0.001 g²',
      'm̂ = m/(1 − 0.9ᵏ)',
      'v̂ = v/(1 − 0.999ᵏ)',
      'Δ = −η m̂/(√v̂ + ε)',
      'W_ah[1,2] ← W_ah[1,2] + Δ',
    ]);
    assert.equal(elementName({ ...update, parameter: 'b_h.2', columns: 1 }), 'b_h⁽²⁾[1]');
  });

  test('say N with its numbers, and that a sum is not divided', () => {
    const words = (settings: Partial<RunSettings>) => weightParts(updateOf(settings, 0))[0].lines[0].words;
    assert.match(words({}), /divided by N = T·B = 10·3 = 30/);
    assert.match(words({ reduction: 'sum' }), /N = 1, since L is the sum over the window$/);
  });
});

suite('formulas with roots and exponents', () => {
  test('put what follows a root under it, and raise what is small', () => {
    const [, , , root] = mathTree({ markup: 'Δ = {g|2} √v̂ + ε' }).children ?? [];
    assert.deepEqual(root, {
      tag: 'msqrt',
      children: [
        {
          tag: 'mover',
          children: [
            { tag: 'mi', text: 'v' },
            { tag: 'mo', text: '^' },
          ],
        },
      ],
    });
    const [power] = mathTree({ markup: '10⁻⁶' }).children ?? [];
    assert.deepEqual(power, {
      tag: 'msup',
      children: [
        { tag: 'mn', text: '10' },
        { tag: 'mtext', text: '−6' },
      ],
    });
  });
});

suite('what an update says in words', () => {
  const base = updateOf({ optimizer: 'adam', clipNorm: 5 }, 3, { parameter: 'W_ah' });

  test('is which weight it is', () => {
    const at = { row: 3, column: 1 };
    const words = (parameter: string) => elementWords(network, { ...base, parameter, ...at }, symbolOf);
    assert.match(words('W_xh'), /from class 1 ‘b’ of x\(t\) to unit 3 of h\(t\)$/);
    assert.match(words('W_ah'), /from unit 1 of a\(t−1\) to unit 3 of h\(t\)$/);
    assert.match(words('W_ao'), /from unit 1 of a\(t\) to class 3 ‘d’ of o\(t\)$/);
    assert.match(words('b_o'), /of class 3 ‘d’ of o\(t\)$/);
  });

  test('is whether clipping acts, is off or has nothing to do', () => {
    assert.match(clippingFact({ ...base, clipNorm: 0, clipFactor: 1 }), /^Clipping is off/);
    assert.match(
      clippingFact({ ...base, clipNorm: 5, clipFactor: 1, totalNorm: 1.2 }),
      /^Clipping does not act: ‖∂‖ = 1\.200 is not above clipNorm θ = 5\.$/,
    );
    const acting = { ...base, clipNorm: 5, clipFactor: 0.5, totalNorm: 10 };
    assert.match(
      clippingFact(acting),
      /is above clipNorm θ = 5, so every gradient .* is multiplied by 0\.5000\. Adam divides/,
    );
    assert.doesNotMatch(clippingFact({ ...acting, optimizer: 'sgd' }), /divides/);
    assert.match(clippingFact({ ...acting, clipFactor: NaN, totalNorm: NaN }), /not a number, which clipping cannot/);
  });

  test('is what momentum does to a step that goes with its gradient, and nothing where it goes against it', () => {
    const against = { ...base, gradient: 0.1, clipped: 0.1, change: -0.01, step: 4 };
    assert.equal(stepFact(against, symbolOf), undefined);
    const up = stepFact({ ...against, change: 0.01 }, symbolOf);
    assert.match(up ?? '', /asks for a step down, and the weight goes up, because m still points the other way/);
    const down = stepFact({ ...against, gradient: -0.1, clipped: -0.1, optimizer: 'momentum' }, symbolOf);
    assert.match(down ?? '', /asks for a step up, and the weight goes down/);
  });

  test('is that a weight without a gradient rests, or goes on by its momentum', () => {
    const run = smallRun({ optimizer: 'adam', batchSize: 1 });
    rowsOf(run, 20);
    const capture = run.capture();
    const unread = run.vocabulary.codes.findIndex((_, id) => !capture.inputs.includes(id));
    const study = windowStudyOf(capture);
    const moved = [0, 1, 2, 3, 4, 5, 6, 7].map((row) =>
      finish(study.update({ iteration: 20, stream: 0, parameter: 'W_xh', element: { row, column: unread } })),
    );
    for (const update of moved) {
      assert.equal(update.gradient, 0);
      const said = stepFact(update, symbolOf) ?? '';
      assert.match(said, /^No stream reads ‘.’ in this window/);
      assert.match(
        said,
        update.change === 0 ? /It stays where it is\.$/ : /by what m still holds of earlier iterations\.$/,
      );
    }
    const bias = { ...base, parameter: 'b_h', gradient: 0, clipped: 0, change: 0 };
    assert.match(stepFact(bias, symbolOf) ?? '', /^This window says nothing .* It stays where it is\.$/);
  });

  test('is not that a character is not read where the gradient is 0 for another reason', () => {
    const resting = { ...base, parameter: 'W_xh', gradient: 0, clipped: 0, change: 0 };
    assert.match(stepFact({ ...resting, isRead: true }, symbolOf) ?? '', /^This window says nothing about this weight/);
    assert.match(stepFact({ ...resting, isRead: false }, symbolOf) ?? '', /^No stream reads/);
  });

  test('is that the first step of Adam has the size of the learning rate', () => {
    const first = updateOf({ optimizer: 'adam', clipNorm: 5, learningRate: 0.002 }, 0);
    assert.match(stepFact(first, symbolOf) ?? '', /Adam moves every weight by η = 0\.002, however large/);
    assert.ok(Math.abs(Math.abs(first.change) / 0.002 - 1) < 0.01);
    const tiny = { ...first, change: first.change / 2 };
    assert.equal(stepFact(tiny, symbolOf), undefined);
  });
});
