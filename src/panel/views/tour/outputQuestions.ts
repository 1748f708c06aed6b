import { quotedSymbol } from '../../../common/format.ts';
import { divisorText } from '../../network/divisor.ts';
import { errorAt, timed } from '../../network/notation.ts';
import type { StepDetail } from '../../../protocol/study.ts';
import { formatWritten } from './writtenNumber.ts';
import { arranged, type Mistake, type Option, type Question } from './question.ts';
import { entry, firstSound, type TourNumbers } from './tourNumbers.ts';

/** Questions about the first steps of side B, which every network has: from the loss to the logits. */

/** What every derivative of a mean may have gone without, or twice. */
export function mistakesOfN(truth: number, { N, T }: Pick<StepDetail, 'N' | 'T'>): Mistake[] {
  if (N === 1) return [];
  const streams = N / T;
  return [
    { value: truth * N, says: `N is forgotten: the loss is a mean, so it is divided by N = ${N}.` },
    { value: truth / N, says: `Divided by N = ${N} twice: what comes in is divided already.` },
    ...(streams > 1 && T > 1
      ? [
          { value: truth * streams, says: `Divided by T alone; N = T·B counts the ${streams} streams too.` },
          { value: truth * T, says: `Divided by B alone; N = T·B counts the ${T} time steps too.` },
        ]
      : []),
  ];
}

export function lossStepQuestion(detail: StepDetail): Question {
  const { lossNats, N, T } = detail;
  const truth = lossNats / N;
  const found =
    N === 1
      ? undefined
      : firstSound([0], () => ({
          kind: 'number',
          asks: 'How much does this time step add to the total loss L, which is a mean?',
          given: [entry('L(t)', '', lossNats), { markup: 'N', values: [N] }],
          truth,
          mistakes: [
            ...mistakesOfN(truth, detail).slice(0, 1),
            { value: lossNats / T, says: `That is divided by T = ${T} alone; N = T·B counts all streams.` },
          ],
          worked: `${divisorText(detail)}: ${formatWritten(lossNats)} / ${N} = ${formatWritten(truth)}.`,
        }));
  const options: Option[] = [
    { value: '1', label: 'by nothing', says: 'Right: N = 1.' },
    { value: 'T', label: `by T = ${T}`, says: 'That would be the mean over time; N is 1 here.' },
    { value: 'TB', label: 'by T·B', says: 'That would be the mean; N is 1 here.' },
  ];
  return (
    found ?? {
      kind: 'choice',
      asks: `N is 1 in this run. What is L(t) = ${formatWritten(lossNats)} divided by, before it is added to L?`,
      given: [],
      truth: '1',
      options: arranged(options, 'N'),
      worked:
        'N is T·B for a mean and 1 for a sum: with a sum, learning rate and clipping see a gradient that grows with T and B.',
    }
  );
}

export function probabilitiesQuestion(numbers: TourNumbers, detail: StepDetail): Question {
  const { gives } = numbers.network.output[1];
  const { target, N } = detail;
  const probability = detail.now[gives][target];
  const truth = detail.errors[gives][target];
  const of = `class ${target} ${quotedSymbol(numbers.symbolOf(target))}`;
  const found = firstSound([target], () => ({
    kind: 'number',
    asks: `What is ${errorAt(gives)} of the target, ${of}?`,
    given: [entry(timed(gives), of, probability), { markup: 'N', values: [N] }],
    truth,
    mistakes: [
      ...mistakesOfN(truth, detail),
      { value: -probability / N, says: 'The derivative of −ln ŷ is −1/ŷ, not −ŷ.' },
      { value: Math.log(probability) / N, says: 'That is the loss itself with a minus; asked is its derivative.' },
    ],
    sign: 'More probability for the target means less loss, so the derivative is negative.',
    worked: `−1 / (${N} · ${formatWritten(probability)}) = ${formatWritten(truth)}; of every other class it is 0.`,
  }));
  return found ?? whichIsNegative(numbers, detail);
}

export function logitsErrorQuestion(numbers: TourNumbers, detail: StepDetail): Question {
  const [{ gives: logits }, { gives: probabilities }] = numbers.network.output;
  const { target, N } = detail;
  const probability = detail.now[probabilities][target];
  const truth = detail.errors[logits][target];
  const of = `class ${target} ${quotedSymbol(numbers.symbolOf(target))}`;
  const found = firstSound([target], () => ({
    kind: 'number',
    asks: `Through the softmax: what is ${errorAt(logits)} of the target, ${of}?`,
    given: [entry(timed(probabilities), of, probability), { markup: 'N', values: [N] }],
    truth,
    mistakes: [
      ...mistakesOfN(truth, detail),
      { value: probability / N, says: 'That is what the other classes get. Of the target, 1 is taken away first.' },
      {
        value: detail.errors[probabilities][target],
        says: `That is ${errorAt(probabilities)}: it still has to go through the softmax.`,
      },
    ],
    sign: 'Raising the logit of the target lowers the loss, so the derivative is negative; the update goes against it, that is up.',
    worked: `(${formatWritten(probability)} − 1) / ${N} = ${formatWritten(truth)}.`,
  }));
  return found ?? whichIsNegative(numbers, detail);
}

/** The class whose entry is negative: the output bias shows it. */
export function whichIsNegative({ network, symbolOf }: TourNumbers, detail: StepDetail): Question {
  const [{ gives: logits, bias }] = network.output;
  const { target, input, topIds } = detail;
  const ids = [...new Set([target, input, ...topIds])].slice(0, 4);
  const says = (id: number): string =>
    id === target
      ? 'Right: of the target it is (ŷ − 1)/N, below 0; of every other class ŷ/N, above 0.'
      : id === input
        ? 'That one was read. Side B asks what should have come: the target.'
        : 'It was likely, but it is not what came: its entry is ŷ/N, above 0, and the update lowers it.';
  const options = ids.map((id) => ({
    value: String(id),
    label: `class ${id} ${quotedSymbol(symbolOf(id))}`,
    says: says(id),
  }));
  return {
    kind: 'choice',
    asks: `${errorAt(bias)} is ${errorAt(logits)} itself, a number for each class. Of which class is it negative?`,
    given: [],
    truth: String(target),
    options: arranged(
      options.length > 1
        ? options
        : [...options, { value: 'none', label: 'of none', says: 'The entries add up to 0, so one of them is.' }],
      bias,
    ),
    worked: `The entry of the target is ${formatWritten(detail.errors[logits][target])}; all others are positive, and together they make up for it.`,
  };
}
