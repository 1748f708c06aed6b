import type { Inspection } from '../../protocol/run.ts';
import type { Network } from '../../network/network.ts';
import { iterationAt, type IterationRange } from '../state/iterationView.ts';
import { stepRow } from '../../network/quantities.ts';
import { pixelAt } from '../../common/colorScale.ts';

/** Where a norm lies between the ends of the colours: 0 … 1, NaN for none. */
interface Scale {
  position(norm: number): number;
}

/**
 * Fills (height, width) pixels with the norms of a quantity: x is the iteration, y the time step with t = 0 at the bottom.
 * Every column shows the inspected iteration nearest to it. Where several time steps share a row, the largest is shown.
 * Columns before the first and after the last inspected iteration stay empty.
 */
export function paintHeatmap(
  pixels: Uint32Array,
  width: number,
  height: number,
  inspections: readonly Inspection[],
  network: Network,
  quantity: string,
  scale: Scale,
  range: IterationRange,
  logarithmic: boolean,
): void {
  pixels.fill(0);
  if (inspections.length === 0) return;
  const column = new Uint32Array(height);
  const last = inspections[inspections.length - 1].iteration;
  let painted = -1;
  let nearest = 0;
  for (let x = 0; x < width; x++) {
    const iteration = iterationAt(range, (x + 0.5) / width, logarithmic);
    if (iteration < inspections[0].iteration - 0.5 || iteration > last + 0.5) continue;
    while (nearest + 1 < inspections.length && isNearer(inspections, nearest, iteration)) nearest++;
    if (nearest !== painted) paintColumn(column, stepRow(network, inspections[nearest].stepNorm, quantity), scale);
    painted = nearest;
    for (let y = 0; y < height; y++) pixels[y * width + x] = column[y];
  }
}

function isNearer(inspections: readonly Inspection[], index: number, iteration: number): boolean {
  return Math.abs(inspections[index + 1].iteration - iteration) <= Math.abs(inspections[index].iteration - iteration);
}

function paintColumn(column: Uint32Array, norms: Float32Array, scale: Scale): void {
  const height = column.length;
  for (let y = 0; y < height; y++) {
    const from = Math.floor(((height - 1 - y) * norms.length) / height);
    const to = Math.max(from + 1, Math.floor(((height - y) * norms.length) / height));
    let largest = norms[from];
    for (let t = from + 1; t < to; t++) if (!(norms[t] <= largest)) largest = norms[t];
    column[y] = pixelAt(scale.position(largest));
  }
}
