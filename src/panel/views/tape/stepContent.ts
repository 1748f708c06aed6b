import { quotedSymbol } from '../../../common/format.ts';
import { readRef, type Equation, type Ref } from '../../../network/description.ts';
import { written } from '../../../network/names.ts';
import { readersOf, type Network, type Step } from '../../../network/network.ts';
import { largestMagnitude, norm } from '../../charts/tapeStrip.ts';
import { hasFolds } from '../../network/folds.ts';
import { axisOf, layerOf } from '../../network/quantities.ts';
import { stepOfError } from '../../network/stepPlaces.ts';
import { wayBackOf } from '../../../network/wayBack.ts';
import { vectorOf } from '../../state/vectorOf.ts';
import type { StepDetail } from '../../../protocol/study.ts';
import { errorAt, timed } from '../../network/notation.ts';
import { outputContent } from './outputContent.ts';
import { boundOf, isNeverNegative, isShare } from './sideA.ts';
import { units, type StepContent, type SymbolOf, type UnitColumnName, type VectorShown } from './shownVectors.ts';
import { messageColumn, readKey } from './unitKeys.ts';
import { slopeVector } from './slopeVector.ts';
import { nowText, splitOfState, termNorms } from './stateSplit.ts';
import type { Input } from './stepText.ts';
import { inputsOf, messageInputs, messageMarkup, messageTerms } from './terms.ts';
import { formatPercent, formatValue, sum } from './values.ts';

/** What a step of side B shows of one time step: its vectors, and its numbers in sentences. No DOM. */

/** @throws {RangeError} for numbers of another network. */
export function stepContent(network: Network, step: Step, numbers: StepDetail, symbolOf: SymbolOf): StepContent {
  switch (step.kind) {
    case 'loss':
      return outputContent.loss(network, numbers, symbolOf);
    case 'error':
      return errorContent(network, step.of, numbers, symbolOf);
    case 'contribution':
      return contributionContent(network, step, numbers, symbolOf);
    case 'message':
      return messageContent(network, step.to, numbers);
    default:
      return step satisfies never;
  }
}

function errorContent(network: Network, of: string, numbers: StepDetail, symbolOf: SymbolOf): StepContent {
  const [logits, probabilities] = network.output;
  if (of === probabilities.gives) return outputContent.probabilities(network, numbers, symbolOf);
  if (of === logits.gives) return outputContent.logits(network, numbers, symbolOf);
  if (network.states.includes(of)) return splitOfState(network, of, numbers);
  const { now } = readersOf(network, of);
  const [reader] = now;
  if (now.length === 1 && 'apply' in reader) return slopeContent(network, reader, of, numbers);
  return productContent(network, of, numbers);
}

/** The error before an activation: its slope times the error after it. */
function slopeContent(
  network: Network,
  { apply, gives: after }: Extract<Equation, { apply: unknown }>,
  of: string,
  numbers: StepDetail,
): StepContent {
  const [given, result] = [numbers.errors[after], numbers.errors[of]];
  const slope = slopeVector(network, apply, after, numbers);
  return {
    vectors: [
      slope,
      units(`d${after}`, errorAt(after), given, errorColumn(network, after)),
      units(`d${of}`, errorAt(of), result, errorColumn(network, of), scaleOf(network, given, result)),
    ],
    facts: [
      `The factors are ${formatValue(sum(slope.values) / slope.values.length)} on average; ${passed(errorAt(after), given, result)}`,
    ],
  };
}

/** Of a scale that is shared, the part under which a strip would look empty. */
const SMALLEST_SEEN = 0.1;

/** The end of the scale of an error after its slope: that of the error before it, as long as the colours show anything on it. */
function scaleOf(network: Network, given: Float64Array, result: Float64Array): number {
  const [shared, own] = [given, result].map((values) => largestMagnitude(values));
  return hasFolds(network) && own > 0 && own < SMALLEST_SEEN * shared ? own : shared;
}

/** The error of what is read in sums of products, or by a weight: all that it is computed from, and the result. */
function productContent(network: Network, of: string, numbers: StepDetail): StepContent {
  const inputs = inputsOf(network, of);
  const vectors = inputs.map((input) => vectorOfInput(network, input, numbers));
  const [reader, another] = readersOf(network, of).now;
  const isOneProduct = another === undefined && vectors.length === 2;
  const [given, result] = [numbers.errors[reader.gives], numbers.errors[of]];
  const others = inputs.flatMap(({ source }) => (source.from === 'sideA' ? [source.ref] : []));
  const said = others.every((other) => isShare(network, other)) ? passed : multiplied;
  return {
    vectors: [...vectors, units(`d${of}`, errorAt(of), result, errorColumn(network, of))],
    facts: isOneProduct ? [said(errorAt(reader.gives), given, result)] : [],
  };
}

function contributionContent(
  network: Network,
  { to, u, v }: Extract<Step, { kind: 'contribution' }>,
  numbers: StepDetail,
  symbolOf: SymbolOf,
): StepContent {
  const error = numbers.errors[u];
  const vectorOfError = (key: string, markup: string): VectorShown => ({
    ...errorVector(network, u, numbers),
    key,
    markup,
  });
  if (v === undefined) return { vectors: [vectorOfError(`d${to}`, errorAt(to))], facts: [] };
  if (v === 'x') {
    const { input } = numbers;
    return {
      vectors: [vectorOfError(`d${to}-column`, errorAt(u))],
      facts: [`Only column ${input}, of ${quotedSymbol(symbolOf(input))}, is not zero; it is the vector above.`],
    };
  }
  const { isBefore } = readRef(v);
  const factor = vectorOf(numbers, v);
  return {
    vectors: [errorVector(network, u, numbers), readVector(network, v, numbers)],
    facts: [
      productOfNorms(errorAt(u), error, timed(v), factor),
      ...(isBefore && numbers.t === 0 ? [`At t = 0, ${timed(v)} is the state carried in from the window before.`] : []),
    ],
  };
}

function messageContent(network: Network, state: string, numbers: StepDetail): StepContent {
  const { errors, t } = numbers;
  const message = numbers.messages[state];
  const terms = messageTerms(network, state);
  const vectors = messageInputs(network, state).map((input) => vectorOfInput(network, input, numbers));
  const [weight, anotherWeight] = terms.flatMap(({ weights }) => weights);
  const isOneWeight = terms.length === 1 && weight !== undefined && anotherWeight === undefined;
  const layer = network.quantities.find(({ name }) => name === state)?.layer;
  return {
    vectors: [...vectors, units('message', messageMarkup(network, state, 't'), message, messageColumn(network, state))],
    facts: [
      ...(isOneWeight ? [changedBy(weight, norm(vectors[0].values), norm(message))] : []),
      keptOf(state, wayBackOf(network, layer) !== undefined, norm(errors[state]), norm(message)),
      t === 0
        ? 'At t = 0 the window ends: truncated backpropagation drops this message.'
        : `Step ${stepOfError(network, state)} at t = ${t - 1} adds it to ${whatIsThere(network, state)}.`,
    ],
    terms: termNorms('Norms of its terms', terms, numbers.terms[state].message),
  };
}

/** The numbers of an input of a step. */
function vectorOfInput(network: Network, { source }: Input, numbers: StepDetail): VectorShown {
  if (source.from === 'sideA') return readVector(network, source.ref, numbers);
  const step = network.steps[source.step - 1];
  if (step.kind !== 'error') throw new RangeError(`Step ${source.step} gives no error.`);
  return errorVector(network, step.of, numbers);
}

/** The error of a quantity: of the output over the classes, else over the hidden units. */
function errorVector(network: Network, of: string, { errors }: StepDetail): VectorShown {
  const [key, markup, values] = [`d${of}`, errorAt(of), errors[of]];
  return axisOf(network, of) === 'symbol'
    ? { key, markup, values, axis: 'symbol' }
    : units(key, markup, values, errorColumn(network, of));
}

function errorColumn(network: Network, of: string): UnitColumnName {
  return { layer: layerOf(network, of), key: `d${of}` };
}

/** What an equation reads of side A. */
function readVector(network: Network, ref: Ref, numbers: StepDetail): VectorShown {
  const { name } = readRef(ref);
  const key = readKey(ref);
  return {
    ...units(key, timed(ref), vectorOf(numbers, ref), { layer: layerOf(network, name), key }, boundOf(network, name)),
    ...(isNeverNegative(network, name) && { isUnsigned: true }),
  };
}

/** What a message is added to: of a state that the output reads the step's own error. */
function whatIsThere(network: Network, state: string): string {
  const now = nowText(network, state);
  return now === 'own' ? 'that step’s own error' : `what comes ${now} there`;
}

/** How the norm came out of a product with a weight; of an error of zeros it has no factor. */
function changedBy(weight: string, before: number, after: number): string {
  if (before === 0) return `No error came in for ${written(weight)}ᵀ to change.`;
  return `${written(weight)}ᵀ changes the norm by the factor ${formatValue(after / before)}.`;
}

/** How much of a state's error the message still is, alone or together with what came by other ways. */
function keptOf(state: string, isSingleWay: boolean, error: number, message: number): string {
  if (error === 0) return `${errorAt(state)} is 0: nothing came in that could go on.`;
  const kept = message / error;
  const way = kept < 1 ? 'smaller' : 'larger';
  return isSingleWay
    ? `Through the whole cell, from ${errorAt(state)} to this message, the error became ${way}: factor ${formatValue(kept)}.`
    : `Beside ${errorAt(state)}, this message is ${way}: factor ${formatValue(kept)}.`;
}

function passed(name: string, given: Float64Array, result: Float64Array): string {
  if (norm(given) === 0) return `${name} is 0: nothing came in that could pass.`;
  return `${formatPercent(norm(result) / norm(given))} of the norm of ${name} comes through.`;
}

/** The same of a factor that may be above 1, of which no share comes through. */
function multiplied(name: string, given: Float64Array, result: Float64Array): string {
  if (norm(given) === 0) return `${name} is 0: there is nothing to multiply.`;
  return `The product has ${formatValue(norm(result) / norm(given))} times the norm of ${name}.`;
}

function productOfNorms(left: string, u: Float64Array, right: string, v: Float64Array): string {
  return `‖${left}‖ ‖${right}‖ = ${formatValue(norm(u))} · ${formatValue(norm(v))} = ${formatValue(norm(u) * norm(v))}.`;
}
