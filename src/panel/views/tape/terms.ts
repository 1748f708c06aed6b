import { isRefTo, readRef, type Equation, type ReadRef, type Ref } from '../../../network/description.ts';
import { written } from '../../../network/names.ts';
import { readersOf, type Network } from '../../../network/network.ts';
import { stepOfError, stepOfMessage } from '../../network/stepPlaces.ts';
import { errorAt, factor, timed, type Time } from '../../network/notation.ts';
import { SLOPES } from '../../../network/slopes.ts';
import type { Input } from './stepText.ts';

/** What the readers of a quantity send back to it: the terms of which its error is the sum. */
export interface Term {
  /** What the reader gives. */
  readonly reader: string;
  readonly markup: string;
  /** What it is computed from, at its time step. */
  readonly inputs: readonly Input[];
  /** The weights that the errors go back through. */
  readonly weights: readonly string[];
}

/** The terms of an error: from this time step, and, of a state, from the one after. */
export function termsOf(
  network: Network,
  quantity: string,
): { readonly now: readonly Term[]; readonly next: readonly Term[] } {
  const { now, next } = readersOf(network, quantity);
  return {
    now: now.map((reader) => termOf(network, reader as Equation, { name: quantity, isBefore: false }, 't')),
    next: next.map((reader) => termOf(network, reader as Equation, { name: quantity, isBefore: true }, 't+1')),
  };
}

/** The terms of the message to a state of the time step before. */
export function messageTerms(network: Network, state: string): readonly Term[] {
  return readersOf(network, state).next.map((reader) =>
    termOf(network, reader as Equation, { name: state, isBefore: true }, 't'),
  );
}

/** What the terms of an error are computed from, each thing once; of what comes from the time step after, the message as a whole. */
export function inputsOf(network: Network, quantity: string): Input[] {
  const { now, next } = termsOf(network, quantity);
  const message: Input[] = next.length === 0 ? [] : [fromStep(sumOf(next), stepOfMessage(network, quantity), true)];
  return distinct([...now.flatMap(({ inputs }) => inputs), ...message]);
}

/** The same of the terms of a message. */
export function messageInputs(network: Network, state: string): Input[] {
  return distinct(messageTerms(network, state).flatMap(({ inputs }) => inputs));
}

function distinct(inputs: readonly Input[]): Input[] {
  return [...new Map(inputs.map((input) => [input.markup, input])).values()];
}

/** Terms as a sum. */
export function sumOf(terms: readonly Term[]): string {
  return terms.map(({ markup }) => markup).join(' + ');
}

/** The message to a state as a formula, as it leaves the time step or as it comes in from the one after. */
export function messageMarkup(network: Network, state: string, time: Time): string {
  return sumOf(time === 't' ? messageTerms(network, state) : termsOf(network, state).next);
}

/** The error of a quantity, as the step that gives it. */
export function errorInput(network: Network, quantity: string): Input {
  return fromStep(errorAt(quantity), stepOfError(network, quantity));
}

/** What an equation of this time step reads, of side A. */
export function sideAInput(ref: Ref): Input {
  return { markup: timed(ref), source: { from: 'sideA', ref } };
}

/** What an equation of time step `time` sends to something that it reads. */
function termOf(network: Network, reader: Equation, read: Pick<ReadRef, 'name' | 'isBefore'>, time: Time): Term {
  const error = errorAt(reader.gives, time);
  const ofError = errorInput(network, reader.gives);
  const isMeant = (ref: Ref): boolean => isRefTo(ref, read);
  if ('affine' in reader) {
    const weights = reader.affine.filter(([, of]) => isMeant(of)).map(([weight]) => weight);
    const markup = weights.map((weight) => `${written(weight)}ᵀ ${error}`).join(' + ');
    return { reader: reader.gives, markup, inputs: [ofError], weights };
  }
  if ('apply' in reader) {
    const gave = timed(reader.gives, time);
    return {
      reader: reader.gives,
      markup: `${SLOPES[reader.apply].factorOf(gave)} ⊙ ${error}`,
      inputs: [ofError, sideAInput(reader.gives)],
      weights: [],
    };
  }
  const products = reader.sum.filter((factors) => factors.some(isMeant));
  const othersOf = (factors: readonly Ref[]): Ref[] => factors.toSpliced(factors.findIndex(isMeant), 1);
  const signOf = (factors: readonly Ref[]): string => (readRef(factors.find(isMeant) ?? '').isLeft ? '−' : '');
  return {
    reader: reader.gives,
    markup: products
      .map((factors) => signOf(factors) + [...othersOf(factors).map((other) => factor(other, time)), error].join(' ⊙ '))
      .join(' + '),
    inputs: [ofError, ...products.flatMap(othersOf).map(sideAInput)],
    weights: [],
  };
}

function fromStep(markup: string, step: number, ofNextTimeStep = false): Input {
  return { markup, source: { from: 'step', step, ofNextTimeStep } };
}
