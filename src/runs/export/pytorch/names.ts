import { InputError } from '../../../common/inputError.ts';
import { CELLS } from '../../../network/cells.ts';
import type { Cell, Torch } from '../../../network/description.ts';
import { networkOf, type Network, type NetworkChoice, type Parameter } from '../../../network/network.ts';
import { torchTensorsOf } from '../../../network/torch.ts';

/** A network that a module of `torch.nn` computes. */
export interface TorchNetwork extends Network {
  readonly torch: Torch;
}

/** @throws {InputError} for a cell that PyTorch has no module for. */
export function torchNetworkOf(choice: NetworkChoice): TorchNetwork {
  const { torch }: Cell = CELLS[choice.cell];
  if (torch === undefined) {
    throw new InputError(
      `PyTorch has no module for the cell ${choice.cell}. Export the run as CSV or JSON lines instead; ` +
        'its checkpoints are safetensors files, with the weights by the names of its parameters.',
    );
  }
  return { ...networkOf(choice), torch };
}

/** A tensor of the modules `rnn` and `out`, as their state_dict has it. */
export interface StateTensor {
  readonly name: string;
  /** Its equal blocks of rows, from above: the parameter that each is; undefined where it is none and stays zero. */
  readonly blocks: readonly (Parameter | undefined)[];
  /** The axes of each of its blocks. */
  readonly axes: Parameter['axes'];
}

/** All tensors of the modules, in the order of their state_dict. */
export function stateTensorsOf(network: TorchNetwork): StateTensor[] {
  const ofRecurrent = torchTensorsOf(network, network.torch).map(({ name, blocks, axes }) => ({
    name: `rnn.${name}`,
    blocks,
    axes,
  }));
  const ofOutput = network.parameters
    .filter(({ layer }) => layer === undefined)
    .map((parameter) => ({
      name: parameter.role === 'output' ? 'out.weight' : 'out.bias',
      blocks: [parameter],
      axes: parameter.axes,
    }));
  return [...ofRecurrent, ...ofOutput];
}

/** Where a parameter is kept. */
export interface Place {
  readonly tensor: string;
  /** Which of the tensor's blocks it is, counted from 0, and of how many. */
  readonly block: number;
  readonly blocks: number;
}

/** The places of all parameters, in the network's order. */
export function placesOf(network: TorchNetwork): Map<Parameter, Place> {
  const found = new Map<string, Place>();
  for (const { name: tensor, blocks } of stateTensorsOf(network)) {
    blocks.forEach((parameter, block) => {
      if (parameter !== undefined) found.set(parameter.name, { tensor, block, blocks: blocks.length });
    });
  }
  return new Map(
    network.parameters.map((parameter) => {
      const place = found.get(parameter.name);
      if (place === undefined) throw new Error(`torch.nn.${network.torch.module} has no place for ${parameter.name}.`);
      return [parameter, place];
    }),
  );
}

/** The names under which the states that are carried on are kept. */
export function stateName(state: string): string {
  return `state.${state}`;
}
