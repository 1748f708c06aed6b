import { quotedSymbol } from '../../../common/format.ts';
import { readRef, type Equation } from '../../../network/description.ts';
import { written } from '../../../network/names.ts';
import { readersOf, type Network, type Step } from '../../../network/network.ts';
import type { StepDetail } from '../../../protocol/study.ts';
import { errorAt, timed } from '../../network/notation.ts';
import { axisOf } from '../../network/quantities.ts';
import { vectorOf } from '../../state/vectorOf.ts';
import { formatWritten } from './writtenNumber.ts';
import { mistakesOfN, whichIsNegative } from './outputQuestions.ts';
import { arranged, type Mistake, type Option, type Question } from './question.ts';
import { entry, firstSound, sizesOf, unit, unitsByError, type TourNumbers } from './tourNumbers.ts';

/** Questions about what a time step contributes to the gradient of a parameter. */

type Contribution = Extract<Step, { kind: 'contribution' }>;

export function contributionQuestion(numbers: TourNumbers, step: Contribution, detail: StepDetail): Question {
  const { network } = numbers;
  if (step.v === undefined) {
    return step.u === network.output[0].gives ? whichIsNegative(numbers, detail) : biasQuestion(network, step);
  }
  if (step.v === 'x') return touchedQuestion(numbers, step, detail);
  return outerQuestion(numbers, step, step.v, detail) ?? orderQuestion(step, step.v);
}

/** A bias is added as it is. */
function biasQuestion(network: Network, { to, u }: Contribution): Question {
  const reader = (readersOf(network, u).now as readonly Equation[])[0];
  const after = reader?.gives;
  const options: Option[] = [
    {
      value: 'right',
      label: errorAt(u),
      says: `Right: ${written(to)} is added to ${timed(u)}, so its derivative is that of ${timed(u)}.`,
    },
    ...(after === undefined
      ? []
      : [
          {
            value: 'after',
            label: errorAt(after),
            says: `That has not come back to ${timed(u)} yet; ${written(to)} is added before.`,
          },
        ]),
    { value: 'product', label: `${errorAt(u)} ⊙ ${timed(u)}`, says: 'A bias is multiplied by nothing, that is by 1.' },
    { value: 'zero', label: '0', says: `${written(to)} takes part in ${timed(u)}, so it has a share in the loss.` },
  ];
  return {
    kind: 'choice',
    asks: `${written(to)} is added to ${timed(u)}. What is its contribution ${errorAt(to)}?`,
    given: [],
    truth: 'right',
    options: arranged(options, to),
    worked: `${errorAt(to)} = ${errorAt(u)}, whose entries are the step’s push on every unit’s bias.`,
  };
}

/** A weight of the input: only one column is touched. */
function touchedQuestion({ network, symbolOf }: TourNumbers, { to, u }: Contribution, detail: StepDetail): Question {
  const { V, H } = sizesOf(network, detail);
  const { input } = detail;
  const name = quotedSymbol(symbolOf(input));
  const isRow = 'x(t) is 1 at one class alone, and a class has a column.';
  const counts = new Map([
    [1, `A whole column is touched, a number for each unit. ${isRow}`],
    [V, `That is a row; ${isRow}`],
    [V * H, `x(t) is one-hot, and what it multiplies by 0 stays untouched. ${isRow}`],
    // Last, since others may come to the same number.
    [H, `Right: the column of ${name}, a number for each unit, which is ${errorAt(u)}.`],
  ]);
  const options = [...counts].map(([count, says]) => ({ value: String(count), label: String(count), says }));
  return {
    kind: 'choice',
    asks: `${written(to)} has ${H} × ${V} = ${H * V} numbers, a row for each unit and a column for each class. How many of ${errorAt(to)} can be other than 0?`,
    given: [],
    truth: String(H),
    options: arranged(options, to),
    worked: `Only column ${input}, of ${name}, is touched; it is ${errorAt(u)}.`,
  };
}

/** One entry of an outer product. */
function outerQuestion(
  { network, symbolOf }: TourNumbers,
  { to, u }: Contribution,
  v: string,
  detail: StepDetail,
): Question | undefined {
  const error = detail.errors[u];
  const read = vectorOf(detail, v);
  const isOfClasses = axisOf(network, u) === 'symbol';
  const units = unitsByError(network, detail);
  const rows = isOfClasses ? [detail.target] : units;
  const pairs = rows.flatMap((i) => units.map((j) => [i, j] as const));
  // An entry off the diagonal first, at which rows and columns can be confused.
  const order = [
    ...pairs.filter(([i, j]) => i !== j && i < read.length && j < error.length),
    ...pairs.filter(([i, j]) => i === j || i >= read.length || j >= error.length),
  ];
  return firstSound(order, ([i, j]) => {
    const truth = error[i] * read[j];
    const row = isOfClasses ? `row ${i} ${quotedSymbol(symbolOf(i))}` : `row ${i}`;
    const at = isOfClasses ? `class ${i} ${quotedSymbol(symbolOf(i))}` : unit(i);
    return {
      kind: 'number',
      asks: `What is ${errorAt(to)} at ${row}, column ${j}?`,
      given: [
        entry(errorAt(u), at, error[i]),
        ...(j < error.length && j !== i && !isOfClasses ? [entry(errorAt(u), unit(j), error[j])] : []),
        entry(timed(v), unit(j), read[j]),
        ...(i < read.length && j !== i && !isOfClasses ? [entry(timed(v), unit(i), read[i])] : []),
      ],
      truth,
      mistakes: [
        ...(i < read.length && j < error.length && i !== j
          ? [
              {
                value: error[j] * read[i],
                says: `Transposed: that is row ${j}, column ${i}. The row is that of ${errorAt(u)}, the column that of ${timed(v)}.`,
              },
            ]
          : []),
        ...otherReads(network, v, j, error[i], detail),
        ...withoutSlope(network, u, i, read[j], detail),
        { value: error[i] + read[j], says: 'That adds; an outer product multiplies.' },
        ...mistakesOfN(truth, detail),
      ],
      worked: `${formatWritten(error[i])} · ${formatWritten(read[j])} = ${formatWritten(truth)}.`,
    };
  });
}

/** What may be taken in place of what the weight has read: the state of another time step, or what it was made of. */
function otherReads(network: Network, v: string, j: number, error: number, detail: StepDetail): Mistake[] {
  const { name, isBefore } = readRef(v);
  if (isBefore) {
    return [
      {
        value: error * detail.now[name][j],
        says: `That takes ${timed(name)}; what was read is ${timed(v)}, the state that came in.`,
      },
    ];
  }
  const equation = network.layerEquations.find(({ gives }) => gives === name);
  if (equation === undefined || !('apply' in equation)) return [];
  return [
    {
      value: error * vectorOf(detail, equation.to)[j],
      says: `That takes ${timed(equation.to)}; what was read is ${timed(v)}.`,
    },
  ];
}

/** The error after the function in place of the one before it. */
function withoutSlope(network: Network, u: string, i: number, read: number, detail: StepDetail): Mistake[] {
  const [reader] = readersOf(network, u).now;
  if (reader === undefined || !('apply' in reader)) return [];
  return [
    {
      value: detail.errors[reader.gives][i] * read,
      says: `That takes ${errorAt(reader.gives)}; the slope comes before the weights: ${errorAt(u)}.`,
    },
  ];
}

function orderQuestion({ to, u }: Contribution, v: string): Question {
  const [error, read] = [errorAt(u), timed(v)];
  const options: Option[] = [
    {
      value: 'right',
      label: `${error} ${read}ᵀ`,
      says: 'Right: a row for each number that is given, a column for each that is read, as the weight has them.',
    },
    {
      value: 'transposed',
      label: `${read} ${error}ᵀ`,
      says: 'Transposed: the rows of the weight belong to what it gives.',
    },
    { value: 'inner', label: `${error}ᵀ ${read}`, says: 'That is a single number; a matrix is wanted.' },
    { value: 'entries', label: `${error} ⊙ ${read}`, says: 'That is a vector; a matrix is wanted.' },
  ];
  return {
    kind: 'choice',
    asks: `What does this time step contribute to the gradient of ${written(to)}?`,
    given: [],
    truth: 'right',
    options: arranged(options, to),
    worked: `${errorAt(to)} = ${error} ${read}ᵀ.`,
  };
}
