import { quotedSymbol } from '../../../common/format.ts';
import type { Network } from '../../../network/network.ts';
import type { StepDetail } from '../../../protocol/study.ts';
import { divisorText, isSummed } from '../../network/divisor.ts';
import { errorAt, timed } from '../../network/notation.ts';
import type { StepContent, SymbolOf, VectorShown } from './shownVectors.ts';
import { formatValue, sum } from './values.ts';

/** The numbers of the first steps of side B, which every network has: from the loss to the logits. No DOM. */

function loss({ output }: Network, numbers: StepDetail, symbolOf: SymbolOf): StepContent {
  const { target, lossNats, stepNorm } = numbers;
  const { gives } = output[1];
  const yhat = numbers.now[gives];
  return {
    vectors: [{ ...symbols(gives, timed(gives), yhat), isUnsigned: true }],
    facts: [
      `Target c = ${quotedSymbol(symbolOf(target))}: −log ${formatValue(yhat[target])} = ${formatValue(lossNats)} nats.`,
      `${added(numbers)}${formatValue(stepNorm[0])} to the total loss L, of which all that follows is the derivative.`,
    ],
  };
}

function probabilities({ output }: Network, numbers: StepDetail, symbolOf: SymbolOf): StepContent {
  const { target, N } = numbers;
  const { gives } = output[1];
  const error = numbers.errors[gives];
  return {
    vectors: [symbols(`d${gives}`, errorAt(gives), error)],
    facts: [
      `Class c = ${quotedSymbol(symbolOf(target))}: −1 / (${N} · ${formatValue(numbers.now[gives][target])}) = ${formatValue(error[target])}.`,
    ],
  };
}

function logits({ output }: Network, numbers: StepDetail, symbolOf: SymbolOf): StepContent {
  const { target, N } = numbers;
  const [{ gives }, { gives: given }] = output;
  const error = numbers.errors[gives];
  const yhat = numbers.now[given];
  const other = likeliestOther(yhat, target);
  const ofOther =
    other === undefined
      ? []
      : [
          `Of the others ${quotedSymbol(symbolOf(other))} was the likeliest: ${formatValue(yhat[other])} / ${N} = ` +
            `${formatValue(error[other])}, ${signWords(error[other], `${timed(gives)} of it`)}.`,
        ];
  return {
    vectors: [symbols(`d${gives}`, errorAt(gives), error)],
    facts: [
      `Class c = ${quotedSymbol(symbolOf(target))}: (${formatValue(yhat[target])} − 1) / ${N} = ${formatValue(error[target])}, ` +
        `${signWords(error[target], `${timed(gives)} of class c`)}.`,
      ...ofOther,
      `All entries add up to ${formatValue(sum(error))} (0 but for rounding): the others together are as far above zero as class c is below.`,
    ],
  };
}

/** What a negative or positive derivative of a logit does, since an update goes against it. */
export function signWords(derivative: number, logit: string): string {
  if (derivative === 0) return `no sign, so ${logit} is left as it is`;
  return derivative < 0
    ? `negative, so an update, which goes against the derivative, raises ${logit}`
    : `positive, so an update lowers ${logit}`;
}

/** The class that the network held for likeliest among those that did not come; undefined where there is none. */
function likeliestOther(yhat: Float64Array, target: number): number | undefined {
  let found: number | undefined;
  yhat.forEach((probability, k) => {
    if (k !== target && (found === undefined || probability > yhat[found])) found = k;
  });
  return found;
}

/** How the loss of the time step comes into that of the window. */
function added({ T, N }: StepDetail): string {
  return isSummed({ T, N })
    ? 'The loss of the window is the sum (N = 1), so that it adds all of it, '
    : `Divided by ${divisorText({ T, N })} it adds `;
}

function symbols(key: string, markup: string, values: Float64Array): VectorShown {
  return { key, markup, values, axis: 'symbol' };
}

export const outputContent = { loss, probabilities, logits };
