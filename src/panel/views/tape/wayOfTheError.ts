import { written } from '../../../network/names.ts';
import type { Network } from '../../../network/network.ts';
import { listed, listedTexts } from '../../../network/quantities.ts';
import { SLOPES } from '../../../network/slopes.ts';
import { statesOfLayer, wayBackOf } from '../../../network/wayBack.ts';
import { errorAt, timed } from '../../network/notation.ts';
import { stepOfError, stepOfMessage } from '../../network/stepPlaces.ts';
import { messageTerms, termsOf } from './terms.ts';

/** Through which steps the error itself passes on its way to the time step before, and what a fall of its norm there means. */
export function wayOfTheError(network: Network): string {
  const layers = Array.from({ length: network.layers }, (_, index) => index + 1);
  const steps = layers.flatMap((layer) => stepsThrough(network, layer)).toSorted((one, other) => one - other);
  const passes = `The error itself passes through steps ${listedTexts(steps.map(String))}: compare their norms.`;
  return [passes, ...whatChangesIt(network), ...downTheLayers(network)].join(' ');
}

function stepsThrough(network: Network, layer: number): number[] {
  const between = wayBackOf(network, layer)?.preActivation;
  return [
    ...statesOfLayer(network, layer).flatMap((state) => [stepOfError(network, state), stepOfMessage(network, state)]),
    ...(between === undefined ? [] : [stepOfError(network, between)]),
  ];
}

/** What makes the norm of the error another one on its way, in the first layer, as in every other. */
function whatChangesIt(network: Network): string[] {
  const way = wayBackOf(network);
  if (way === undefined) return statesOfLayer(network, 1).map((state) => waysBack(network, state));
  const [state, pre, message] = [
    stepOfError(network, way.state),
    stepOfError(network, way.preActivation),
    stepOfMessage(network, way.state),
  ];
  return [
    `A fall from ${state} to ${pre} is the ${SLOPES[way.activation].words}, whose slope is ${SLOPES[way.activation].shut}; ` +
      `a fall from ${pre} to ${message} is ${written(way.weight)}ᵀ.`,
  ];
}

/** By what error goes to a state of the time step before: gates alone, and weights. */
function waysBack(network: Network, state: string): string {
  const terms = messageTerms(network, state);
  const kept = terms
    .filter(({ weights }) => weights.length === 0)
    .map(({ markup }) => `${markup}, which no weight changes`);
  const weights = terms.flatMap((term) => term.weights);
  const through = weights.length === 0 ? [] : [`through ${listed(weights)}`];
  const ways = [...kept.map((markup) => `by ${markup}`), ...through];
  const more = terms.length > 1 ? '; that step has the norm of each term' : '';
  return `To ${timed(`${state}⁻`)} it goes ${ways.join(', and ')} (step ${stepOfMessage(network, state)})${more}.`;
}

/** How error comes to a layer from the one above it. */
function downTheLayers(network: Network): string[] {
  if (network.layers === 1) return [];
  const [state] = statesOfLayer(network, 1);
  const weights = termsOf(network, state).now.flatMap((term) => term.weights);
  return [
    `From layer to layer it goes down within the time step: ${errorAt(state)} (step ${stepOfError(network, state)}) has what comes ` +
      `from layer 2 through ${listed(weights)}.`,
  ];
}
