import { shapeOf } from '../../../network/network.ts';
import type { Checkpoint, Tensor, Tensors } from '../../../protocol/checkpoint.ts';
import type { NamedTensor } from '../../format/safetensors.ts';
import { type StateTensor, stateName, stateTensorsOf, type TorchNetwork } from './names.ts';

/** The tensors of a state_dict. */
export function weightsOf(network: TorchNetwork, checkpoint: Checkpoint): NamedTensor[] {
  return stateTensorsOf(network).map((tensor) => stacked(tensor, checkpoint.parameters, checkpoint));
}

/** The moments, each by PyTorch's names for it and for the tensor, and the states that are carried on. */
export function optimizerTensors(network: TorchNetwork, checkpoint: Checkpoint): NamedTensor[] {
  const { moments, states, shape } = checkpoint;
  // What no parameter is in stays zero and has no moments.
  const trained = stateTensorsOf(network).filter(({ blocks }) => blocks.some((parameter) => parameter !== undefined));
  return [
    ...Object.entries(moments).flatMap(([moment, tensors]) =>
      trained.map((tensor) => {
        const own = stacked(tensor, tensors, checkpoint);
        return { ...own, name: `${moment}.${own.name}` };
      }),
    ),
    ...network.states.map((state) => ({
      name: stateName(state),
      shape: [shape.B, shape.H],
      values: states[state],
    })),
  ];
}

/** Parameters as blocks of rows, one below the other. */
function stacked(
  { name, blocks, axes }: StateTensor,
  tensors: Tensors,
  { shape, parameters }: Checkpoint,
): NamedTensor {
  const [rows, ...columns] = shapeOf({ axes }, shape);
  const size = columns.reduce((product, axis) => product * axis, rows);
  const isFloat32 = Object.values(parameters)[0] instanceof Float32Array;
  const values: Tensor = isFloat32 ? new Float32Array(blocks.length * size) : new Float64Array(blocks.length * size);
  blocks.forEach((parameter, block) => {
    if (parameter !== undefined) values.set(tensors[parameter.name], block * size);
  });
  return { name, shape: [blocks.length * rows, ...columns], values };
}
