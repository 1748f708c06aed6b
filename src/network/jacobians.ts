import { nameInLayer, type Network } from './network.ts';

/** The names under which the Jacobians of a time step are asked for, beside the names of weights. */

/** Of softmax: ∂ŷᵢ/∂oⱼ. */
export const SOFTMAX_JACOBIAN = 'softmaxJacobian';

/** Of the way back through the cell of a layer, where that is a single one (`wayBackOf`). */
export function jacobianName(layer: number): string {
  return nameInLayer('cellJacobian', layer);
}

/** The layer whose {@link jacobianName} it is, whether its way back is a single one or not. */
export function layerOfJacobian({ layers }: Pick<Network, 'layers'>, name: string): number | undefined {
  for (let layer = 1; layer <= layers; layer++) if (jacobianName(layer) === name) return layer;
  return undefined;
}
