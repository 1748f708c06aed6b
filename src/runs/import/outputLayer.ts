import { misshapen, namesOf, type RecurrentLayers } from './recurrentLayers.ts';
import type { TensorEntry, TensorHeader } from '../format/safetensors.ts';
import { shown, type TensorSource, unusable } from '../format/tensorSource.ts';

/** Finds the linear layer that makes outputs of the state, whatever it is called: `out`, `fc`, `decoder`, `head`, … */

export interface OutputLayer {
  /** (V, H) */
  readonly weight: TensorEntry;
  /** (V); some are made without. */
  readonly bias: TensorEntry | undefined;
}

/** @throws {InputError} where none fits or more than one, and where tensors are left over: the network computes something else. */
export function findOutputLayer(
  { tensors }: TensorHeader,
  { layers, H, V }: RecurrentLayers,
  source: TensorSource,
): OutputLayer {
  const used = new Set<TensorEntry>(layers.flatMap((layer) => Object.values(layer)));
  const others = [...tensors.values()].filter((entry) => !used.has(entry));
  const weights = others.filter(({ name }) => /(^|\.)weight$/.test(name));
  const fitting = weights.filter(({ shape }) => shape.length === 2 && shape[0] === V && shape[1] === H);
  if (fitting.length > 1) {
    throw unusable(
      source,
      `has more than one layer that could make its outputs: ${namesOf(fitting.map(({ name }) => name))}`,
    );
  }
  if (fitting.length === 0) throw noOutputLayer(weights, H, V, source);
  const [weight] = fitting;
  const bias = tensors.get(weight.name.replace(/weight$/, 'bias'));
  if (bias !== undefined && (bias.shape.length !== 1 || bias.shape[0] !== V)) throw misshapen(bias, `[${V}]`, source);
  const leftOver = others.filter((entry) => entry !== weight && entry !== bias);
  if (leftOver.length > 0) {
    throw unusable(
      source,
      `has tensors beyond one recurrent module and one linear layer (${namesOf(leftOver.map(({ name }) => name))}); the network would compute something else without them`,
    );
  }
  return { weight, bias };
}

function noOutputLayer(weights: readonly TensorEntry[], H: number, V: number, source: TensorSource): Error {
  const found = weights.map(({ name, shape }) => `${shown(name)} ${shown(shape)}`).slice(0, 8);
  const embedding = weights.find(
    ({ name, shape }) => /emb|encoder/i.test(name) && shape.length === 2 && shape[1] === V,
  );
  if (embedding !== undefined) {
    return unusable(
      source,
      `reads its symbols through an embedding (${shown(embedding.name)}), where one-hot inputs are expected`,
    );
  }
  return unusable(
    source,
    `has no output layer: a weight of shape [${V}, ${H}] is expected, as its recurrent layer reads ${V} symbols` +
      (found.length > 0 ? `; there is ${found.join(', ')}` : ''),
  );
}
