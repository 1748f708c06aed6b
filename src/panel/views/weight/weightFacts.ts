import { quotedSymbol } from '../../../common/format.ts';
import { OPTIMIZER_WORDS } from '../../../common/optimizerFormulas.ts';
import { MOMENT_NAMES, type OptimizerName } from '../../../common/optimizers.ts';
import { hasWords, parameterOf } from '../../../network/names.ts';
import type { Axis, Network } from '../../../network/network.ts';
import type { WeightUpdate } from '../../../protocol/study.ts';
import { timed } from '../../network/notation.ts';
import type { SymbolOf } from '../tape/shownVectors.ts';
import { formatRecomputable, formatValue } from '../tape/values.ts';

/** What the numbers of an update say, in words. No DOM. */

/** Optimizers whose steps carry on what earlier gradients asked for. */
const WITH_MOMENTUM: readonly OptimizerName[] = ['momentum', 'adam'];
/** Optimizers that divide the gradient by its usual size. */
const SCALED: readonly OptimizerName[] = ['adagrad', 'rmsprop', 'adam'];
/** How near the size of Adam's first step has to be to η to be called that: ε makes it a little less. */
const FIRST_STEP = 0.01;

/** Which weight it is: "input → hidden weights: from class 7 ‘h’ of x(t) to unit 3 of h(t)". */
export function elementWords(network: Network, update: WeightUpdate, symbolOf: SymbolOf): string {
  const parameter = parameterOf(network, update.parameter);
  if (parameter === undefined) return '';
  const [rows, columns] = parameter.axes;
  const to = `${entryWords(rows, update.row, symbolOf)} of ${timed(parameter.of)}`;
  const words = hasWords(parameter) ? `${parameter.words}: ` : '';
  if (parameter.times === undefined) return `${words}of ${to}`;
  return `${words}from ${entryWords(columns, update.column, symbolOf)} of ${timed(parameter.times)} to ${to}`;
}

function entryWords(axis: Axis, index: number, symbolOf: SymbolOf): string {
  return axis === 'V' ? `class ${index} ${quotedSymbol(symbolOf(index))}` : `unit ${index}`;
}

/** Whether clipping acts, and how much. */
export function clippingFact({ clipNorm, clipFactor, totalNorm, optimizer }: WeightUpdate): string {
  if (clipNorm === 0) return 'Clipping is off (clipNorm is 0): the optimizer gets the gradient as it is.';
  if (!Number.isFinite(totalNorm)) return `‖∂‖ is ${formatValue(totalNorm)}, which clipping cannot mend.`;
  if (clipFactor === 1) {
    return `Clipping does not act: ‖∂‖ = ${formatValue(totalNorm)} is not above clipNorm θ = ${clipNorm}.`;
  }
  const acts = `Clipping acts: ‖∂‖ = ${formatValue(totalNorm)} is above clipNorm θ = ${clipNorm}, so every gradient of this iteration is multiplied by ${formatValue(clipFactor)}.`;
  return SCALED.includes(optimizer)
    ? `${acts} ${OPTIMIZER_WORDS[optimizer]} divides by the size that g usually has: what counts is how this iteration was clipped beside earlier ones.`
    : acts;
}

/** What the step does, where it is not simply against the gradient. */
export function stepFact(update: WeightUpdate, symbolOf: SymbolOf): string | undefined {
  const { gradient, clipped, change, optimizer, step, learningRate } = update;
  if (gradient === 0) {
    const why = withoutGradient(update, symbolOf);
    return change === 0
      ? `${why} It stays where it is.`
      : `${why} It moves all the same, by what m still holds of earlier iterations.`;
  }
  if (WITH_MOMENTUM.includes(optimizer) && Math.sign(change) === Math.sign(clipped)) {
    const [asked, went] = gradient > 0 ? ['down', 'up'] : ['up', 'down'];
    return `The step goes with this gradient, not against it: the gradient asks for a step ${asked}, and the weight goes ${went}, because m still points the other way from earlier iterations.`;
  }
  if (step === 1 && MOMENT_NAMES[optimizer].length > 0) return firstStepFact(optimizer, change, learningRate);
  return undefined;
}

/** Why there is no gradient: a character that is not read, or errors that are stopped, as by a ReLU that is off. */
function withoutGradient({ isRead, column }: WeightUpdate, symbolOf: SymbolOf): string {
  if (isRead) return 'This window says nothing about this weight: its gradient is 0.';
  return `No stream reads ${quotedSymbol(symbolOf(column))} in this window, so this weight has no part in the loss: its gradient is 0.`;
}

function firstStepFact(optimizer: OptimizerName, change: number, learningRate: number): string | undefined {
  const isFullStep = Math.abs(Math.abs(change) / learningRate - 1) < FIRST_STEP;
  if (optimizer === 'adam' && isFullStep) {
    return `In its first step Adam moves every weight by η = ${learningRate}, however large its gradient is: m̂ is g and √v̂ is |g|.`;
  }
  if (optimizer === 'adagrad' && isFullStep) {
    return `In its first step Adagrad moves every weight by η = ${learningRate}, however large its gradient is: G is g².`;
  }
  return optimizer === 'momentum'
    ? 'In the first step there is no momentum yet: the weight moves as by plain gradient descent.'
    : undefined;
}

/** The update in one sentence, for those who cannot see the lines. */
export function updateSentence(
  name: string,
  { gradient, clipped, change, weightBefore, weightAfter }: WeightUpdate,
): string {
  return (
    `${name}: gradient ${formatRecomputable(gradient)}, after clipping ${formatRecomputable(clipped)}, step ${formatRecomputable(change)}, ` +
    `from ${formatRecomputable(weightBefore)} to ${formatRecomputable(weightAfter)}.`
  );
}
