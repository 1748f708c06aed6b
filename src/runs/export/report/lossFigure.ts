import { formatLoss, formatNorm, groupDigits } from '../../../common/format.ts';
import { robustRange } from '../../../common/ranges.ts';
import { counted } from '../../../common/written.ts';
import { SMOOTHING_ITERATIONS } from '../../../history/smoothedLoss.ts';
import type { ExportedRun } from '../exportedRun.ts';
import { evenly } from '../evenly.ts';
import { iterationAxis, linearAxis } from './axis.ts';
import { markup, type Markup } from './markup.ts';
import { band, curve, legend, mark, plot, type PlotLabel } from './plot.ts';
import { table } from './table.ts';

const HEIGHT = 300;
const MOST_POINTS = 600;
const MOST_MARKS = 60;
const MOST_ROWS = 40;

/** The loss over training: smoothed, the extremes that it is thinned from, validation, and what to compare it with. */
export function lossFigure(run: ExportedRun): Markup {
  const { history } = run;
  const raw = history.points('lossNats', 0, history.iterations, MOST_POINTS);
  const smoothed = history.points('lossSmoothedNats', 0, history.iterations, MOST_POINTS);
  const references = lossReferences(run);
  const losses = history.of('validation').map(({ lossNats }) => lossNats);
  const inSight = referencesInSight(references, losses.at(-1) ?? history.newest('lossSmoothedNats'));
  const range = robustRange(raw.minimum, raw.maximum, [...losses.filter(Number.isFinite), ...inSight]);
  const axes = { x: iterationAxis(history.iterations), y: linearAxis('loss, nats per character', range) };
  const iterations = history.of('validation').map(({ iteration }) => iteration);
  const marks = evenly(history.of('validation'), MOST_MARKS).map(({ iteration, lossNats }) =>
    mark(
      'validation',
      iteration,
      lossNats,
      axes,
      `${formatLoss(lossNats, 'nats')} after ${counted(iteration, 'iteration', groupDigits)}`,
    ),
  );
  const newest = losses.at(-1);
  return markup`<figure>${legend([
    { color: 'train', text: 'training, smoothed' },
    {
      color: 'train',
      text: raw.width === 1 ? 'training, each iteration' : 'training, least and largest',
      className: raw.width === 1 ? 'thin' : 'area',
    },
    ...(newest === undefined ? [] : [{ color: 'validation', text: 'validation' }]),
    ...(references.length === 0 ? [] : [{ color: 'muted', text: 'to compare with', className: 'dashed' }]),
  ])}
${plot({
  title: 'Loss over training',
  description:
    `Training loss, smoothed, from ${formatLoss(smoothed.mean[0], 'nats')} to ${formatLoss(history.newest('lossSmoothedNats'), 'nats')} nats per character` +
    (newest === undefined ? '' : `; last validation loss ${formatLoss(newest, 'nats')}`),
  height: HEIGHT,
  ...axes,
  curves: [
    raw.width === 1
      ? curve('train', raw.row, raw.mean, axes, { className: 'faint' })
      : band('train', raw.row, raw.minimum, raw.maximum, axes),
    curve('train', smoothed.row, smoothed.mean, axes),
    curve('validation', iterations, losses, axes),
  ],
  marks,
  labels: references,
})}
<figcaption>Cross entropy per character. The smoothed curve averages over about ${SMOOTHING_ITERATIONS} iterations${
    raw.width === 1
      ? ''
      : `; the band spans the least and the largest loss of every ${groupDigits(raw.width)} iterations`
  }. ${range.cutAbove === undefined ? '' : 'A few larger losses lie above the axis. '}Validation text is never trained on.</figcaption></figure>
${validationTable(run)}`;
}

/** Guessing every character alike, n-grams of this text, and the entropy of the source where it is known. */
function lossReferences({ run, baselines }: ExportedRun): PlotLabel[] {
  if (run.facts === undefined) return [];
  const reference = (name: string, value: number): PlotLabel => ({
    name,
    value,
    number: formatLoss(value, 'nats'),
    color: 'muted',
    isReference: true,
  });
  const { knownEntropyNats, vocabulary } = run.facts;
  return [
    reference('uniform', Math.log(vocabulary.length)),
    ...(baselines?.ngramNats ?? []).map((nats, index) => reference(`${index + 1}-gram`, nats)),
    ...(knownEntropyNats === undefined ? [] : [reference('entropy', knownEntropyNats)]),
  ];
}

/** Those that the axis must reach: guessing alike, and the nearest one below the loss, which is what there is to beat next. */
function referencesInSight(references: readonly PlotLabel[], lossNats: number): number[] {
  const values = references.map(({ value }) => value);
  const next = Math.max(...values.filter((value) => value < lossNats));
  return [...values.slice(0, 1), ...(Number.isFinite(next) ? [next] : [])];
}

function validationTable({ history }: ExportedRun): Markup {
  const shown = evenly(history.of('validation'), MOST_ROWS);
  if (shown.length === 0) return markup``;
  const caption =
    shown.length < history.of('validation').length
      ? `Validation loss, ${shown.length} of ${groupDigits(history.of('validation').length)} measurements`
      : 'Validation loss';
  return markup`<details><summary>${caption} as a table</summary>${table(
    caption,
    ['iteration', 'nats per character', 'bits per character', 'perplexity'],
    shown.map(({ iteration, lossNats }) => [
      groupDigits(iteration),
      formatLoss(lossNats, 'nats'),
      formatLoss(lossNats, 'bits'),
      formatNorm(Math.exp(lossNats)),
    ]),
  )}</details>`;
}
