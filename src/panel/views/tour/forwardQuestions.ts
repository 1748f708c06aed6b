import { quotedSymbol } from '../../../common/format.ts';
import type { Activation, Equation, Ref } from '../../../network/description.ts';
import { written } from '../../../network/names.ts';
import { listed, parametersOfRole } from '../../../network/quantities.ts';
import { SLOPE_AT } from '../../../network/slopeAt.ts';
import { SLOPES } from '../../../network/slopes.ts';
import type { StepDetail } from '../../../protocol/study.ts';
import { factor, timed } from '../../network/notation.ts';
import { vectorOf } from '../../state/vectorOf.ts';
import { dotWritten, formatWritten } from './writtenNumber.ts';
import { arranged, type Given, type Mistake, type Option, type Question } from './question.ts';
import {
  columnOf,
  dot,
  entry,
  firstSound,
  MOST_UNITS_BY_HAND,
  rowOf,
  sizesOf,
  unit,
  unitsByError,
  type TourNumbers,
} from './tourNumbers.ts';

/** Questions on the way forward, side A, in the layers. */

const FUNCTION_AT: Readonly<Record<Activation, (h: number) => number>> = {
  tanh: Math.tanh,
  sigmoid: (h) => 1 / (1 + Math.exp(-h)),
  relu: (h) => Math.max(0, h),
};
/** What is tried in place of the function that is there. */
const OTHER_FUNCTION: Readonly<Record<Activation, Activation>> = { tanh: 'sigmoid', sigmoid: 'tanh', relu: 'tanh' };

/** Which column of the weights of the input is read. */
export function inputQuestion({ network, symbolOf }: TourNumbers, detail: StepDetail): Question {
  const weights = listed(parametersOfRole(network, 'input', 1));
  const { input, target } = detail;
  const other = [...detail.topIds].find((id) => id !== input && id !== target);
  const column = (id: number, says: string): Option => ({
    value: String(id),
    label: `the column of ${quotedSymbol(symbolOf(id))}`,
    says,
  });
  const wrong = 'x(t) is 1 for the class that is read and 0 for all others.';
  const ids = [...new Set([input, target, ...(other === undefined ? [] : [other])])];
  const options = [
    ...ids.map((id) =>
      column(
        id,
        id === input
          ? 'Right: x(t) is one-hot, so the product with it is one column as it stands.'
          : id === target
            ? `That is the target y(t), which is to be predicted. ${wrong}`
            : wrong,
      ),
    ),
    { value: 'all', label: 'all columns, added up', says: `${wrong} A product with it picks, it does not add.` },
  ];
  return {
    kind: 'choice',
    asks: `The network reads x(t) = ${quotedSymbol(symbolOf(input))} and is to predict ${quotedSymbol(symbolOf(target))}. What is the product of ${weights} with x(t)?`,
    given: [],
    truth: String(input),
    options: arranged(options, 'input'),
    worked: `x(t) is one-hot: V numbers, 1 at class ${input} of ${quotedSymbol(symbolOf(input))} and 0 elsewhere.`,
  };
}

/** A pre-activation, by hand where it is small enough. */
export function affineQuestion(
  numbers: TourNumbers,
  equation: Extract<Equation, { affine: unknown }>,
  detail: StepDetail,
): Question {
  return affineByHand(numbers, equation, detail) ?? affineCounted(numbers, equation, detail);
}

function affineByHand(
  { network, parameters }: TourNumbers,
  { gives, affine, bias }: Extract<Equation, { affine: unknown }>,
  detail: StepDetail,
): Question | undefined {
  const { V, H } = sizesOf(network, detail);
  const biases = parameters.get(bias);
  const weights = affine.map(([name]) => parameters.get(name));
  if (H > MOST_UNITS_BY_HAND || biases === undefined || weights.includes(undefined)) return undefined;
  return firstSound(unitsByError(network, detail), (j) => {
    const terms = affine.map(([name, of], index) => {
      const weight = weights[index] ?? new Float64Array(0);
      if (of === 'x') {
        const { input, target } = detail;
        const value = weight[j * V + input];
        const mistakes: [number, string][] = [
          [weight[j * V + target] - value, 'That takes the column of the target; x(t) is what is read.'],
        ];
        return {
          of,
          name,
          value,
          way: formatWritten(value),
          mistakes,
          given: [entry(written(name), `row ${j}, column ${input}`, value)],
        };
      }
      const read = vectorOf(detail, of);
      const row = rowOf(weight, H, j);
      const value = dot(row, read);
      const transposed = dot(columnOf(weight, H, j), read);
      const mistakes: [number, string][] = [
        [transposed - value, `That goes down column ${j} of ${written(name)}: transposed. Unit ${j} has row ${j}.`],
      ];
      const given: Given[] = [
        { markup: written(name), at: `row ${j}`, values: Array.from(row) },
        { markup: timed(of), values: Array.from(read) },
      ];
      return { of, name, value, way: dotWritten(row, read), mistakes, given };
    });
    const truth = detail.now[gives][j];
    const mistakes: Mistake[] = [
      ...terms.flatMap(({ mistakes: ways }) => ways.map(([more, says]) => ({ value: truth + more, says }))),
      ...(terms.length > 1
        ? terms.map(({ value, name, of }) => ({
            value: truth - value,
            says: `That leaves out ${written(name)} ${timed(of)}.`,
          }))
        : []),
      { value: truth - biases[j], says: `That leaves out the bias ${written(bias)}.` },
      { value: truth - 2 * biases[j], says: `The bias ${written(bias)} is added, not taken away.` },
    ];
    const shown = terms.map(({ way }) => way);
    return {
      kind: 'number',
      asks: `What is ${timed(gives)} of unit ${j}?`,
      given: [...terms.flatMap(({ given }) => given), entry(written(bias), unit(j), biases[j])],
      truth,
      mistakes,
      worked: `${[...shown, formatWritten(biases[j])].join(' + ')} = ${formatWritten(truth)}.`,
    };
  });
}

/** Where the numbers are too many to be added by hand: how many they are. */
function affineCounted(
  { network }: TourNumbers,
  { gives, affine }: Extract<Equation, { affine: unknown }>,
  detail: StepDetail,
): Question {
  const { V, H } = sizesOf(network, detail);
  const readsInput = affine.some(([, of]) => of === 'x');
  const square = affine.filter(([, of]) => of !== 'x').map(([name]) => written(name));
  const truth = H * square.length + (readsInput ? 1 : 0);
  const picked = `of ${written(affine.find(([, of]) => of === 'x')?.[0] ?? '')} it is one number, since x(t) is one-hot`;
  const way = [
    ...(readsInput ? [picked] : []),
    ...square.map((name) => `of ${name} it is a whole row, ${H} numbers`),
  ].join('; ');
  const oneHot = `x(t) is one-hot: of its ${V} products all but one are 0. Count only what is not.`;
  const counts = new Map([
    ...(readsInput ? [[H * square.length + V, oneHot] as const] : []),
    [0, 'Some do: only those of classes that are not read are multiplied by 0.'],
    [1, `One number is picked by x(t), if it is read; of a state it is a row of numbers: ${way}.`],
    [H * (H * square.length + 1), 'That is all units together; asked is one of them.'],
    // Last, since others may come to the same number.
    [truth, `Right: ${way}.`],
  ]);
  const options = [...counts].map(([count, says]) => ({ value: String(count), label: String(count), says }));
  return {
    kind: 'choice',
    asks: `How many weights that are not multiplied by 0 go into one unit of ${timed(gives)}?`,
    given: [],
    truth: String(truth),
    options: arranged(options, gives),
    worked: `${way[0].toUpperCase()}${way.slice(1)}. With the bias that is unit after unit of ${timed(gives)}.`,
  };
}

/** What an activation gives. */
export function applyQuestion(
  { network }: TourNumbers,
  { gives, apply, to }: Extract<Equation, { apply: unknown }>,
  detail: StepDetail,
): Question {
  const before = vectorOf(detail, to);
  const { symbol } = SLOPES[apply];
  const other = OTHER_FUNCTION[apply];
  const found = firstSound(unitsByError(network, detail), (j) => {
    const h = before[j];
    const truth = detail.now[gives][j];
    return {
      kind: 'number',
      asks: `What is ${timed(gives)} of unit ${j}?`,
      given: [entry(timed(to), unit(j), h)],
      truth,
      mistakes: [
        { value: h, says: `That is ${timed(to)} itself, without ${symbol}.` },
        { value: FUNCTION_AT[other](h), says: `That is ${SLOPES[other].symbol}, not ${symbol}.` },
        { value: SLOPE_AT[apply](truth), says: `That is the slope of ${symbol}, which side B will need.` },
        { value: FUNCTION_AT[apply](-h), says: `That is ${symbol} of the other sign.` },
        ...(apply === 'tanh' ? [{ value: Math.tan(h), says: 'That is tan, not the hyperbolic tanh.' }] : []),
      ],
      worked: `${symbol} ${formatWritten(h)} = ${formatWritten(truth)}.`,
    };
  });
  return found ?? rangeQuestion(apply, gives);
}

/** Where no unit gives a number that tells one function from another: what it can give. */
function rangeQuestion(apply: Activation, gives: string): Question {
  const ranges: Readonly<Record<Activation, string>> = {
    tanh: 'from −1 to 1',
    sigmoid: 'from 0 to 1',
    relu: 'from 0 on',
  };
  const says = (of: Activation): string =>
    of === apply
      ? `Right: ${SLOPES[of].symbol} gives numbers ${ranges[of]}.`
      : `That is what ${SLOPES[of].symbol} gives.`;
  const options = (Object.keys(ranges) as Activation[]).map((of) => ({ value: of, label: ranges[of], says: says(of) }));
  return {
    kind: 'choice',
    asks: `Which numbers can ${timed(gives)} have?`,
    given: [],
    truth: apply,
    options: arranged(options, gives),
    worked: `${SLOPES[apply].symbol} gives numbers ${ranges[apply]}.`,
  };
}

/** What a sum of products gives. */
export function sumQuestion(
  { network }: TourNumbers,
  { gives, sum }: Extract<Equation, { sum: unknown }>,
  detail: StepDetail,
): Question {
  const found = firstSound(unitsByError(network, detail), (j) => {
    const terms = sum.map((factors) => ({
      factors,
      markup: factors.map((ref) => factor(ref)).join(' ⊙ '),
      values: factors.map((ref) => vectorOf(detail, ref)[j]),
    }));
    const productOf = (values: readonly number[]): number => values.reduce((product, value) => product * value, 1);
    const truth = detail.now[gives][j];
    const refs = [...new Set(sum.flat())];
    return {
      kind: 'number',
      asks: `What is ${timed(gives)} of unit ${j}?`,
      given: refs.map((ref) => entry(timed(ref), unit(j), vectorOf(detail, ref)[j])),
      truth,
      mistakes: terms.flatMap(({ factors, markup, values }) => {
        const rest = truth - productOf(values);
        return [
          ...(terms.length > 1 ? [{ value: rest, says: `That leaves out ${markup}.` }] : []),
          ...(factors.length > 1
            ? factors.map((ref, index) => ({
                value: rest + productOf(values.toSpliced(index, 1)),
                says: `That leaves out the factor ${timed(ref)} of ${markup}.`,
              }))
            : []),
          ...(factors.length > 1
            ? [
                {
                  value: rest + values.reduce((total, value) => total + value, 0),
                  says: '⊙ multiplies, entry by entry; that adds.',
                },
              ]
            : []),
        ];
      }),
      worked: `${terms.map(({ values }) => values.map(formatWritten).join(' · ')).join(' + ')} = ${formatWritten(truth)}.`,
    };
  });
  return found ?? whichProduct(gives, sum);
}

function whichProduct(gives: string, sum: readonly (readonly Ref[])[]): Question {
  const joined = (by: string, plus: string): string =>
    sum.map((factors) => factors.map((ref) => factor(ref)).join(by)).join(plus);
  const truth = joined(' ⊙ ', ' + ');
  const options = [
    { value: 'right', label: truth, says: 'Right: entry by entry.' },
    { value: 'added', label: joined(' + ', ' + '), says: 'A gate multiplies what it lets through; it is not added.' },
    { value: 'minus', label: `1 − ${truth}`, says: 'Nothing is taken from one here.' },
  ];
  return {
    kind: 'choice',
    asks: `How is ${timed(gives)} computed?`,
    given: [],
    truth: 'right',
    options: arranged(options, gives),
    worked: `${timed(gives)} = ${truth}.`,
  };
}
