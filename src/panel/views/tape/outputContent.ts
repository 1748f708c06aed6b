import { quotedSymbol } from '../../../common/format.ts';
import type { Network } from '../../../network/network.ts';
import type { StepDetail } from '../../../protocol/study.ts';
import { errorAt, timed } from '../../network/notation.ts';
import type { StepContent, SymbolOf, VectorShown } from './shownVectors.ts';
import { formatValue, sum } from './values.ts';

/** The numbers of the first steps of side B, which every network has: from the loss to the logits. No DOM. */

function loss({ output }: Network, numbers: StepDetail, symbolOf: SymbolOf): StepContent {
  const { target, lossNats, N, stepNorm } = numbers;
  const { gives } = output[1];
  const yhat = numbers.now[gives];
  return {
    vectors: [{ ...symbols(gives, timed(gives), yhat), isUnsigned: true }],
    facts: [
      `Target c = ${quotedSymbol(symbolOf(target))}: −log ${formatValue(yhat[target])} = ${formatValue(lossNats)} nats.`,
      `Divided by N = ${N} it adds ${formatValue(stepNorm[0])} to the total loss L, of which all that follows is the derivative.`,
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
  return {
    vectors: [symbols(`d${gives}`, errorAt(gives), error)],
    facts: [
      `Class c = ${quotedSymbol(symbolOf(target))}: (${formatValue(numbers.now[given][target])} − 1) / ${N} = ${formatValue(error[target])}.`,
      `All entries add up to ${formatValue(sum(error))}: what the target gains the others lose (0 but for rounding).`,
    ],
  };
}

function symbols(key: string, markup: string, values: Float64Array): VectorShown {
  return { key, markup, values, axis: 'symbol' };
}

export const outputContent = { loss, probabilities, logits };
