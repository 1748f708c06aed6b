import { formatNorm, groupDigits } from '../../../common/format.ts';
import { labelOf, written } from '../../../network/names.ts';
import { errorQuantities, listedTexts, stepRow } from '../../../network/quantities.ts';
import type { Network } from '../../../network/network.ts';
import type { Inspection } from '../../../protocol/run.ts';
import type { ExportedRun } from '../exportedRun.ts';
import { decadeAxis, iterationAxis, linearAxis, wholeAxis } from './axis.ts';
import { colorOf, dashOf } from './colors.ts';
import { type Group, grouped, groupsOf } from './groups.ts';
import { markup, type Markup } from './markup.ts';
import { band, curve, plot, type PlotLabel } from './plot.ts';
import { table } from './table.ts';

/** Curves of gradient norms: over training, over the steps of one window, and how far errors reach back. */

const HEIGHT = 240;
const MOST_POINTS = 600;

/** The norm of the whole gradient and of each parameter's, before clipping, over training. */
export function totalsFigure(exported: ExportedRun): Markup {
  return grouped(groupsOf(exported.network, { errors: false }), (group) => totalsOf(exported, group));
}

function totalsOf({ history, network, run }: ExportedRun, { heading, quantities }: Group): Markup {
  const end = history.iterations;
  const all = history.points('gradNorm', 0, end, MOST_POINTS);
  const parameters = quantities.map((name) => ({
    name,
    points: history.points(`gradNorm_${name}`, 0, end, MOST_POINTS),
  }));
  const { clipNorm } = run.settings;
  const clip = clipNorm > 0 ? [clipNorm] : [];
  const axes = {
    x: iterationAxis(end),
    y: decadeAxis('gradient norm, before clipping', [
      all.minimum,
      all.maximum,
      clip,
      ...parameters.map((p) => p.points.mean),
    ]),
  };
  const labels: PlotLabel[] = [
    { name: 'all', value: lastFinite(all.mean), color: 'ink' },
    ...parameters.map(({ name, points }) => ({
      name: written(name),
      value: lastFinite(points.mean),
      color: colorOf(name),
    })),
    ...clip.map((value) => ({ name: 'clip', number: formatNorm(value), value, color: 'muted', isReference: true })),
  ];
  return markup`<figure>${plot({
    title: titled('Gradient norm over training', heading),
    description: `Of all parameters together it is ${formatNorm(history.newest('gradNorm'))} at the last iteration`,
    height: HEIGHT,
    ...axes,
    curves: [
      ...(all.width === 1 ? [] : [band('ink', all.row, all.minimum, all.maximum, axes)]),
      ...parameters.map(({ name, points }) =>
        curve(colorOf(name), points.row, points.mean, axes, { dash: dashOf(network, name) }),
      ),
      curve('ink', all.row, all.mean, axes),
    ],
    labels,
  })}
<figcaption>Frobenius norm of the gradient of each parameter and of all together, before clipping${
    all.width === 1
      ? ''
      : `: means over ${groupDigits(all.width)} iterations, the band from the least to the largest of all`
  }.${clipNorm > 0 ? ' Above the dashed line the gradient is scaled down to it.' : ' Clipping is off.'}</figcaption></figure>`;
}

/** The step norms of the newest inspection. */
export function profileFigure({ history, network }: ExportedRun): Markup {
  const inspection = history.of('inspection').at(-1);
  if (inspection === undefined) return markup`<p class="absent">No iteration of this run was inspected.</p>`;
  return grouped(groupsOf(network, { errors: true }), (group) => profileOf(network, inspection, group));
}

function profileOf(network: Network, inspection: Inspection, { heading, quantities }: Group): Markup {
  const T = inspection.inputs.length;
  const errors = errorQuantities(network).filter((quantity) => quantities.includes(quantity));
  const norms = quantities.map((quantity) => ({
    quantity,
    label: labelOf(network, quantity),
    values: stepRow(network, inspection.stepNorm, quantity),
  }));
  const axes = {
    x: wholeAxis('time step t', T - 1),
    y: decadeAxis(
      'step norm, before clipping',
      norms.map(({ values }) => values),
    ),
  };
  const steps = Array.from({ length: T }, (_, t) => t);
  return markup`<figure>${plot({
    title: titled(`Step norms of iteration ${groupDigits(inspection.iteration)}`, heading),
    description: `One line for each quantity over the ${T} time steps of the window`,
    height: HEIGHT,
    ...axes,
    curves: norms.map(({ quantity, values }) =>
      curve(colorOf(quantity), steps, values, axes, { dash: dashOf(network, quantity) }),
    ),
    labels: norms.map(({ quantity, label, values }) => ({
      name: label,
      value: lastFinite(values),
      color: colorOf(quantity),
    })),
  })}
<figcaption>${profileCaption(network, inspection, quantities.length - errors.length, errors)} Summed over the batch.</figcaption></figure>
<details><summary>Step norms as a table</summary>${table(
    titled(`Step norms of iteration ${groupDigits(inspection.iteration)}`, heading),
    ['t', ...norms.map(({ label }) => label)],
    steps.map((t) => [t, ...norms.map(({ values }) => formatNorm(values[t]))]),
  )}</details>`;
}

function profileCaption(
  network: Network,
  { iteration }: Inspection,
  parameters: number,
  errors: readonly string[],
): string {
  const window = `of the last inspected window, iteration ${groupDigits(iteration)}`;
  const named = listedTexts(errors.map((quantity) => `${labelOf(network, quantity)}(t)`));
  if (parameters === 0) return `The errors ${named} at each time step ${window}.`;
  const also = errors.length === 0 ? '' : `, and the errors ${named}`;
  return `What each time step ${window}, contributes to the gradient of each parameter${also}.`;
}

function titled(title: string, heading: string | undefined): string {
  return heading === undefined ? title : `${title}: ${heading}`;
}

/** The horizon at 1 % over training. */
export function horizonFigure({ history, run }: ExportedRun): Markup {
  const points = history.of('memoryPoint');
  if (points.length === 0) {
    return markup`<p class="absent">The memory horizon was not measured in this run.</p>`;
  }
  const T = run.settings.sequenceLength;
  const steps = points.map(({ horizonOnePercent }) => horizonOnePercent ?? T);
  const axes = {
    x: iterationAxis(history.iterations),
    y: linearAxis('memory horizon, steps back', { min: 0, max: T }, true),
  };
  const newest = points[points.length - 1];
  return markup`<figure>${plot({
    title: 'Memory horizon over training',
    description: `${newest.horizonOnePercent ?? `More than ${T - 1}`} steps at the last measurement`,
    height: 180,
    ...axes,
    curves: [
      curve(
        'train',
        points.map(({ iteration }) => iteration),
        steps,
        axes,
      ),
    ],
    labels: [{ name: 'window', number: String(T), value: T, color: 'muted', isReference: true }],
  })}
<figcaption>After so many steps back an error is under 1 % of its strength. On the line of the window it is not, as far as the ${T} steps of a window tell.</figcaption></figure>`;
}

function lastFinite(values: ArrayLike<number>): number {
  return Array.from(values).findLast((value) => Number.isFinite(value) && value > 0) ?? NaN;
}
