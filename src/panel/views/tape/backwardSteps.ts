import { isRefTo, readRef, type Equation, type ReadRef, type Ref } from '../../../network/description.ts';
import { NETWORK } from '../../../network/names.ts';
import { errorName, readersOf, type Network, type Step } from '../../../network/network.ts';
import { MATRIX_NAMES, type MatrixName } from '../../../protocol/study.ts';
import { errorAt, factor, SLOPES, timed, type Time } from './notation.ts';
import { OUTPUT_STEPS } from './outputSteps.ts';
import type { SideAName } from './sideA.ts';
import type { BackwardStep, Input, StepText } from './stepText.ts';

/** The steps of side B as they follow from the network: names, formulas, where their inputs come from. No numbers. */

/** The steps of a network, by their kinds. */
export function backwardSteps(network: Network): readonly BackwardStep[] {
  return network.steps.map((step, index) => ({ step: index + 1, ...textOf(network, step) }));
}

export const STEPS = backwardSteps(NETWORK);

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
  const { now, next } = readersOf(network, quantity);
  const terms = [
    ...now.map((reader) => termOf(network, reader as Equation, { name: quantity, isBefore: false }, 't')),
    ...next.map((reader) => termOfNext(network, reader as Equation, quantity)),
  ];
  const activation = now.find((reader) => 'apply' in reader);
  return {
    name: errorAt(quantity),
    formula: { markup: `${errorAt(quantity)} = ${terms.map(({ markup }) => markup).join(' + ')}` },
    inputs: terms.flatMap(({ inputs }) => inputs),
    matrices: terms.flatMap(({ weights }) => weights),
    meaning:
      activation !== undefined
        ? SLOPES[activation.apply].meaning
        : next.length > 0
          ? 'Two errors meet: this step’s own, and what all later steps send back. At t = T−1 there is no later one.'
          : `The sum of what comes from all that reads ${timed(quantity)}.`,
  };
}

/** What one reader of a quantity sends back to it. */
interface Term {
  readonly markup: string;
  readonly inputs: readonly Input[];
  readonly weights: readonly MatrixName[];
}

/** What an equation of time step `time` sends to something that it reads. */
function termOf(network: Network, reader: Equation, read: Pick<ReadRef, 'name' | 'isBefore'>, time: Time): Term {
  const error = errorAt(reader.gives, time);
  const ofError = errorInput(network, reader.gives);
  const isMeant = (ref: Ref): boolean => isRefTo(ref, read);
  if ('affine' in reader) {
    const weights = reader.affine.filter(([, of]) => isMeant(of)).map(([weight]) => weight);
    const markup = weights.map((weight) => `${weight}ᵀ ${error}`).join(' + ');
    return { markup, inputs: [ofError], weights: weights.filter(isMatrix) };
  }
  if ('apply' in reader) {
    const gave = timed(reader.gives, time);
    return {
      markup: `${SLOPES[reader.apply].of(gave)} ⊙ ${error}`,
      inputs: [ofError, sideAInput(reader.gives)],
      weights: [],
    };
  }
  const products = reader.sum.filter((factors) => factors.some(isMeant));
  const othersOf = (factors: readonly Ref[]): Ref[] => factors.toSpliced(factors.findIndex(isMeant), 1);
  const signOf = (factors: readonly Ref[]): string => (readRef(factors.find(isMeant) ?? '').isLeft ? '−' : '');
  return {
    markup: products
      .map((factors) => signOf(factors) + [...othersOf(factors).map((other) => factor(other, time)), error].join(' ⊙ '))
      .join(' + '),
    inputs: [ofError, ...products.flatMap(othersOf).map(sideAInput)],
    weights: [],
  };
}

/** What comes to a state from the time step after: a part of the message of the next cell. */
function termOfNext(network: Network, reader: Equation, state: string): Term {
  const term = termOf(network, reader, { name: state, isBefore: true }, 't+1');
  const message = network.steps.findIndex((step) => step.kind === 'message' && step.to === state) + 1;
  return { ...term, inputs: [fromStep(term.markup, message, true)] };
}

function contributionText(network: Network, { to, u, v }: Extract<Step, { kind: 'contribution' }>): StepText {
  const error = errorAt(u);
  const inputs = [errorInput(network, u)];
  const result = errorName(to);
  const words = network.parameters.find((parameter) => parameter.name === to)?.words ?? to;
  if (v === undefined) {
    return {
      name: errorAt(to),
      formula: { markup: `${errorAt(to)} = ${error}` },
      inputs,
      matrices: [],
      meaning: `The ${words} is added to ${timed(u)}, so its contribution is ${error} itself.`,
    };
  }
  const { isBefore } = readRef(v);
  return {
    name: errorAt(to),
    formula: { markup: `${errorAt(to)} = ${error} ${timed(v)}ᵀ` },
    inputs: [...inputs, sideAInput(v)],
    ...(isMatrix(result) && { result }),
    matrices: [result, to].filter(isMatrix),
    meaning:
      v === 'x'
        ? `x(t) is one-hot: only the column of the character read is touched, and that column is ${error}.`
        : isBefore
          ? `An outer product with the state that came in: its norm is ‖${error}‖ ‖${timed(v)}‖.`
          : `An outer product: row k is ${timed(v)} times ${error.replace('(', 'ₖ(')}, so it has rank one and its norm is ‖${error}‖ ‖${timed(v)}‖.`,
  };
}

function messageText(network: Network, state: string): StepText {
  const terms = readersOf(network, state).next.map((reader) =>
    termOf(network, reader as Equation, { name: state, isBefore: true }, 't'),
  );
  const markup = terms.map((term) => term.markup).join(' + ');
  const step = network.steps.findIndex((other) => other.kind === 'error' && other.of === state) + 1;
  return {
    name: `the message ${markup}`,
    formula: { markup },
    inputs: terms.flatMap(({ inputs }) => inputs),
    matrices: [...terms.flatMap(({ weights }) => weights), 'cellJacobian'],
    meaning: `What this cell passes to the previous one, where step ${step} adds it.`,
  };
}

function isMatrix(name: string): name is MatrixName {
  return MATRIX_NAMES.includes(name);
}

function errorInput({ steps }: Network, quantity: string): Input {
  const step = steps.findIndex((other) => other.kind === 'error' && other.of === quantity) + 1;
  return fromStep(errorAt(quantity), step);
}

function fromStep(markup: string, step: number, ofNextCell = false): Input {
  return { markup, source: { from: 'step', step, ofNextCell } };
}

/** What an equation of this time step reads, of side A. */
function sideAInput(ref: Ref): Input {
  const { name, isBefore } = readRef(ref);
  return { markup: timed(ref), source: { from: 'sideA', name: isBefore ? 'aPrevious' : (name as SideAName) } };
}
