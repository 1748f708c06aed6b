import type { Torch } from './description.ts';
import { type Axis, nameInLayer, type Network, type Parameter } from './network.ts';

/** Where a module of `torch.nn` keeps the parameters of a network: by the names and the stacked shapes of its state_dict. */

/** What `torch.nn` has in every layer of a recurrent module. */
const TORCH_KINDS = ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh'] as const;
export type TorchKind = (typeof TORCH_KINDS)[number];

export interface TorchTensor {
  readonly kind: TorchKind;
  /** Counted from 1, as layers are here; PyTorch's names count from 0. */
  readonly layer: number;
  /** Such as `weight_ih_l0`. */
  readonly name: string;
  /** The axes of each of its blocks of rows. */
  readonly axes: readonly Axis[];
  /** Its blocks of H rows, from above: the parameter that each is; undefined where it is none and must be zero. */
  readonly blocks: readonly (Parameter | undefined)[];
}

/** The tensors of the module, layer by layer, in the order of its state_dict. */
export function torchTensorsOf(
  { parameters, layers }: Pick<Network, 'parameters' | 'layers'>,
  torch: Torch,
): TorchTensor[] {
  const layerNumbers = Array.from({ length: layers }, (_, index) => index + 1);
  return layerNumbers.flatMap((layer) => {
    const gates = torch.gates.map((given) => {
      const of = given.map((name) => nameInLayer(name, layer));
      return parameters.filter((parameter) => of.includes(parameter.of));
    });
    return TORCH_KINDS.map((kind): TorchTensor => {
      const blocks = gates.map((gate) => gate.find((parameter) => kindOf(parameter, gate) === kind));
      const [of] = blocks.filter((parameter) => parameter !== undefined);
      return { kind, layer, name: `${kind}_l${layer - 1}`, axes: of?.axes ?? ['H'], blocks };
    });
  });
}

/** @param gate all parameters of its block of rows. */
function kindOf({ role, of }: Parameter, gate: readonly Parameter[]): TorchKind {
  if (role === 'input') return 'weight_ih';
  if (role === 'recurrent') return 'weight_hh';
  return gate.some((other) => other.role === 'input' && other.of === of) ? 'bias_ih' : 'bias_hh';
}
