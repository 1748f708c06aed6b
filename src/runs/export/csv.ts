import { errorQuantities, listedTexts } from '../../network/quantities.ts';
import type { Network } from '../../network/network.ts';
import { hasCosines, shortestFloat32 } from '../../protocol/eventLines.ts';
import { metricNamesOf, type Inspection } from '../../protocol/run.ts';
import { bucketsOf } from '../format/bucketRecords.ts';
import { inChunks } from './chunks.ts';
import type { ExportedRun, ExportFile } from './exportedRun.ts';

/**
 * A run as tables after RFC 4180: lines end with CR LF, UTF-8 without a byte order mark. What the numbers belong to stands
 * before them on lines that begin with "#", as in the tables that the panel saves: `pandas.read_csv(file, comment='#')` leaves
 * these out. Numbers have all their digits; NaN, Infinity and -Infinity are spelled so; what was not measured is an empty field.
 */

const END = '\r\n';

const LEVELS = 'metrics-levels.csv';
const EXTREMES = ['mean', 'least', 'greatest'] as const;

/**
 * The tables: `metrics.csv`, a row an iteration, and `step-norms.csv`, a row a number. Of a run whose older iterations are no longer
 * kept one by one, also `metrics-levels.csv`, a row for several of them.
 */
export function csvFiles(run: ExportedRun): ExportFile[] {
  return [
    { name: 'metrics.csv', chunks: metricsCsv(run) },
    ...(run.wholeFrom > 0 ? [{ name: LEVELS, chunks: levelsCsv(run) }] : []),
    { name: 'step-norms.csv', chunks: stepNormsCsv(run) },
  ];
}

/**
 * One row an iteration: its metrics, and the validation loss of the network that the iteration began with, where it was measured.
 * The network that the last iteration left has a row of its own, without metrics, where it was validated.
 */
export function metricsCsv(run: ExportedRun): AsyncIterable<string> {
  return inChunks(metricLines(run));
}

async function* metricLines(run: ExportedRun): AsyncGenerator<string> {
  yield about(run, [
    'lossNats, validationNats: nats per character; 1 nat is 1.4427 bits',
    'gradNorm…: Frobenius norm of the gradient before clipping; clipFactor: what clipping multiplied it by',
    'validationNats: of the network that the iteration began with; the training loss beside it is of the same network',
    ...(run.wholeFrom > 0
      ? [`iterations 0 to ${run.wholeFrom - 1} are not kept one by one: ${LEVELS} has their means and extremes`]
      : []),
  ]);
  const names = metricNamesOf(run.network);
  yield ['iteration', ...names, 'validationNats'].join(',') + END;
  const validations = await validationsOf(run);
  yield* validationLines(
    [...validations].filter(([iteration]) => iteration < run.wholeFrom),
    names.length,
  );
  for (const iteration of [...validations.keys()]) if (iteration < run.wholeFrom) validations.delete(iteration);
  for await (const record of run.records()) {
    if (record.type !== 'rows' || record.firstIteration < run.wholeFrom) continue;
    const { firstIteration, rows } = record;
    for (let start = 0; start < rows.length; start += names.length) {
      const iteration = firstIteration + start / names.length;
      let line = String(iteration);
      for (let column = 0; column < names.length; column++) line += `,${rows[start + column]}`;
      yield `${line},${validations.get(iteration) ?? ''}${END}`;
      validations.delete(iteration);
    }
  }
  yield* validationLines([...validations], names.length);
}

/** Of networks that no row is of. */
function* validationLines(
  validations: (readonly [iteration: number, lossNats: number])[],
  metrics: number,
): Generator<string> {
  for (const [iteration, lossNats] of validations.sort(([one], [other]) => one - other)) {
    yield `${iteration}${','.repeat(metrics)},${lossNats}${END}`;
  }
}

/** The iterations that are no longer kept one by one: a row for `iterations` of them from `iteration` on, in order and without gaps. */
function levelsCsv(run: ExportedRun): AsyncIterable<string> {
  return inChunks(levelLines(run));
}

async function* levelLines(run: ExportedRun): AsyncGenerator<string> {
  yield about(run, [
    'iteration: the first one of a row; iterations: how many the row is of',
    '…Mean, …Least, …Greatest: over these iterations; the columns are those of metrics.csv',
  ]);
  const metrics = metricNamesOf(run.network);
  const names = metrics.flatMap((name) => ['Mean', 'Least', 'Greatest'].map((extreme) => name + extreme));
  yield ['iteration', 'iterations', ...names].join(',') + END;
  for await (const record of run.records()) {
    if (record.type === 'buckets') {
      for (const bucket of bucketsOf(record)) {
        const numbers = metrics.flatMap((_, column) => EXTREMES.map((of) => shortestFloat32(bucket[of][column])));
        yield `${bucket.firstIteration},${record.width},${numbers.join(',')}${END}`;
      }
    } else if (record.type === 'rows' && record.firstIteration < run.wholeFrom) {
      for (const [index, row] of rowsOf(record.rows, metrics.length).entries()) {
        const numbers = row.flatMap((value) => [value, value, value]);
        yield `${record.firstIteration + index},1,${numbers.join(',')}${END}`;
      }
    }
  }
}

function rowsOf(rows: Float64Array, columns: number): number[][] {
  return Array.from({ length: rows.length / columns }, (_, row) =>
    Array.from(rows.subarray(row * columns, (row + 1) * columns)),
  );
}

/** Validation losses by iteration: a validation ends some iterations after the one that it is of. */
async function validationsOf(run: ExportedRun): Promise<Map<number, number>> {
  const losses = new Map<number, number>();
  for await (const record of run.records()) {
    if (record.type === 'validation') losses.set(record.value.iteration, record.value.lossNats);
  }
  return losses;
}

/** Of every inspected iteration the norm of each quantity at each time step, a row each. */
function stepNormsCsv(run: ExportedRun): AsyncIterable<string> {
  return inChunks(stepNormLines(run));
}

async function* stepNormLines(run: ExportedRun): AsyncGenerator<string> {
  yield about(run, [
    't: time step of the window, from 0',
    `norm: of the contribution of step t to the gradient of the parameter, summed over the batch, before clipping; of ${listedTexts(errorQuantities(run.network))} the norm over the batch`,
    'cosine: between that contribution and the whole gradient; empty where it was not measured',
    ...(run.wholeFrom > 0 ? ['of the inspected iterations some are kept, evenly spread over the run'] : []),
  ]);
  yield `iteration,t,quantity,norm,cosine${END}`;
  for await (const record of run.records()) {
    if (record.type === 'inspection') yield* inspectionLines(run.network, record.value);
  }
}

function* inspectionLines({ stepQuantities, parameterNames }: Network, inspection: Inspection): Generator<string> {
  const { iteration, stepNorm, stepCosine, inputs } = inspection;
  const T = inputs.length;
  const isMeasured = hasCosines(inspection);
  for (let t = 0; t < T; t++) {
    for (const [row, quantity] of stepQuantities.entries()) {
      const cosine = isMeasured && row < parameterNames.length ? shortestFloat32(stepCosine[row * T + t]) : '';
      yield `${iteration},${t},${quantity},${shortestFloat32(stepNorm[row * T + t])},${cosine}${END}`;
    }
  }
}

/** The run that the numbers come from: with these settings and this file it can be trained again. */
function about({ run }: ExportedRun, meanings: readonly string[]): string {
  const lines = [
    ...(run.text === undefined ? [] : [`file: ${run.text.fileName}`]),
    ...(run.name === undefined ? [] : [`name: ${run.name}`]),
    `run: ${run.runId}, created ${run.createdAt}`,
    ...Object.entries(run.settings).map(([name, value]) => `${name}: ${value}`),
    ...meanings,
  ];
  return lines.map((line) => `# ${oneLine(line)}${END}`).join('');
}

/** A name may hold a line end, which would begin a row. */
function oneLine(text: string): string {
  return text.replaceAll(/[\r\n\u2028\u2029]+/g, ' ');
}
