import { interpolated, pixelAt } from '../../../common/colorScale.ts';
import { formatNorm, groupDigits } from '../../../common/format.ts';
import { labelOf, type StepQuantity } from '../../../network/names.ts';
import type { Network } from '../../../network/network.ts';
import { stepRow } from '../../../network/quantities.ts';
import type { Inspection } from '../../../protocol/run.ts';
import type { ExportedRun } from '../exportedRun.ts';
import { pngOf } from '../png.ts';
import { colorOf } from './colors.ts';
import { grouped, groupsOf } from './groups.ts';
import { markup, type Markup } from './markup.ts';

/** The step norms over training, one picture a quantity. */

const COLUMNS = 320;
const MOST_ROWS = 128;
/** The share of the norms at either end that shares the end's colour: single ones would leave all others alike. */
const TAIL = 0.01;
/** A picture of norms that hardly differ must not look like one of norms that do. */
const LEAST_RATIO = 10;

/** A logarithmic scale of colours. */
export interface LogScale {
  readonly low: number;
  readonly high: number;
}

/** The norms of one quantity, (T). */
interface Inspected {
  readonly iteration: number;
  readonly norms: Float32Array;
}

export function heatmapsFigure({ history, network }: ExportedRun): Markup {
  const inspections = history.of('inspection');
  if (inspections.length === 0) return markup`<p class="absent">No iteration of this run was inspected.</p>`;
  const pictures = grouped(
    groupsOf(network, { errors: true }),
    ({ quantities }) =>
      markup`<div class="heatmaps">${quantities.map((quantity) => heatmap(network, quantity, inspections, history.iterations))}</div>`,
  );
  return markup`<figure>${pictures}
<figcaption>From left to right the iterations, from bottom to top the time steps of the window: t = 0 is at the bottom. Each column is the inspected iteration nearest to it, of ${groupDigits(
    inspections.length,
  )}. Norms before clipping, each picture on a logarithmic scale of its own, whose ends are given.</figcaption></figure>`;
}

function heatmap(
  network: Network,
  quantity: StepQuantity,
  inspections: readonly Inspection[],
  iterations: number,
): Markup {
  const norms = inspections.map(({ iteration, stepNorm }) => ({
    iteration,
    norms: stepRow(network, stepNorm, quantity),
  }));
  const height = Math.min(inspections[0].inputs.length, MOST_ROWS);
  const scale = scaleOf(norms.flatMap((inspected) => Array.from(inspected.norms)));
  const png = pngOf(heatmapPixels(norms, iterations, height, scale), COLUMNS, height);
  const label = labelOf(network, quantity);
  const source = `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
  return markup`<div class="heatmap"><div class="heatmap-name" style="--swatch:var(--${colorOf(quantity)})">${label}</div>
<img src="${source}" alt="Norm of ${label} by iteration and time step, as colours from ${formatNorm(scale.low)} to ${formatNorm(scale.high)}" width="${COLUMNS}" height="${height}">
<div class="ends"><span>0</span><span>iteration ${groupDigits(iterations - 1)}</span></div>
${colorBar(scale)}</div>`;
}

/** The scale from the small norms to the large ones, of one decade at least. Where no norm is above 0, one decade under 1. */
export function scaleOf(norms: ArrayLike<number>): LogScale {
  const sorted = Float64Array.from(Array.from(norms).filter((norm) => norm > 0 && norm < Infinity)).sort();
  if (sorted.length === 0) return { low: 1 / LEAST_RATIO, high: 1 };
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))];
  const [low, high] = [at(TAIL), at(1 - TAIL)];
  const widening = Math.sqrt(Math.max(1, LEAST_RATIO / (high / low)));
  return { low: low / widening, high: high * widening };
}

/** Where a norm lies, 0 … 1; NaN for what is not a number. */
export function placeIn({ low, high }: LogScale, norm: number): number {
  if (Number.isNaN(norm)) return NaN;
  return Math.min(1, Math.max(0, Math.log(norm / low) / Math.log(high / low)));
}

/**
 * (height, COLUMNS): the column of an iteration is the inspection nearest to it; where several time steps share a row, the
 * largest is shown. Before the first and after the last inspected iteration it stays empty.
 */
function heatmapPixels(
  inspections: readonly Inspected[],
  iterations: number,
  height: number,
  scale: LogScale,
): Uint32Array<ArrayBuffer> {
  const pixels = new Uint32Array(COLUMNS * height);
  const width = iterations / COLUMNS;
  const last = inspections[inspections.length - 1].iteration;
  let nearest = 0;
  for (let x = 0; x < COLUMNS; x++) {
    const iteration = (x + 0.5) * width - 0.5;
    if (iteration < inspections[0].iteration - width || iteration > last + width) continue;
    while (nearest + 1 < inspections.length && isNextNearer(inspections, nearest, iteration)) nearest++;
    const { norms } = inspections[nearest];
    for (let y = 0; y < height; y++) {
      const from = Math.floor(((height - 1 - y) * norms.length) / height);
      const to = Math.max(from + 1, Math.floor(((height - y) * norms.length) / height));
      pixels[y * COLUMNS + x] = pixelAt(placeIn(scale, Math.max(...norms.subarray(from, to))));
    }
  }
  return pixels;
}

function isNextNearer(inspections: readonly Inspected[], index: number, iteration: number): boolean {
  return Math.abs(inspections[index + 1].iteration - iteration) <= Math.abs(inspections[index].iteration - iteration);
}

/** The colours with the numbers at their ends. */
export function colorBar({ low, high }: LogScale): Markup {
  return markup`<div class="scale"><span>${formatNorm(low)}</span><span class="scale-bar" style="background:linear-gradient(to right,${GRADIENT})"></span><span>${formatNorm(high)}</span></div>`;
}

const GRADIENT = Array.from({ length: 11 }, (_, i) => `rgb(${interpolated(i / 10).join(' ')})`).join(',');
