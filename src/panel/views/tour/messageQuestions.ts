import { isRefTo, readRef, type Equation } from '../../../network/description.ts';
import { written } from '../../../network/names.ts';
import { readersOf, type Network } from '../../../network/network.ts';
import { listed } from '../../../network/quantities.ts';
import type { StepDetail } from '../../../protocol/study.ts';
import { errorAt, factor, timed } from '../../network/notation.ts';
import { vectorOf } from '../../state/vectorOf.ts';
import { messageMarkup, messageTerms } from '../tape/terms.ts';
import { dotWritten, formatWritten } from './writtenNumber.ts';
import { formulaOf } from './errorQuestions.ts';
import { mistakesOfN } from './outputQuestions.ts';
import { arranged, type Option, type Question } from './question.ts';
import {
  columnOf,
  dot,
  entry,
  firstSound,
  MOST_UNITS_BY_HAND,
  rowOf,
  unit,
  unitsByError,
  type TourNumbers,
} from './tourNumbers.ts';

/** Questions about what a time step passes to the one before. */

/** What is sent to the time step before. */
export function messageQuestion(numbers: TourNumbers, state: string, detail: StepDetail): Question {
  const { network } = numbers;
  const terms = messageTerms(network, state);
  const weights = terms.flatMap((term) => term.weights);
  if (weights.length === 0) return gatedMessage(numbers, state, detail);
  if (terms.length === 1 && weights.length === 1) {
    return (
      messageByHand(numbers, state, weights[0], terms[0].reader, detail) ??
      transposedQuestion(state, weights[0], terms[0].reader)
    );
  }
  return howItGoesBack(network, state, weights);
}

function messageByHand(
  { network, parameters }: TourNumbers,
  state: string,
  weight: string,
  reader: string,
  detail: StepDetail,
): Question | undefined {
  const error = detail.errors[reader];
  const H = error.length;
  const values = parameters.get(weight);
  if (values === undefined || H > MOST_UNITS_BY_HAND) return undefined;
  return firstSound(unitsByError(network, detail), (j) => {
    const truth = detail.messages[state][j];
    const column = columnOf(values, H, j);
    const through = detail.errors[state];
    const name = written(weight);
    return {
      kind: 'number',
      asks: `What does this time step pass to unit ${j} of ${timed(`${state}⁻`)}?`,
      given: [
        { markup: name, at: `column ${j}, row after row`, values: Array.from(column) },
        { markup: name, at: `row ${j}`, values: Array.from(rowOf(values, H, j)) },
        { markup: errorAt(reader), values: Array.from(error) },
      ],
      truth,
      mistakes: [
        {
          value: dot(rowOf(values, H, j), error),
          says: `Transposed: that goes along row ${j}, as on the way forward. Back it goes down column ${j}, ${name}ᵀ.`,
          mustDiffer: true,
        },
        {
          value: dot(column, through),
          says: `That sends ${errorAt(state)}; the slope comes first, so it is ${errorAt(reader)} that goes through ${name}ᵀ.`,
        },
        {
          value: column[j] * error[j],
          says: `That is the way from unit ${j} alone; every unit has read ${timed(`${state}⁻`)} of unit ${j}.`,
        },
        ...mistakesOfN(truth, detail),
      ],
      worked: `${dotWritten(column, error)} = ${formatWritten(truth)}.`,
    };
  });
}

function transposedQuestion(state: string, weight: string, reader: string): Question {
  const [name, error] = [written(weight), errorAt(reader)];
  const options: Option[] = [
    {
      value: 'right',
      label: `${name}ᵀ ${error}`,
      says: 'Right: every unit gets back from all that have read it, by the weights with which they did.',
    },
    {
      value: 'transposed',
      label: `${name} ${error}`,
      says: `Transposed: ${name} goes forward, from units read to units that read. Back it is ${name}ᵀ.`,
    },
    { value: 'state', label: `${name}ᵀ ${errorAt(state)}`, says: 'The error goes through the slope first.' },
    {
      value: 'entries',
      label: `${name} ⊙ ${error}`,
      says: 'A matrix is multiplied with a vector here, not entry by entry.',
    },
  ];
  return {
    kind: 'choice',
    asks: `What does this time step pass to ${timed(`${state}⁻`)}?`,
    given: [],
    truth: 'right',
    options: arranged(options, weight),
    worked: `${name}ᵀ ${error}.`,
  };
}

/** A message that no weight changes. */
function gatedMessage({ network }: TourNumbers, state: string, detail: StepDetail): Question {
  const [reader] = readersOf(network, state).next as readonly Equation[];
  const isMeant = (ref: string): boolean => isRefTo(ref, { name: state, isBefore: true });
  const products = 'sum' in reader ? reader.sum.filter((factors) => factors.some(isMeant)) : [];
  const others = products.flatMap((factors) => factors.filter((ref) => !isMeant(ref)));
  const markup = messageMarkup(network, state, 't');
  const found =
    products.length !== 1
      ? undefined
      : firstSound(unitsByError(network, detail), (j) => {
          const error = detail.errors[reader.gives][j];
          const truth = detail.messages[state][j];
          const values = others.map((ref) => vectorOf(detail, ref)[j]);
          return {
            kind: 'number',
            asks: `What does this time step pass to unit ${j} of ${timed(`${state}⁻`)}?`,
            given: [
              entry(errorAt(reader.gives), unit(j), error),
              ...others.map((ref) => entry(timed(ref), unit(j), vectorOf(detail, ref)[j])),
            ],
            truth,
            mistakes: [
              { value: error, says: `The gate is forgotten: ${markup}.` },
              ...others.flatMap((ref) => {
                const { isLeft } = readRef(ref);
                const value = vectorOf(detail, ref)[j];
                return [
                  {
                    value: (1 - value) * error,
                    says: isLeft
                      ? `That takes ${timed(readRef(ref).name)}; it is ${factor(ref)} that keeps the state.`
                      : `That takes 1 − ${timed(ref)}; it is ${timed(ref)} that keeps the state.`,
                  },
                ];
              }),
              {
                value: vectorOf(detail, `${state}⁻`)[j] * error,
                says: `That multiplies by the state itself; the factor is the gate that kept it.`,
              },
              ...mistakesOfN(truth, detail),
            ],
            worked: `${[...values, error].map(formatWritten).join(' · ')} = ${formatWritten(truth)}: no weight and no slope is on this way, so the error lasts as long as the gate keeps.`,
          };
        });
  return found ?? formulaOf(markup, `What does this time step pass to ${timed(`${state}⁻`)}?`, state);
}

/** A message that comes by several ways. */
function howItGoesBack(network: Network, state: string, weights: readonly string[]): Question {
  const terms = messageTerms(network, state);
  const kept = terms.filter((term) => term.weights.length === 0).map(({ markup }) => markup);
  const truth = [...kept, ...(weights.length === 0 ? [] : [`${listed(weights)}, each transposed`])].join(', and ');
  const options: Option[] = [
    { value: 'right', label: truth, says: 'Right: all that has read the state sends something back, and it adds up.' },
    {
      value: 'one',
      label: `${listed(weights.slice(0, 1))} alone, transposed`,
      says: `${listed(weights)} have all read ${timed(`${state}⁻`)}.`,
    },
    { value: 'forward', label: `${listed(weights)}, as they are`, says: 'On the way back a weight is transposed.' },
    {
      value: 'none',
      label: 'no weight: the state goes on as it is',
      says: `${listed(weights)} have read ${timed(`${state}⁻`)}, so error comes back through them.`,
    },
  ];
  return {
    kind: 'choice',
    asks: `Through what does error go back to ${timed(`${state}⁻`)}?`,
    given: [],
    truth: 'right',
    options: arranged(
      weights.length === 1 ? options.filter(({ value }) => value !== 'one' || kept.length > 0) : options,
      state,
    ),
    worked: `The message is ${messageMarkup(network, state, 't')}.`,
  };
}
