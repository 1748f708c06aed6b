import type { Equation } from '../../network/description.ts';
import { readersOf, type Network } from '../../network/network.ts';
import { Places, productsOf } from './places.ts';
import type { LayerProgram, Program } from './program.ts';
import { backwardStages, Begun, forwardStages } from './stages.ts';

/** The program of a network, a pure function of its equations. */
export function programOf(network: Network): Program {
  const { layerEquations, output, quantities, layers } = network;
  const places = new Places(network);
  const equationsOf = (layer: number): readonly Equation[] =>
    layerEquations.filter(({ gives }) => quantities.some((one) => one.name === gives && one.layer === layer));
  const [logits] = output;
  const [weight, given] = logits.affine[0];
  const ofLayers: LayerProgram[] = [];
  // What a layer gives is read by products of the output, or of the layer above.
  let read: ReadonlySet<string> = new Set([given]);
  for (let layer = layers; layer >= 1; layer--) {
    const program = programOfLayer(network, places, equationsOf(layer), read);
    ofLayers.unshift(program);
    read = new Set(program.inputs.forward.map(({ product }) => product.v.of));
  }
  return {
    stored: [...new Set(layerEquations.map(({ gives }) => places.value(gives).of))],
    layers: ofLayers,
    output: places.product(logits, weight, given),
  };
}

/** @param given what of the layer products above it read, in all time steps at once: there, side B begins. */
function programOfLayer(
  network: Network,
  places: Places,
  equations: readonly Equation[],
  given: ReadonlySet<string>,
): LayerProgram {
  const products = productsOf(equations, places);
  const parts = { equations, products, places };
  const values = new Begun();
  const inputs = products.ofBelow.map((product) => ({ product, adds: values.begin(product.to) }));
  const fromAbove = [...given].flatMap((name) => [places.error(name), places.error(`${name}⁻`)]);
  const fromNext = equations
    .map(({ gives }) => gives)
    .filter((name) => network.states.includes(name) && readersOf(network, name).next.length > 0);
  const errors = new Begun([...fromAbove, ...fromNext.map((name) => places.error(name))]);
  return {
    inputs: { forward: inputs, backward: products.ofBelow.map((product, at) => ({ product, adds: at > 0 })) },
    forward: forwardStages(parts, values),
    backward: backwardStages(parts, errors),
    endsWithZeros: fromNext.filter((name) => !given.has(name)),
  };
}
