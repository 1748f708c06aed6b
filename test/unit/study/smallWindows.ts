import type { Reduction, Shape } from '../../../src/model/tensors.ts';
import { networkOf, type Network, type NetworkChoice } from '../../../src/network/network.ts';
import type { WindowStudy } from '../../../src/study/windowStudy.ts';
import { randomNetwork } from '../model/networks.ts';
import { captureOf, windowStudyOf } from './windowStudyCaptures.ts';

/** A window of two streams of a random network with few numbers, at iteration 3, with what was carried into it. */
export function smallWindow(
  choice: NetworkChoice,
  sizes: Partial<Shape> = {},
  reduction: Reduction = 'mean',
): { readonly network: Network; readonly shape: Shape; readonly study: WindowStudy } {
  const network = networkOf(choice);
  const shape: Shape = { V: 4, H: 2, T: 4, B: 2, ...sizes };
  const kernels = randomNetwork('reference', shape, reduction, 5, network);
  return { network, shape, study: windowStudyOf(captureOf(kernels, 3)) };
}
