import type { Kernels } from '../kernels/kernels.ts';
import { forwardStep } from '../model/forward.ts';
import { type Network, networkOf, productNumbers } from '../network/network.ts';

/** Multiplications that this may take, about half a second. */
const MOST_PRODUCTS = 5e8;
/** Nats per symbol by which ReLU must do better: what a network that has learnt nothing may do by chance is less. */
const CLEAR_NATS = 0.1;
const TANH_AND_RELU = ['tanh', 'relu'] as const;

/**
 * The loss that the window in the kernels has with ReLU in the place of tanh, from a state of zeros, nats per symbol: where that is
 * clearly lower, and lower than guessing, the network was hardly trained with tanh. Undefined elsewhere.
 */
export function clearlyLowerReluLoss(kernels: Kernels): number | undefined {
  const { V } = kernels.shape;
  const { layers } = kernels.network;
  const [withTanh, withRelu] = TANH_AND_RELU.map((cell) => lossWith(networkOf({ cell, layers }), kernels));
  return withRelu < Math.log(V) && withTanh - withRelu > CLEAR_NATS ? withRelu : undefined;
}

/** Of as many streams and steps from the beginning as there is time for. */
function lossWith(network: Network, { shape, parameters, window }: Kernels): number {
  const { V, T, B } = shape;
  const cells = Math.max(1, Math.floor(MOST_PRODUCTS / productNumbers(network.parameters, shape)));
  const streams = Math.max(1, Math.min(B, Math.floor(cells / T)));
  const steps = Math.min(T, cells);
  const now = Object.fromEntries(
    network.quantities.map(({ name, axis }) => [name, new Float64Array(streams * shape[axis])]),
  );
  let lossNats = 0;
  for (let t = 0; t < steps; t++) {
    const x = window.inputs.subarray(t * B, t * B + streams);
    // A state is read before it is written anew.
    forwardStep(network, parameters, { x, now, before: now });
    for (let b = 0; b < streams; b++) lossNats -= Math.log(now.yhat[b * V + window.targets[t * B + b]]);
  }
  return lossNats / (steps * streams);
}
