import type { Torch } from '../../network/description.ts';
import { type Network, sizeOf } from '../../network/network.ts';
import { listed, parametersOfRole } from '../../network/quantities.ts';
import { torchTensorsOf } from '../../network/torch.ts';
import type { Tensor, Tensors } from '../../protocol/checkpoint.ts';
import type { TensorEntry } from '../format/safetensors.ts';
import { shown } from '../format/tensorSource.ts';
import type { OutputLayer } from './outputLayer.ts';
import { aModule, type RecurrentLayers } from './recurrentLayers.ts';

/** The parameters of a network from the tensors of a PyTorch module, whose blocks of rows they are, and what is said of that. */

/** Where in a file the parameters are. */
export interface Plan {
  readonly recurrent: RecurrentLayers;
  readonly output: OutputLayer;
}

/** All tensors of a file that become parameters. */
export function tensorsUsed({ recurrent, output }: Plan): TensorEntry[] {
  const { weight, bias } = output;
  return [...recurrent.layers.flatMap((layer) => Object.values(layer)), weight, ...(bias ? [bias] : [])];
}

/**
 * A weight is a block of rows. A bias is the sum of PyTorch's two, which it adds up; where the module multiplies one of them by a gate, as
 * the GRU does, the network has a parameter for each. Where there are none they are zero.
 * @param zeros of so many numbers, in the precision of all.
 */
export function parametersIn(
  network: Network,
  torch: Torch,
  { recurrent, output }: Plan,
  { read, zeros }: { readonly read: (entry: TensorEntry) => Tensor; readonly zeros: (length: number) => Tensor },
): Tensors {
  const { H, V } = recurrent;
  const found: Record<string, Tensor> = {};
  const biases = network.parameters.filter(({ role }) => role === 'bias');
  for (const bias of biases) found[bias.name] = zeros(sizeOf(bias, { H, V }));
  for (const { kind, layer, blocks, owners } of withOwners(network, torch)) {
    const entry = recurrent.layers[layer - 1][kind];
    if (entry === undefined) continue;
    const rows = read(entry);
    const size = rows.length / blocks.length;
    owners.forEach((owner, block) => {
      const own = rows.subarray(block * size, (block + 1) * size);
      const sum = found[owner];
      if (sum === undefined) found[owner] = own;
      else for (let i = 0; i < size; i++) sum[i] += own[i];
    });
  }
  for (const name of parametersOfRole(network, 'output')) found[name] = read(output.weight);
  for (const name of parametersOfRole(network, 'outputBias')) found[name] = output.bias ? read(output.bias) : zeros(V);
  // In the network's order.
  return Object.fromEntries(network.parameterNames.map((name) => [name, found[name]]));
}

/** What was taken from where, a sentence each. */
export function notesOf(network: Network, torch: Torch, { recurrent, output }: Plan): string[] {
  const { layers, module, gates } = recurrent;
  const isUsual = gates === 1 && layers.length === 1;
  const size = layers.length === 1 ? '' : ` of ${layers.length} layers`;
  const outputName = shown(output.weight.name.replace(/\.?weight$/, ''));
  const [outputBias] = parametersOfRole(network, 'outputBias');
  return [
    ...(isUsual ? [] : [`The recurrent module is ${aModule(module)}${size}.`]),
    ...layers.map((_, index) => biasNote(network, torch, recurrent, index + 1)),
    output.bias === undefined
      ? `The output layer ${outputName} has no bias: ${outputBias} is 0.`
      : `The output layer is ${outputName}.`,
  ];
}

function biasNote(network: Network, torch: Torch, { layers }: RecurrentLayers, layer: number): string {
  const { bias_ih, bias_hh } = layers[layer - 1];
  const names = parametersOfRole(network, 'bias', layer);
  const which = layers.length === 1 ? 'The recurrent layer' : `The recurrent layer ${layer}`;
  if (bias_ih === undefined || bias_hh === undefined) {
    return `${which} has no bias: ${listed(names)} ${names.length === 1 ? 'is' : 'are'} 0.`;
  }
  const places = withOwners(network, torch).filter((tensor) => tensor.layer === layer);
  const ownersOf = (wanted: string): string[] => places.find(({ kind }) => kind === wanted)?.owners ?? [];
  const [one, other] = [ownersOf('bias_ih'), ownersOf('bias_hh')];
  const summed = one.filter((name) => other.includes(name));
  const apart = [
    ...one.filter((name) => !other.includes(name)).map((name) => `${listed([name])} is in ${shown(bias_ih.name)}`),
    ...other.filter((name) => !one.includes(name)).map((name) => `${listed([name])} is in ${shown(bias_hh.name)}`),
  ];
  const are = summed.length === 1 ? 'is the sum of' : 'are sums of their rows in';
  const sum = `${listed(summed)} ${are} ${shown(bias_ih.name)} and ${shown(bias_hh.name)}`;
  return `${[...(summed.length === 0 ? [] : [sum]), ...apart].join('; ')}.`;
}

/** The tensors with the parameter that each block of rows is, or is added to: where a bias is in one of two, it takes both. */
function withOwners(network: Network, torch: Torch) {
  const tensors = torchTensorsOf(network, torch);
  return tensors.map((tensor) => {
    const { kind, layer, blocks } = tensor;
    const partner = kind === 'bias_ih' ? 'bias_hh' : 'bias_ih';
    const others = tensors.find((one) => one.kind === partner && one.layer === layer)?.blocks ?? [];
    const owners = blocks.map((own, block) => (own ?? others[block])?.name ?? '');
    return { ...tensor, owners };
  });
}
