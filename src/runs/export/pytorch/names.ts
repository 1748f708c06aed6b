import type { ParameterName } from '../../../network/names.ts';

/**
 * Where `torch.nn.RNN` with a `torch.nn.Linear` after it, as the modules `rnn` and `out`, keeps each parameter; the shapes
 * are the same. PyTorch has a second bias in the same sum, `rnn.bias_hh_l0`, which is zero here.
 */
export const PYTORCH_NAMES: Readonly<Record<ParameterName, string>> = {
  W_xh: 'rnn.weight_ih_l0',
  W_ah: 'rnn.weight_hh_l0',
  b_h: 'rnn.bias_ih_l0',
  W_ao: 'out.weight',
  b_o: 'out.bias',
};
export const SECOND_BIAS = 'rnn.bias_hh_l0';
