import { pixelAt } from '../../../common/colorScale.ts';
import type { DecadeScale } from '../../../common/decadeScale.ts';
import type { Network } from '../../../network/network.ts';
import { stepRow } from '../../../network/quantities.ts';
import type { Inspection } from '../../../protocol/run.ts';
import { pngOf } from '../png.ts';

/** Pixels of a row, and about how many the time steps take together. */
const ROW_HEIGHT = 24;
const WIDTH = 800;
const WIDEST_STEP = 24;

export interface StepPicture {
  readonly width: number;
  readonly height: number;
  readonly png: Uint8Array;
}

/** The step norms of one inspected iteration: a row for each step quantity of the network from the top, t from left to right. */
export function stepPicture(network: Network, inspection: Inspection, scale: DecadeScale): StepPicture {
  const T = inspection.inputs.length;
  const stepWidth = Math.max(1, Math.min(WIDEST_STEP, Math.floor(WIDTH / T)));
  const [width, height] = [T * stepWidth, network.stepQuantities.length * ROW_HEIGHT];
  const pixels = new Uint32Array(width * height);
  for (const [row, quantity] of network.stepQuantities.entries()) {
    const norms = stepRow(network, inspection.stepNorm, quantity);
    const top = row * ROW_HEIGHT;
    for (let x = 0; x < width; x++) pixels[top * width + x] = pixelAt(scale.position(norms[Math.floor(x / stepWidth)]));
    for (let y = top + 1; y < top + ROW_HEIGHT; y++) pixels.copyWithin(y * width, top * width, (top + 1) * width);
  }
  return { width, height, png: pngOf(pixels, width, height) };
}
