import type { Cell } from '../../../network/description.ts';
import type { Network, Parameter, Role } from '../../../network/network.ts';

/** A network that `torch.nn.RNN` computes. */
export type TorchNetwork = Pick<Network, 'parameters' | 'equations'> & {
  readonly nonlinearity: NonNullable<Cell['torch']>['nonlinearity'];
};

/** Where `torch.nn.RNN` keeps what a parameter of its role is, and the `torch.nn.Linear` after it; the shapes are the same. */
const BY_ROLE: Readonly<Record<Role, (suffix: string) => string>> = {
  input: (suffix) => `rnn.weight_ih${suffix}`,
  recurrent: (suffix) => `rnn.weight_hh${suffix}`,
  bias: (suffix) => `rnn.bias_ih${suffix}`,
  output: () => 'out.weight',
  outputBias: () => 'out.bias',
};

/** The name of a parameter among the modules `rnn` and `out`. */
export function pytorchName({ role, layer = 1 }: Pick<Parameter, 'role' | 'layer'>): string {
  return BY_ROLE[role](suffixOf(layer));
}

/** PyTorch's second bias in the sum of a layer, which is zero here. */
export function secondBiasName(layer: number): string {
  return `rnn.bias_hh${suffixOf(layer)}`;
}

function suffixOf(layer: number): string {
  return `_l${layer - 1}`;
}
