import {
  bySign,
  CLIP_FORMULA,
  OPTIMIZER_WORDS,
  STEP_FORMULAS,
  updateLines,
  type UpdateLine,
} from '../../../common/optimizerFormulas.ts';
import { quotedSymbol } from '../../../common/format.ts';
import { parameterOf, written } from '../../../network/names.ts';
import type { WeightUpdate } from '../../../protocol/study.ts';
import { sum } from '../tape/values.ts';
import { formatWritten } from './writtenNumber.ts';
import { arranged, sound, type Given, type Mistake, type Option, type Question } from './question.ts';
import { MOST_STEPS_BY_HAND, type TourNumbers } from './tourNumbers.ts';

/** Questions about what becomes of one weight's gradient: the sum over time, clipping, the optimizer's step. */

/** The contributions of the time steps to one weight, added up. */
export function sumOverTimeQuestion(numbers: TourNumbers, update: WeightUpdate): Question {
  const { parameter, byStep, streams } = update;
  const T = byStep.length;
  const truth = sum(byStep);
  const name = written(parameter);
  const at = placeOf(numbers, update);
  const [above, below] = [byStep.filter((value) => value > 0), byStep.filter((value) => value < 0)].map(sum);
  const isByHand = T <= MOST_STEPS_BY_HAND;
  const given: Given[] = isByHand
    ? [{ markup: `∂${name}(t)`, at: `t = 0 … ${T - 1}`, values: Array.from(byStep) }]
    : [
        { markup: `∂${name}(t)`, at: 'all positive ones together', values: [above] },
        { markup: `∂${name}(t)`, at: 'all negative ones together', values: [below] },
      ];
  const others =
    streams > 1
      ? ` With the other ${streams - 1} of the ${streams} streams it is ${formatWritten(update.gradient)}.`
      : '';
  const found = sound({
    kind: 'number',
    asks: `What is the sum over the ${T} time steps of this window, of ${name} at ${at}?`,
    given,
    truth,
    mistakes: [
      { value: truth / T, says: `A sum, not a mean: N = ${update.N} is in every contribution already.` },
      {
        value: above - below,
        says: 'That adds the sizes; the contributions are added with their signs, and some cancel.',
      },
      { value: byStep[T - 1], says: 'That is the last time step alone.' },
      { value: byStep[0], says: 'That is the first time step alone.' },
      { value: Math.hypot(...byStep), says: 'That is a norm, the root of the squares; a sum is meant.' },
    ],
    worked: isByHand
      ? `${Array.from(byStep, formatWritten).join(' + ')} = ${formatWritten(truth)}.${others}`
      : `${formatWritten(above)} − ${formatWritten(-below)} = ${formatWritten(truth)}.${others}`,
  });
  return found ?? whatIsSummed(name, T, truth, others);
}

function whatIsSummed(name: string, T: number, truth: number, others: string): Question {
  const options: Option[] = [
    {
      value: 'sum',
      label: 'their sum',
      says: 'Right: each time step has used the same weight, so their derivatives add up.',
    },
    { value: 'mean', label: 'their mean', says: 'N is in every contribution already.' },
    { value: 'last', label: 'the one of t = T−1', says: 'All time steps have used the weight.' },
  ];
  return {
    kind: 'choice',
    asks: `The ${T} time steps share ${name}. What of their contributions is its gradient?`,
    given: [],
    truth: 'sum',
    options: arranged(options, name),
    worked: `The sum is ${formatWritten(truth)} here.${others}`,
  };
}

/** What clipping makes of the gradient. */
export function clipQuestion(update: WeightUpdate): Question {
  const { gradient: g, totalNorm, clipNorm: θ, clipFactor, clipped } = update;
  const name = written(update.parameter);
  const given: Given[] = [
    { markup: `∂${name}`, at: 'this weight, of the whole batch', values: [g] },
    { markup: '‖∂‖', at: 'of all parameters together', values: [totalNorm] },
    { markup: 'θ', at: 'the setting clipNorm', values: [θ] },
  ];
  if (θ === 0) return clippingIsOff(given.slice(0, 2), g);
  const acts =
    clipFactor === 1
      ? undefined
      : sound({
          kind: 'number',
          asks: `‖∂‖ is above the threshold. What is the gradient of this weight after clipping?`,
          given,
          truth: clipped,
          mistakes: [
            { value: g, says: 'That is before clipping, which acts here: ‖∂‖ is above θ.', mustDiffer: true },
            {
              value: Math.sign(g) * θ,
              says: 'That cuts off this one number at θ; it is the norm of all of them that comes to θ.',
            },
            { value: g / totalNorm, says: 'That makes the norm 1; it is to become θ.' },
            { value: (g * totalNorm) / θ, says: 'Upside down: θ stands above the line.' },
            { value: g * θ, says: 'That multiplies by θ alone; the factor is θ/‖∂‖.' },
          ],
          sign: 'Clipping keeps the direction, so every sign stays.',
          worked: `${clipWorked(update)} and ${formatWritten(clipFactor)} · ${formatWritten(g)} = ${formatWritten(clipped)}.`,
        });
  if (acts !== undefined) return acts;
  const isActing = clipFactor < 1;
  const options: Option[] = [
    {
      value: 'no',
      label: '1: it stays as it is',
      says: isActing
        ? '‖∂‖ is above θ, so all gradients are made shorter.'
        : 'Right: ‖∂‖ is not above θ, so nothing is clipped.',
    },
    {
      value: 'factor',
      label: `θ/‖∂‖ = ${formatWritten(θ / totalNorm)}`,
      says: isActing
        ? 'Right: then the norm of all is θ.'
        : 'Clipping never makes a gradient longer: the factor is at most 1.',
    },
    {
      value: 'threshold',
      label: `θ = ${formatWritten(θ)}`,
      says: 'The factor is θ/‖∂‖ where that is below 1, else 1.',
    },
  ];
  return {
    kind: 'choice',
    asks: 'By what factor is this gradient multiplied?',
    given,
    truth: isActing ? 'factor' : 'no',
    options: arranged(options, 'clip'),
    worked: `${clipWorked(update)}.`,
  };
}

function clipWorked({ clipNorm, totalNorm, clipFactor }: WeightUpdate): string {
  const [line] = updateLines([CLIP_FORMULA], { θ: clipNorm, '‖∂‖': totalNorm }, formatWritten);
  return `${line.numbers} = ${formatWritten(clipFactor)}`;
}

function clippingIsOff(given: readonly Given[], g: number): Question {
  const options: Option[] = [
    { value: 'same', label: formatWritten(g), says: 'Right: clipNorm 0 switches clipping off.' },
    { value: 'zero', label: '0', says: 'A threshold of 0 is not taken as one: clipNorm 0 switches clipping off.' },
    { value: 'one', label: 'a gradient of norm 1', says: 'Nothing is changed: clipNorm 0 switches clipping off.' },
  ];
  return {
    kind: 'choice',
    asks: 'This run has clipNorm 0. What is the gradient of this weight after clipping?',
    given,
    truth: 'same',
    options: arranged(options, 'off'),
    worked: 'Without clipping, one very large gradient can throw the weights far away.',
  };
}

/** The step of one weight. */
export function updateQuestion(numbers: TourNumbers, update: WeightUpdate): Question {
  const { optimizer, learningRate: η, clipped: g, gradient, change, weightBefore, weightAfter, parameter } = update;
  const lines = linesOf(update);
  const name = written(parameter);
  const given: Given[] = [
    { markup: 'η', at: 'the setting learningRate', values: [η] },
    ...(optimizer === 'sgd' || optimizer === 'rmsprop' || optimizer === 'adagrad'
      ? [{ markup: 'g', at: 'after clipping', values: [g] }]
      : []),
    ...lines.slice(0, -1).map(({ formula, value }) => ({ markup: formula.gives, at: formula.words, values: [value] })),
    { markup: name, at: `${placeOf(numbers, update)}, before`, values: [weightBefore] },
  ];
  const last = lines[lines.length - 1];
  const formulas = lines.map(({ formula: { markup } }) => ({ markup }));
  const ofOptimizer: Mistake[] =
    optimizer === 'sgd'
      ? [{ value: g, says: 'The learning rate is forgotten, and the step goes against the gradient.' }]
      : [
          {
            value: -η * g,
            says: `That is the step of plain gradient descent; this run has ${OPTIMIZER_WORDS[optimizer]}.`,
          },
        ];
  const found = sound({
    kind: 'number',
    formulas,
    asks: `By how much does ${OPTIMIZER_WORDS[optimizer]} change this weight?`,
    given,
    truth: change,
    mistakes: [
      ...ofOptimizer,
      { value: weightAfter, says: 'That is the weight after the step; asked is the step.' },
      { value: -η * gradient, says: 'That takes the gradient before clipping.' },
      { value: change / η, says: 'The learning rate η is forgotten.' },
    ],
    sign: 'The gradient points to where the loss grows; the step goes the other way.',
    worked: `${last.numbers} = ${formatWritten(change)}. In this iteration ${name} goes from ${formatWritten(weightBefore)} to ${formatWritten(weightAfter)} there.`,
  });
  return found ?? { ...standsStill(change), formulas };
}

function standsStill(change: number): Question {
  const options: Option[] = [
    { value: 'stays', label: 'it stays as it is', says: 'Right: there is no step to take.' },
    { value: 'down', label: 'it becomes smaller', says: 'With a step of 0 nothing becomes smaller.' },
    { value: 'up', label: 'it becomes larger', says: 'With a step of 0 nothing becomes larger.' },
  ];
  return {
    kind: 'choice',
    asks: `The step is ${formatWritten(change)}. What becomes of the weight?`,
    given: [],
    truth: 'stays',
    options: arranged(options, 'still'),
    worked: 'No gradient came to this weight in this window.',
  };
}

/** The optimizer's lines with the numbers of the weight. */
function linesOf({ optimizer, learningRate, clipped, step, momentsBefore }: WeightUpdate): UpdateLine[] {
  const known = { η: learningRate, g: clipped, k: step, ...bySign(optimizer, momentsBefore) };
  return updateLines(STEP_FORMULAS[optimizer], known, formatWritten);
}

/** Which weight it is: `row 1, column 2`, of the input with its character. */
function placeOf({ network, symbolOf }: TourNumbers, { parameter, row, column }: WeightUpdate): string {
  const described = parameterOf(network, parameter);
  const ofClass = described?.axes[1] === 'V' ? ` ${quotedSymbol(symbolOf(column))}` : '';
  return `row ${row}, column ${column}${ofClass}`;
}
