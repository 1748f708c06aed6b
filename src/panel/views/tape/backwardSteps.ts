import { isRefTo, readRef, type Equation, type Ref } from '../../../network/description.ts';
import { hasWords, parameterOf, written } from '../../../network/names.ts';
import { errorName, readersOf, type Network, type Step } from '../../../network/network.ts';
import { stepOfError } from '../../network/stepPlaces.ts';
import { cellJacobianOf } from './matrices.ts';
import { errorAt, factor, timed } from '../../network/notation.ts';
import { listedTexts } from '../../../network/quantities.ts';
import { SLOPES } from '../../../network/slopes.ts';
import { OUTPUT_STEPS } from './outputSteps.ts';
import { isShare } from './sideA.ts';
import { waysTo } from './stateSplit.ts';
import type { BackwardStep, StepText } from './stepText.ts';
import { errorInput, inputsOf, messageInputs, messageTerms, sideAInput, sumOf, termsOf } from './terms.ts';

/** The steps of side B as they follow from the network: names, formulas, where their inputs come from. No numbers. */

/** The steps of a network, by their kinds. */
export function backwardSteps(network: Network): readonly BackwardStep[] {
  return network.steps.map((step, index) => ({ step: index + 1, ...textOf(network, step) }));
}

function textOf(network: Network, step: Step): StepText {
  switch (step.kind) {
    case 'loss':
      return OUTPUT_STEPS.loss;
    case 'error':
      return errorText(network, step.of);
    case 'contribution':
      return contributionText(network, step);
    case 'message':
      return messageText(network, step.to);
    default:
      return step satisfies never;
  }
}

function errorText(network: Network, quantity: string): StepText {
  const [{ gives: logits }, { gives: probabilities }] = network.output;
  if (quantity === probabilities) return OUTPUT_STEPS.probabilities;
  if (quantity === logits) return OUTPUT_STEPS.logits(errorInput(network, probabilities));
  const { now, next } = termsOf(network, quantity);
  const terms = [...now, ...next];
  return {
    name: errorAt(quantity),
    formula: { markup: `${errorAt(quantity)} = ${sumOf(terms)}` },
    inputs: inputsOf(network, quantity),
    matrices: terms.flatMap(({ weights }) => weights),
    meaning: errorMeaning(network, quantity),
  };
}

function errorMeaning(network: Network, quantity: string): string {
  const { now, next } = readersOf(network, quantity);
  if (next.length > 0) {
    return `${whatMeets(network, quantity)}, and what all later steps send back. At t = T−1 there is no later one.`;
  }
  const activation = now.find((reader) => 'apply' in reader);
  if (activation !== undefined) return SLOPES[activation.apply].meaning(written(activation.gives));
  const [reader, another] = now;
  if (another === undefined && 'sum' in reader) return productMeaning(network, quantity, reader);
  return `The sum of what comes from all that reads ${timed(quantity)}.`;
}

/** What comes to a state from its own time step. */
function whatMeets(network: Network, state: string): string {
  const ways = waysTo(network, state);
  if (ways.every(({ isOfOutput }) => isOfOutput)) return 'Two errors meet: this step’s own';
  return `Errors meet: what comes ${listedTexts(ways.map(({ label }) => label))} in this time step`;
}

/** What one sum of products sends back to a factor, or to a term of its own. */
function productMeaning(
  network: Network,
  quantity: string,
  { gives, sum }: Extract<Equation, { sum: unknown }>,
): string {
  const isMeant = (ref: Ref): boolean => isRefTo(ref, { name: quantity, isBefore: false });
  const read = timed(quantity);
  const products = sum.filter((factors) => factors.some(isMeant));
  if (products.length > 1) {
    const less = products.flat().some((ref) => isMeant(ref) && readRef(ref).isLeft)
      ? `, with a minus where 1 − ${read} is read`
      : '';
    return `${read} is a factor in several terms of ${timed(gives)}: the sum of what each of them sends back${less}.`;
  }
  const others = products[0].filter((ref) => !isMeant(ref));
  if (others.length === 0)
    return `${read} is added to the rest of ${timed(gives)}, so its error is ${errorAt(gives)} itself.`;
  const product = `In ${timed(gives)}, ${read} is multiplied by ${others.map((other) => factor(other)).join(' and ')}`;
  const error = errorAt(gives);
  if (others.every((other) => isShare(network, other))) return `${product}: as much of ${error} comes through.`;
  const times = [error, ...others.map((other) => factor(other))].join(' times ');
  const size = others.map((other) => `|${timed(other)}|`).join(' ');
  return `${product}, so its error is ${times}: where ${size} is above 1, it is larger than ${error}.`;
}

function contributionText(network: Network, { to, u, v }: Extract<Step, { kind: 'contribution' }>): StepText {
  const error = errorAt(u);
  const inputs = [errorInput(network, u)];
  const result = errorName(to);
  const parameter = parameterOf(network, to);
  const called = parameter && hasWords(parameter) ? `The ${parameter.words}` : written(to);
  if (v === undefined) {
    return {
      name: errorAt(to),
      formula: { markup: `${errorAt(to)} = ${error}` },
      inputs,
      matrices: [],
      meaning: `${called} is added to ${timed(u)}, so its contribution is ${error} itself.`,
    };
  }
  const { isBefore } = readRef(v);
  return {
    name: errorAt(to),
    formula: { markup: `${errorAt(to)} = ${error} ${timed(v)}ᵀ` },
    inputs: [...inputs, sideAInput(v)],
    result,
    matrices: [result, to],
    meaning:
      v === 'x'
        ? `x(t) is one-hot, 1 at the class that was read and 0 at all others: only that column is touched, and it is ${error}.`
        : isBefore
          ? `An outer product with the state that came in: its norm is ‖${error}‖ ‖${timed(v)}‖.`
          : `An outer product: row k is ${timed(v)} times ${error.replace('(', 'ₖ(')}, so it has rank one and its norm is ‖${error}‖ ‖${timed(v)}‖.`,
  };
}

function messageText(network: Network, state: string): StepText {
  const terms = messageTerms(network, state);
  const markup = sumOf(terms);
  const jacobian = cellJacobianOf(network, state);
  return {
    name: `the message ${markup}`,
    formula: { markup },
    inputs: messageInputs(network, state),
    matrices: [...terms.flatMap(({ weights }) => weights), ...(jacobian === undefined ? [] : [jacobian])],
    meaning: `What this time step passes to the one before, where step ${stepOfError(network, state)} adds it.`,
  };
}
