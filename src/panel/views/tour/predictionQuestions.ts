import { quotedSymbol } from '../../../common/format.ts';
import { readRef } from '../../../network/description.ts';
import { written } from '../../../network/names.ts';
import { activationOf, type Network } from '../../../network/network.ts';
import type { StepDetail } from '../../../protocol/study.ts';
import { timed } from '../../network/notation.ts';
import { vectorOf } from '../../state/vectorOf.ts';
import { dotWritten, formatWritten } from './writtenNumber.ts';
import { arranged, type Question } from './question.ts';
import { dot, entry, firstSound, MOST_UNITS_BY_HAND, rowOf, sizesOf, type TourNumbers } from './tourNumbers.ts';

/** Questions about the output of side A: from the logits to the loss. */

/** The logit of the target, by hand where that is possible; else the shape of the weights. */
export function logitsQuestion({ network, parameters, symbolOf }: TourNumbers, detail: StepDetail): Question {
  const { gives, affine, bias } = network.output[0];
  const [[name, of]] = affine;
  const { V, H } = sizesOf(network, detail);
  const [weight, biases] = [parameters.get(name), parameters.get(bias)];
  const read = vectorOf(detail, of);
  const before = preActivationOf(network, readRef(of).name, detail);
  const found =
    weight === undefined || biases === undefined || H > MOST_UNITS_BY_HAND
      ? undefined
      : firstSound([detail.target], (k) => {
          const row = rowOf(weight, H, k);
          const truth = detail.now[gives][k];
          const read1 =
            before === undefined
              ? []
              : [
                  {
                    value: dot(row, before.values) + biases[k],
                    says: `That reads ${timed(before.name)}; the output reads ${timed(of)}.`,
                  },
                ];
          const classOf = `class ${k} ${quotedSymbol(symbolOf(k))}`;
          return {
            kind: 'number',
            asks: `What is ${timed(gives)} of the target, ${classOf}?`,
            given: [
              { markup: written(name), at: `row ${k}`, values: Array.from(row) },
              { markup: timed(of), values: Array.from(read) },
              entry(written(bias), classOf, biases[k]),
            ],
            truth,
            mistakes: [
              ...read1,
              { value: truth - biases[k], says: `That leaves out the bias ${written(bias)}.` },
              { value: Math.exp(truth), says: 'That is exp o(t) already: the next step.' },
            ],
            worked: `${dotWritten(row, read)} + ${formatWritten(biases[k])} = ${formatWritten(truth)}.`,
          };
        });
  return found ?? shapeQuestion(name, V, H);
}

function preActivationOf(
  network: Network,
  name: string,
  detail: StepDetail,
): { readonly name: string; readonly values: Float64Array } | undefined {
  const equation = network.layerEquations.find(({ gives }) => gives === name);
  if (activationOf(network, name) === undefined || equation === undefined || !('apply' in equation)) return undefined;
  return { name: equation.to, values: vectorOf(detail, equation.to) };
}

function shapeQuestion(name: string, V: number, H: number): Question {
  const truth = `${V} × ${H}`;
  const shapes = new Map([
    [`${H} × ${V}`, 'Transposed: what is multiplied has a number for each unit, so the columns are the units.'],
    [`${V} × ${V}`, 'The state has a number for each unit, not for each class.'],
    [`${H} × ${H}`, 'The logits have a number for each class, not for each unit.'],
    ['1 × 1', 'Every class has numbers of its own.'],
    // Last, since a shape of equal sides is written once.
    [truth, 'Right: a row for each class, a column for each unit.'],
  ]);
  const options = [...shapes].map(([shape, says]) => ({ value: shape, label: shape, says }));
  return {
    kind: 'choice',
    asks: `What shape has ${written(name)}, of which each row belongs to one number that it gives?`,
    given: [],
    truth,
    options: arranged(options, name),
    worked: `${written(name)} has ${V} rows, one for each class, and ${H} columns, one for each unit.`,
  };
}

/** The probability of the target. */
export function softmaxQuestion({ network, symbolOf }: TourNumbers, detail: StepDetail): Question {
  const [{ gives: logits }, { gives }] = network.output;
  const o = detail.now[logits];
  const { target } = detail;
  const total = o.reduce((sum, value) => sum + Math.exp(value), 0);
  const of = `class ${target} ${quotedSymbol(symbolOf(target))}`;
  const truth = detail.now[gives][target];
  // The sum as it is written, without the largest logit taken off, has an end.
  const candidates = Number.isFinite(total) ? [target] : [];
  const found = firstSound(candidates, () => ({
    kind: 'number',
    asks: `What probability does the target get, ${of}?`,
    given: [
      entry(timed(logits), of, o[target]),
      { markup: `Σ exp ${timed(logits)}`, at: 'over all classes', values: [total] },
    ],
    truth,
    mistakes: [
      { value: o[target] / total, says: 'Above the line stands exp o(t), not o(t).' },
      { value: Math.exp(o[target]), says: 'That is exp o(t); divide it by the sum over all classes.' },
      { value: total / Math.exp(o[target]), says: 'Upside down: exp o(t) of the target stands above the line.' },
      { value: 1 / o.length, says: 'That would be so if all classes were alike; they are not, quite.' },
      { value: 1 - truth, says: 'That is what all other classes get together.' },
    ],
    worked: `exp(${formatWritten(o[target])}) / ${formatWritten(total)} = ${formatWritten(truth)}.`,
  }));
  return (
    found ?? {
      kind: 'choice',
      asks: 'What do the numbers of ŷ(t) add up to?',
      given: [],
      truth: '1',
      options: arranged(
        [
          { value: '1', label: '1', says: 'Right: they are probabilities.' },
          { value: 'V', label: String(o.length), says: 'Each is divided by the sum of all.' },
          { value: '0', label: '0', says: 'None of them is negative.' },
        ],
        'softmax',
      ),
      worked: 'exp o(t) is divided by its sum over all classes.',
    }
  );
}

/** The loss of one time step, in nats, not divided by N. */
export function lossQuestion({ network, symbolOf }: TourNumbers, detail: StepDetail): Question {
  const { gives } = network.output[1];
  const { target, lossNats: truth, N } = detail;
  const probability = detail.now[gives][target];
  const found = firstSound([target], () => ({
    kind: 'number',
    asks: 'What is the loss L(t) of this time step, in nats?',
    given: [entry(timed(gives), `class ${target} ${quotedSymbol(symbolOf(target))}`, probability)],
    truth,
    mistakes: [
      { value: truth / Math.LN2, says: 'That is in bits, with the logarithm to base 2. The loss is in nats: ln.' },
      { value: truth / Math.LN10, says: 'That is the logarithm to base 10. The loss is in nats: ln.' },
      { value: 1 - probability, says: 'That is what is missing to 1; the loss is −ln of the probability.' },
      ...(N === 1
        ? []
        : [{ value: truth / N, says: `That is divided by N = ${N} already; step 1 of side B does that.` }]),
    ],
    sign: 'A probability is below 1, so its logarithm is negative, and the minus makes the loss positive.',
    worked: `−ln ${formatWritten(probability)} = ${formatWritten(truth)} nats.`,
  }));
  return (
    found ?? {
      kind: 'choice',
      asks: 'How large is a loss at most?',
      given: [],
      truth: 'none',
      options: arranged(
        [
          { value: 'none', label: 'there is no most', says: 'Right: −ln ŷ grows without end as ŷ goes to 0.' },
          { value: '1', label: '1', says: 'A probability is at most 1; its logarithm has no such limit.' },
          { value: 'V', label: 'ln V', says: 'That is the loss of guessing; being sure and wrong costs more.' },
        ],
        'loss',
      ),
      worked: 'L(t) = −ln ŷ of the target: 0 for a sure and right answer.',
    }
  );
}
