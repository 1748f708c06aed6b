import { DecadeScale } from '../../../common/decadeScale.ts';
import type { Network } from '../../../network/network.ts';
import { metricNamesOf, type Inspection } from '../../../protocol/run.ts';
import { type BucketsRecord, bucketsOf } from '../../format/bucketRecords.ts';
import type { RowsRecord } from '../../format/records.ts';
import type { ExportedRun, ExportFile } from '../exportedRun.ts';
import { evenly } from '../evenly.ts';
import type { ValidRecord } from '../validRecords.ts';
import { summaryEvent, versionEvent, type TaggedValue } from './event.ts';
import { framed } from './recordFile.ts';
import { Described, scalarsOfEvent, scalarsOfRow } from './scalars.ts';
import { settingsText } from './settingsText.ts';
import { stepPicture } from './stepPicture.ts';

/** Iterations whose metrics are written: TensorBoard draws a thousand points a curve and reads every byte there is. */
const MOST_STEPS = 100_000;
const MOST_PICTURES = 200;
const OF_RUN = 'What the run is, how its pictures are read, and its settings.';
const CHUNK_BYTES = 2 ** 18;
/** Stands for the name of the machine, which is nobody's business. */
const WRITER = 'rnn-gradient-inspector';

/**
 * A run as an event file of TensorBoard: its numbers as scalars, the step norms of at most 200 inspected iterations as pictures,
 * its settings as a text. The step is the iteration; the wall time is that of the run's creation and the time spent on training
 * since then, without pauses. Of a run of more than 100,000 iterations one in so many is written, and the text says in how many.
 */
export function tensorboardFile(run: ExportedRun, mostSteps = MOST_STEPS): ExportFile {
  const createdSeconds = Math.floor(Date.parse(run.run.createdAt) / 1000);
  return {
    name: `events.out.tfevents.${createdSeconds}.${WRITER}.${run.run.runId}`,
    chunks: inByteChunks(events(run, mostSteps)),
  };
}

async function* events(run: ExportedRun, mostSteps: number): AsyncGenerator<Uint8Array> {
  const clock = new WallClock(Date.parse(run.run.createdAt) / 1000);
  const pictures = new StepPictures(run.network, evenly(run.history.of('inspection'), MOST_PICTURES));
  const described = new Described(run.network, run.wholeFrom);
  const every = Math.max(1, Math.ceil(run.progress.iterations / mostSteps));
  yield versionEvent(clock.seconds);
  const text = settingsText(run, every, pictures.legend);
  yield summaryEvent(clock.seconds, 0, [
    { kind: 'text', tag: 'run', isFirst: true, description: OF_RUN, markdown: text },
  ]);
  for await (const record of run.records()) {
    if (record.type === 'rows') {
      yield* rowEvents(run.network, record, clock, described, every);
      continue;
    }
    if (record.type === 'buckets') {
      yield* bucketEvents(run.network, record, clock, described, every);
      continue;
    }
    const [step, values] = valuesOf(run.network, record, described, pictures);
    if (values.length > 0) yield summaryEvent(clock.seconds, step, values);
  }
}

function* rowEvents(
  network: Network,
  record: RowsRecord,
  clock: WallClock,
  described: Described,
  every: number,
): Generator<Uint8Array> {
  const columns = metricNamesOf(network).length;
  const { firstIteration, rows, elapsedMs } = record;
  const count = rows.length / columns;
  const before = clock.elapsedMs;
  for (let i = 0; i < count; i++) {
    const iteration = firstIteration + i;
    if (iteration % every !== 0) continue;
    clock.elapsedMs = before + ((elapsedMs - before) * (i + 1)) / count;
    const row = rows.subarray(i * columns, (i + 1) * columns);
    yield summaryEvent(clock.seconds, iteration, described.values(scalarsOfRow(network, row)));
  }
  clock.elapsedMs = elapsedMs;
}

/** The means of iterations that are no longer kept one by one, each at the middle of them. */
function* bucketEvents(
  network: Network,
  record: BucketsRecord,
  clock: WallClock,
  described: Described,
  every: number,
): Generator<Uint8Array> {
  const { width, elapsedMs } = record;
  const buckets = [...bucketsOf(record)];
  const before = clock.elapsedMs;
  for (const [index, { firstIteration, mean }] of buckets.entries()) {
    if (Math.ceil(firstIteration / every) * every >= firstIteration + width) continue;
    clock.elapsedMs = before + ((elapsedMs - before) * (index + 1 / 2)) / buckets.length;
    const scalars = described.values(scalarsOfRow(network, Float64Array.from(mean)));
    yield summaryEvent(clock.seconds, firstIteration + width / 2, scalars);
  }
  clock.elapsedMs = elapsedMs;
}

function valuesOf(
  network: Network,
  record: Exclude<ValidRecord, { type: 'rows' | 'buckets' }>,
  described: Described,
  pictures: StepPictures,
): [step: number, values: TaggedValue[]] {
  if (record.type === 'baselines') return [0, []];
  const { iteration } = record.value;
  if (record.type === 'inspection') return [iteration, pictures.of(record.value)];
  return [iteration, described.values(scalarsOfEvent(network, record))];
}

/** The wall time, from the time spent on training. */
class WallClock {
  elapsedMs = 0;
  readonly #startSeconds: number;

  constructor(startSeconds: number) {
    this.#startSeconds = startSeconds;
  }

  get seconds(): number {
    return this.#startSeconds + this.elapsedMs / 1000;
  }
}

/** Pictures of the chosen inspections, all on one scale. */
class StepPictures {
  readonly #iterations: Set<number>;
  readonly #scale = new DecadeScale();
  readonly #network: Network;
  #hasBegun = false;

  constructor(network: Network, chosen: readonly Inspection[]) {
    this.#network = network;
    this.#iterations = new Set(chosen.map(({ iteration }) => iteration));
    for (const { stepNorm } of chosen) this.#scale.include(stepNorm);
  }

  get legend(): string {
    const { low, high, isCut } = this.#scale;
    return `from ${isCut ? '≤ ' : ''}1e${low} (dark blue) to 1e${high} (yellow)`;
  }

  of(inspection: Inspection): TaggedValue[] {
    if (!this.#iterations.delete(inspection.iteration)) return [];
    const isFirst = !this.#hasBegun;
    this.#hasBegun = true;
    const rows = this.#network.stepQuantities.join(', ');
    const description = `The gradient norm of every quantity at every time step: rows from the top ${rows}; columns t = 0 … T − 1. Colours ${this.legend}.`;
    return [
      {
        kind: 'image',
        tag: 'step_norms',
        isFirst,
        description,
        ...stepPicture(this.#network, inspection, this.#scale),
      },
    ];
  }
}

/** The events as records, many a chunk. */
async function* inByteChunks(events: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const event of events) {
    const record = framed(event);
    parts.push(record);
    bytes += record.length;
    if (bytes < CHUNK_BYTES) continue;
    yield Buffer.concat(parts);
    [parts, bytes] = [[], 0];
  }
  if (bytes > 0) yield Buffer.concat(parts);
}
