import { aboutRun, pictureName, type PictureData, type PictureValue } from '../charts/pictureData.ts';
import { inUnit, type LossUnit } from '../../common/format.ts';
import type { HistoryColumn } from '../../history/metrics.ts';
import type { Network } from '../../network/network.ts';
import { parametersOfLayer, rootOfSquares } from '../../network/norms.ts';
import type { Baselines } from '../../protocol/study.ts';
import type { IterationRange } from '../state/iterationView.ts';
import type { MirroredRun } from '../state/mirror.ts';

/** Every point that is kept over a range of iterations, from the finest level that reaches back to its beginning. */
function pointsIn({ history }: MirroredRun, column: HistoryColumn, range: IterationRange) {
  return history.points(column, Math.floor(range.from), Math.ceil(range.to) + 1, Infinity);
}

/** How the rows of curves are thinned, in words. */
function thinning(width: number): string {
  return width === 1
    ? 'none, every iteration has a row'
    : `a row stands for ${width} iterations around it: their mean, minimum and maximum`;
}

/** The numbers of the loss chart over a range: the curves, and each validation on a row of its own. */
export function lossData(
  run: MirroredRun,
  range: IterationRange,
  unit: LossUnit,
  baselines: Baselines | undefined,
): PictureData | undefined {
  if (run.history.iterations === 0) return undefined;
  const raw = pointsIn(run, 'lossNats', range);
  const smoothed = pointsIn(run, 'lossSmoothedNats', range);
  const loss = (nats: number): number => inUnit(nats, unit);
  const curve = Array.from(raw.row, (row, i): PictureValue[] => [
    row,
    loss(raw.mean[i]),
    loss(raw.minimum[i]),
    loss(raw.maximum[i]),
    loss(smoothed.mean[i]),
    null,
  ]);
  const validations = run.history
    .of('validation')
    .filter(({ iteration }) => iteration >= range.from && iteration <= range.to)
    .map(({ iteration, lossNats }): PictureValue[] => [iteration, null, null, null, null, loss(lossNats)]);
  const rows = [...curve, ...validations].sort(([one], [other]) => Number(one) - Number(other));
  const { facts } = run.description;
  const entropyNats = facts?.knownEntropyNats;
  const uniformNats = facts && Math.log(facts.vocabulary.length);
  return {
    name: pictureName(run, 'loss', Math.round(range.from), Math.round(range.to)),
    about: {
      ...aboutRun(run),
      unit: `${unit} per character`,
      thinning: thinning(raw.width),
      ...(uniformNats !== undefined && { uniform: loss(uniformNats) }),
      ...(entropyNats !== undefined && { entropy_of_the_source: loss(entropyNats) }),
      ...Object.fromEntries((baselines?.ngramNats ?? []).map((nats, index) => [`ngram_${index + 1}`, loss(nats)])),
    },
    columns: ['iteration', 'training', 'training_minimum', 'training_maximum', 'training_smoothed', 'validation'],
    rows,
  };
}

/** The numbers of the chart of gradient norms over a range. */
export function totalsData(run: MirroredRun, range: IterationRange): PictureData | undefined {
  if (run.history.iterations === 0) return undefined;
  const all = pointsIn(run, 'gradNorm', range);
  const { parameterNames } = run.network;
  const parameters = parameterNames.map((name) => pointsIn(run, `gradNorm_${name}`, range));
  const layers = layerColumns(run.network);
  const normOf = (names: readonly string[], i: number): number =>
    rootOfSquares(names.map((name) => parameters[parameterNames.indexOf(name)].mean[i]));
  return {
    name: pictureName(run, 'gradient-norms', Math.round(range.from), Math.round(range.to)),
    about: { ...aboutRun(run), norms: 'before clipping', thinning: thinning(all.width) },
    columns: [
      'iteration',
      'all',
      'all_minimum',
      'all_maximum',
      ...layers.map(({ column }) => column),
      ...parameterNames,
    ],
    rows: Array.from(all.row, (row, i) => [
      row,
      all.mean[i],
      all.minimum[i],
      all.maximum[i],
      ...layers.map(({ names }) => normOf(names, i)),
      ...parameters.map(({ mean }) => mean[i]),
    ]),
  };
}

/** Whose norms are saved beside those of the parameters: of several layers each, and the output. */
function layerColumns(network: Network): { column: string; names: readonly string[] }[] {
  if (network.layers === 1) return [];
  const layers = Array.from({ length: network.layers }, (_, index) => index + 1);
  return [
    ...layers.map((layer) => ({ column: `layer_${layer}`, names: parametersOfLayer(network, layer) })),
    { column: 'output', names: parametersOfLayer(network, 'output') },
  ];
}
