import { isRefTo, readRef, type Activation, type Equation } from '../../../network/description.ts';
import { readersOf, type Network } from '../../../network/network.ts';
import { SLOPE_AT } from '../../../network/slopeAt.ts';
import { SLOPES } from '../../../network/slopes.ts';
import type { StepDetail } from '../../../protocol/study.ts';
import { errorAt, timed } from '../../network/notation.ts';
import { vectorOf } from '../../state/vectorOf.ts';
import { sumOf, termsOf } from '../tape/terms.ts';
import { formatWritten } from './writtenNumber.ts';
import { mistakesOfN } from './outputQuestions.ts';
import { arranged, type NumberQuestion, type Option, type Question } from './question.ts';
import { entry, firstSound, unit, unitsByError, type TourNumbers } from './tourNumbers.ts';

/** Questions about the errors of what a layer computes, and about what goes to the time step before. */

type Reader<K extends string> = Extract<Equation, Readonly<Record<K, unknown>>>;

/** The error of a quantity of a layer. */
export function errorQuestion(numbers: TourNumbers, of: string, detail: StepDetail): Question {
  const { network } = numbers;
  const { now, next } = readersOf(network, of);
  const [reader] = now as readonly Equation[];
  const isLast = detail.t === detail.T - 1;
  if (next.length > 0 && isLast && (reader === undefined || !('apply' in reader))) return lastHasNoFuture(network, of);
  if (next.length > 0 && !isLast) return arrivalQuestion(numbers, of, detail);
  if (now.length === 1 && 'apply' in reader) return slopeQuestion(numbers, reader, of, detail);
  if (now.length === 1 && 'sum' in reader) return productQuestion(numbers, reader, of, detail);
  return formulaQuestion(network, of);
}

/** Of the two terms of a state's error, the one that is zero at the last time step. */
function lastHasNoFuture(network: Network, state: string): Question {
  const { now, next } = termsOf(network, state);
  const why = 'At t = T−1 no later time step has read the state, so nothing comes back from there.';
  const options: Option[] = [
    ...(now.length === 0
      ? []
      : [
          {
            value: 'own',
            label: sumOf(now),
            says: `That comes from this time step, which has read ${timed(state)}. ${why}`,
          },
        ]),
    { value: 'future', label: sumOf(next), says: `Right. ${why}` },
    { value: 'none', label: 'none of them', says: why },
  ];
  return {
    kind: 'choice',
    asks: `${errorAt(state)} adds up all that has read ${timed(state)}. This is the last time step of the window, t = T−1: which part is 0?`,
    given: [],
    truth: 'future',
    options: arranged(options, state),
    worked: `${errorAt(state)} = ${sumOf(now)} here. Truncated backpropagation ends the window at t = T−1.`,
  };
}

/** The step's own error and the message that arrives add up. */
export function arrivalQuestion({ network }: TourNumbers, state: string, detail: StepDetail): Question {
  const own = detail.own[state];
  const future = detail.future[state];
  const { now, next } = termsOf(network, state);
  const found = firstSound(unitsByError(network, detail), (j) => {
    const truth = detail.errors[state][j];
    return {
      kind: 'number',
      asks: `The message has come to t = ${detail.t}. What is ${errorAt(state)} of unit ${j} here?`,
      given: [
        ...(now.length === 0 ? [] : [entry(sumOf(now), unit(j), own[j])]),
        entry(sumOf(next), unit(j), future[j]),
      ],
      truth,
      mistakes: [
        {
          value: own[j],
          says: `That is what this time step gives back itself; the message from t = ${detail.t + 1} is missing.`,
          mustDiffer: true,
        },
        { value: future[j], says: 'That is the message alone; this time step’s own error is missing.' },
        { value: own[j] - future[j], says: 'The two parts are added, each with its sign.' },
        { value: future[j] - own[j], says: 'The two parts are added, each with its sign.' },
        { value: own[j] * future[j], says: 'The two parts are added, not multiplied.' },
        ...mistakesOfN(truth, detail),
      ],
      worked: `${formatWritten(own[j])} + ${formatWritten(future[j])} = ${formatWritten(truth)}. This is backpropagation through time.`,
    };
  });
  return found ?? formulaQuestion(network, state);
}

/** The error before an activation: its slope times the error after it. */
function slopeQuestion(
  { network }: TourNumbers,
  { apply, gives }: Reader<'apply'>,
  of: string,
  detail: StepDetail,
): Question {
  const { symbol, of: slopeOf, shut } = SLOPES[apply];
  const gave = vectorOf(detail, gives);
  const before = vectorOf(detail, of);
  const found = firstSound(unitsByError(network, detail), (j): NumberQuestion => {
    const error = detail.errors[gives][j];
    const truth = detail.errors[of][j];
    const slope = SLOPE_AT[apply](gave[j]);
    const formula = slopeOf(timed(gives));
    return {
      kind: 'number',
      asks: `Back through ${symbol}: what is ${errorAt(of)} of unit ${j}?`,
      given: [entry(timed(gives), unit(j), gave[j]), entry(errorAt(gives), unit(j), error)],
      truth,
      mistakes: [
        { value: error, says: `The slope of ${symbol} is forgotten: multiply by ${formula}.`, mustDiffer: true },
        {
          value: SLOPE_AT[apply](before[j]) * error,
          says: `The slope is taken of ${timed(of)}; it is ${formula}, of what ${symbol} gave.`,
        },
        {
          value: (1 - gave[j]) * error,
          says:
            apply === 'tanh'
              ? `The square is missing: the slope is ${formula}.`
              : `The factor ${timed(gives)} is missing: the slope is ${formula}.`,
        },
        { value: gave[j] * error, says: `That multiplies by ${timed(gives)} itself; the slope is ${formula}.` },
        ...(apply === 'tanh'
          ? [
              { value: (1 + gave[j] ** 2) * error, says: 'One plus the square: the slope of tanh is one minus it.' },
              { value: gave[j] ** 2 * error, says: `That multiplies by the square alone; the slope is ${formula}.` },
            ]
          : []),
        ...mistakesOfN(truth, detail),
      ],
      sign: `The slope of ${symbol} is never negative, so the sign of ${errorAt(gives)} stays.`,
      worked: `${formula} is ${formatWritten(slope)}, and ${formatWritten(slope)} · ${formatWritten(error)} = ${formatWritten(truth)}. The slope is ${shut}.`,
    };
  });
  return found ?? slopeFormulaQuestion(apply, gives, of);
}

function slopeFormulaQuestion(apply: Activation, gives: string, of: string): Question {
  const { factorOf, symbol } = SLOPES[apply];
  const error = errorAt(gives);
  const options: Option[] = [
    {
      value: 'right',
      label: `${factorOf(timed(gives))} ⊙ ${error}`,
      says: `Right: the slope of ${symbol}, from what it gave.`,
    },
    { value: 'none', label: error, says: `The slope of ${symbol} is forgotten.` },
    // ReLU gives something above 0 just where it is given that: there both are right.
    ...(apply === 'relu'
      ? []
      : [
          {
            value: 'before',
            label: `${factorOf(timed(of))} ⊙ ${error}`,
            says: `The slope is a function of what ${symbol} gave, not of what it was given.`,
          },
        ]),
    {
      value: 'itself',
      label: `${timed(gives)} ⊙ ${error}`,
      says: `That multiplies by what ${symbol} gave; its slope is another number.`,
    },
  ];
  return {
    kind: 'choice',
    asks: `Back through ${symbol}: what is ${errorAt(of)}?`,
    given: [],
    truth: 'right',
    options: arranged(options, of),
    worked: `${errorAt(of)} = ${factorOf(timed(gives))} ⊙ ${error}.`,
  };
}

/** The error of a factor in a sum of products. */
function productQuestion(
  { network }: TourNumbers,
  { gives, sum }: Reader<'sum'>,
  of: string,
  detail: StepDetail,
): Question {
  const isMeant = (ref: string): boolean => isRefTo(ref, { name: of, isBefore: false });
  const products = sum.filter((factors) => factors.some(isMeant));
  const others = products.map((factors) => factors.toSpliced(factors.findIndex(isMeant), 1));
  const signs = products.map((factors) => (readRef(factors.find(isMeant) ?? '').isLeft ? -1 : 1));
  const found = firstSound(unitsByError(network, detail), (j) => {
    const error = detail.errors[gives][j];
    const truth = detail.errors[of][j];
    const values = others.map((refs) => refs.map((ref) => vectorOf(detail, ref)[j]));
    const terms = values.map(
      (factors, index) => signs[index] * factors.reduce((product, value) => product * value, error),
    );
    const refs = [...new Set(others.flat())];
    const shown =
      terms.length === 1 ? [...values[0], error].map(formatWritten).join(' · ') : terms.map(formatWritten).join(' + ');
    return {
      kind: 'number',
      asks: `What is ${errorAt(of)} of unit ${j}?`,
      given: [
        entry(errorAt(gives), unit(j), error),
        ...refs.map((ref) => entry(timed(ref), unit(j), vectorOf(detail, ref)[j])),
      ],
      truth,
      mistakes: [
        {
          value: error,
          says: `That is ${errorAt(gives)} as it came. In ${timed(gives)} something is multiplied with ${timed(of)}, and that is the factor.`,
        },
        {
          value: vectorOf(detail, of)[j] * error,
          says: `That multiplies by ${timed(of)} itself; the factor is what ${timed(of)} is multiplied with.`,
        },
        ...(terms.length > 1
          ? terms.map((term) => ({
              value: truth - term,
              says: `${timed(of)} is read in several terms, and what each sends back adds up.`,
            }))
          : []),
        ...(terms.length > 1
          ? [
              {
                value: terms.reduce((total, term, index) => total + signs[index] * term, 0),
                says: `Where 1 − ${timed(of)} is read, the derivative has a minus.`,
              },
            ]
          : []),
        ...mistakesOfN(truth, detail),
      ],
      worked: `${shown} = ${formatWritten(truth)}.`,
    };
  });
  return found ?? formulaQuestion(network, of);
}

/** Where numbers tell nothing apart: the formula. */
export function formulaQuestion(network: Network, quantity: string): Question {
  const { now, next } = termsOf(network, quantity);
  return formulaOf(sumOf([...now, ...next]), `What is ${errorAt(quantity)}?`, quantity);
}

export function formulaOf(markup: string, asks: string, seed: string): Question {
  const options: Option[] = [
    { value: 'right', label: markup, says: 'Right: what each reader sends back, added up.' },
    { value: 'minus', label: `1 − ${markup}`, says: 'Nothing is taken from one here.' },
    { value: 'zero', label: '0', says: 'Whatever was read gets something back.' },
  ];
  return {
    kind: 'choice',
    asks,
    given: [],
    truth: 'right',
    options: arranged(options, seed),
    worked: `${markup}.`,
  };
}
