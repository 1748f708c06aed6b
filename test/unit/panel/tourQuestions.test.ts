import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { CELL_NAMES } from '../../../src/network/cells.ts';
import { networkOf } from '../../../src/network/network.ts';
import { valueOf } from '../../../src/panel/views/tour/expression.ts';
import {
  judge,
  tidied,
  toleranceOf,
  type NumberQuestion,
  type Question,
} from '../../../src/panel/views/tour/question.ts';
import { softmaxQuestion } from '../../../src/panel/views/tour/predictionQuestions.ts';
import { questionOf } from '../../../src/panel/views/tour/questionOf.ts';
import { stopsOf, type Stop } from '../../../src/panel/views/tour/stops.ts';
import { unitsByError, type TourNumbers } from '../../../src/panel/views/tour/tourNumbers.ts';
import { tourNumbersOf } from './tourNumbers.ts';

const SHAPE = { V: 6, H: 3, T: 5, B: 1 };
const TANH = networkOf({ cell: 'tanh', layers: 1 });

const networks = CELL_NAMES.flatMap((cell) => [1, 2].map((layers) => networkOf({ cell, layers })));

function questionsOf(numbers: TourNumbers): { readonly stop: Stop; readonly question: Question }[] {
  return stopsOf(numbers.network, numbers.tape.inputs.length).map((stop) => {
    const question = questionOf(stop, numbers);
    assert.ok(question !== undefined, stop.id);
    return { stop, question };
  });
}

function questionAt(numbers: TourNumbers, id: string): NumberQuestion {
  const found = questionsOf(numbers).find(({ stop }) => stop.id === id);
  assert.ok(found?.question.kind === 'number', `${id}: ${found?.question.asks}`);
  return found.question;
}

function said(question: Question, value: number): string {
  return judge(question, String(value)).says;
}

suite('the questions of the tour', () => {
  test('are there for every stop of every cell, of one layer and of two, by hand and not', () => {
    for (const network of networks) {
      for (const shape of [SHAPE, { ...SHAPE, B: 2, T: 3 }, { ...SHAPE, T: 1 }, { V: 9, H: 12, T: 20, B: 1 }]) {
        const isByHand = shape.H < 12;
        for (const reduction of ['mean', 'sum'] as const) {
          const numbers = tourNumbersOf(network, shape, {
            reduction,
            isByHand: isByHand && network.layers === 1 && network.cell === 'tanh',
          });
          for (const { stop, question } of questionsOf(numbers)) {
            assert.notEqual(question.asks, '', stop.id);
            if (question.kind === 'number') continue;
            assert.ok(question.options.length > 1, `${stop.id}: ${question.asks}`);
            assert.equal(new Set(question.options.map(({ value }) => value)).size, question.options.length, stop.id);
            assert.equal(
              new Set(question.options.map(({ label }) => label)).size,
              question.options.length,
              `${stop.id}: ${question.options.map(({ label }) => label).join(' | ')}`,
            );
            for (const { value } of question.options) {
              assert.equal(
                judge(question, value).is,
                value === question.truth ? 'right' : 'mistaken',
                `${stop.id} ${value}`,
              );
            }
            assert.match(judge(question, question.truth).says, /^Right/);
          }
        }
      }
    }
  });

  test('write out every product of a scalar product, and what is written comes to the answer', () => {
    const numbers = tourNumbersOf(TANH, SHAPE);
    for (const [id, products] of [
      ['A h', SHAPE.H],
      ['A o', SHAPE.H],
    ] as const) {
      const { worked, truth } = questionAt(numbers, id);
      const way = tidied(worked).split(' = ')[0];
      assert.equal(way.split(' · ').length - 1, products, way);
      const value = valueOf(way) ?? assert.fail(`${way} cannot be computed`);
      assert.ok(Math.abs(value - truth) <= 1e-5 * Math.max(1, Math.abs(truth)), `${way} is ${value}, not ${truth}`);
    }
  });

  test('know their answer and every mistake, and never take one for the other', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...networks.filter(({ layers }) => layers === 1)),
        fc.record({
          V: fc.integer({ min: 2, max: 9 }),
          H: fc.integer({ min: 1, max: 4 }),
          T: fc.integer({ min: 1, max: 4 }),
          B: fc.integer({ min: 1, max: 3 }),
        }),
        fc.constantFrom('mean' as const, 'sum' as const),
        fc.nat(10_000),
        (network, shape, reduction, seed) => {
          const numbers = tourNumbersOf(network, shape, { reduction, seed });
          for (const { stop, question } of questionsOf(numbers)) {
            if (question.kind !== 'number') continue;
            const { truth, mistakes } = question;
            const tolerance = toleranceOf(question);
            assert.ok(tolerance > 4e-4 && tolerance <= 0.01, `${stop.id}: ${tolerance}`);
            for (const factor of [1, 1 + 0.9 * tolerance, 1 - 0.9 * tolerance]) {
              assert.equal(judge(question, String(truth * factor)).is, 'right', `${stop.id}: ${truth}`);
            }
            assert.equal(judge(question, String(-truth)).is, 'mistaken', stop.id);
            assert.match(said(question, -truth), /sign/, `${stop.id}: ${truth}`);
            assert.notEqual(judge(question, '0').is, 'right', stop.id);
            for (const mistake of mistakes) {
              const verdict = judge(question, String(mistake.value));
              assert.equal(verdict.is, 'mistaken', `${stop.id}: ${mistake.says} ${mistake.value}`);
              const same = mistakes.filter(
                ({ value }) => Math.abs(value - mistake.value) <= tolerance * Math.abs(value) + 1e-15,
              );
              assert.ok(
                [...same, { says: 'The size is right' }].some(({ says }) => verdict.says.startsWith(says)),
                `${stop.id}: ${verdict.says}`,
              );
            }
          }
        },
      ),
      { numRuns: 150, seed: 7 },
    );
  });
});

suite('the units that a question may be about', () => {
  test('are those of a large layer with the largest errors, few enough for all of their pairs', () => {
    const a = Float64Array.from({ length: 4096 }, (_, unit) => (unit % 2 === 0 ? unit : -unit));
    const units = unitsByError(TANH, { errors: { a } });
    assert.deepEqual(units.slice(0, 3), [4095, 4094, 4093]);
    assert.ok(units.length ** 2 < 1000);
  });

  test('of a small layer are all of them', () => {
    assert.deepEqual(unitsByError(TANH, { errors: { a: Float64Array.of(0.1, -0.3, 0.2) } }), [1, 2, 0]);
  });
});

suite('what a prediction went wrong by', () => {
  const numbers = tourNumbersOf(TANH, { ...SHAPE, B: 2 });
  const detail = numbers.details.get(4);
  assert.ok(detail !== undefined);
  const { N, target, errors, now, own, future } = { ...detail, ...{ N: detail.N } };

  test('N is the forgotten mean, of the whole batch', () => {
    assert.equal(N, 10);
    const question = questionAt(numbers, 'B 3');
    const truth = (now.yhat[target] - 1) / 10;
    assert.ok(Math.abs(question.truth - truth) < 1e-12);
    assert.match(said(question, truth * 10), /^N is forgotten/);
    assert.match(said(question, truth * 2), /T alone/);
    assert.match(said(question, -truth), /^The size is right, the sign is not\. Raising the logit/);
    assert.match(said(question, -truth * 10), /^N is forgotten.*And the sign is the other one/);
    assert.match(said(question, now.yhat[target] / 10), /other classes get/);
    assert.match(said(question, errors.yhat[target]), /softmax/);
  });

  test('a logarithm to another base, and the loss divided too early', () => {
    const question = questionAt(numbers, 'A L');
    const loss = -Math.log(now.yhat[target]);
    assert.equal(judge(question, `-ln(${now.yhat[target]})`).is, 'right');
    assert.match(said(question, loss / Math.LN2), /bits/);
    assert.match(said(question, loss / Math.LN10), /base 10/);
    assert.match(said(question, loss / N), /step 1/);
  });

  test('the slope of tanh', () => {
    const question = questionAt(numbers, 'B 7');
    const unit = Array.from(errors.h).findIndex((value) => value === question.truth);
    assert.ok(unit >= 0);
    const a = now.a[unit];
    assert.match(said(question, errors.a[unit]), /^The slope of tanh is forgotten/);
    assert.match(said(question, (1 - a) * errors.a[unit]), /square is missing/);
    assert.match(said(question, (1 - now.h[unit] ** 2) * errors.a[unit]), /slope is taken of h\(t\)/);
  });

  test('rows and columns, of a contribution and on the way back', () => {
    const outer = questionAt(numbers, 'B 10');
    const [row, column] = (/row (\d), column (\d)/.exec(outer.asks) ?? []).slice(1).map(Number);
    assert.equal(outer.truth, errors.h[row] * detail.before.a[column]);
    assert.match(said(outer, errors.h[column] * detail.before.a[row]), /^Transposed/);
    assert.match(said(outer, errors.h[row] * now.a[column]), /state that came in/);

    const message = questionAt(numbers, 'B 11');
    const unit = Number(/unit (\d)/.exec(message.asks)?.[1]);
    const W_ah = numbers.parameters.get('W_ah') ?? new Float64Array(0);
    const back = errors.h.reduce((sum, error, i) => sum + W_ah[i * 3 + unit] * error, 0);
    const forth = errors.h.reduce((sum, error, i) => sum + W_ah[unit * 3 + i] * error, 0);
    assert.ok(Math.abs(message.truth - back) < 1e-15);
    assert.match(said(message, forth), /^Transposed/);
  });

  test('one of the two errors that meet', () => {
    const earlier = numbers.details.get(3);
    assert.ok(earlier !== undefined);
    const question = questionAt(numbers, 'arrival');
    const unit = Array.from(earlier.errors.a).findIndex((value) => value === question.truth);
    assert.ok(unit >= 0);
    assert.match(said(question, earlier.own.a[unit]), /message from t = 4 is missing/);
    assert.match(said(question, earlier.future.a[unit]), /own error is missing/);
    assert.ok(own.a.every((value, i) => value === errors.a[i]) && future.a.every((value) => value === 0));
  });

  test('early rounding and a slipped decimal point; and what is no number at all', () => {
    const question = questionAt(numbers, 'B 3');
    assert.match(said(question, question.truth * 1.03), /^Close, but off by 3/);
    assert.match(said(question, question.truth / 1000), /decimal point/);
    assert.equal(judge(question, 'half').is, 'unreadable');
    assert.equal(judge(question, '1/0').is, 'unreadable');
    assert.equal(judge(question, '').is, 'unreadable');
  });

  test('and the way to the number is written as one writes it', () => {
    assert.equal(tidied('−0.5 + −0.25 + 1 = 0.25.'), '−0.5 − 0.25 + 1 = 0.25.');
    assert.equal(tidied('−0.5 · −0.25 = 0.125.'), '−0.5 · (−0.25) = 0.125.');
    assert.equal(tidied('tanh −1.5e−5 = −1.5e−5.'), 'tanh (−1.5e−5) = −1.5e−5.');
  });

  test('is not asked where there is nothing to predict: a carried state of zeros has no outer product', () => {
    const still = tourNumbersOf(TANH, { ...SHAPE, T: 1 });
    const zero = still.details.get(0);
    assert.ok(zero !== undefined);
    const question = questionOf(stopsOf(TANH, 1).find(({ id }) => id === 'B 10') ?? assert.fail(), {
      ...still,
      details: new Map([[0, { ...zero, before: { a: new Float64Array(3) } }]]),
    });
    assert.equal(question?.kind, 'choice');
  });

  test('nor asked with a sum that has no end: of logits whose exponentials overflow there is a choice', () => {
    const window = tourNumbersOf(TANH, SHAPE);
    const detail = window.details.get(SHAPE.T - 1) ?? assert.fail();
    const large = { ...detail, now: { ...detail.now, o: detail.now.o.map((value) => value + 800) } };
    assert.equal(softmaxQuestion(window, detail).kind, 'number');
    assert.equal(softmaxQuestion(window, large).kind, 'choice');
  });
});
