import type { Buckets, LevelPoints } from '../common/bucketRing.ts';
import { Levels, type LevelsSnapshot } from '../common/levels.ts';
import { packInspections, packSamples, unpackInspections, unpackSamples } from '../protocol/batches.ts';
import {
  METRIC_NAMES,
  type ClockPoint,
  type Inspection,
  type MemoryPoint,
  type MetricName,
  type Sample,
  type Validation,
  type Vitals,
} from '../protocol/run.ts';
import type { HistorySnapshot } from '../protocol/snapshot.ts';
import { SmoothedLoss } from './smoothedLoss.ts';

export { SMOOTHING_ITERATIONS } from './smoothedLoss.ts';

/**
 * The history of a run as the host owns it and the panel mirrors it, in bounded memory: metrics by levels, inspections
 * thinned evenly, the newest samples, all validations.
 */

/** Columns of the history: the metrics, and the smoothed loss that is computed as rows arrive. */
export const HISTORY_COLUMNS = [...METRIC_NAMES, 'lossSmoothedNats'] as const;
export type HistoryColumn = MetricName | 'lossSmoothedNats';

const MAX_INSPECTION_BYTES = 16 * 2 ** 20;
const MAX_INSPECTIONS = 1024;
const MAX_SAMPLES = 200;
/** Of all samples together; a single one may be as long as a person asked for. */
const MAX_SAMPLED_CHARACTERS = 100_000;
/** Validations, vitals and memory points each. */
const MAX_POINTS = 4096;

export class RunHistory {
  #metrics = new Levels(HISTORY_COLUMNS.length);
  #smoothed = new SmoothedLoss();
  #inspections: Inspection[] = [];
  #inspectionStride = 1;
  #inspectionsSeen = 0;
  #newestInspection: Inspection | undefined;
  #validations: Validation[] = [];
  #vitals: Vitals[] = [];
  #memoryPoints: MemoryPoint[] = [];
  #samples: Sample[] = [];
  #clock: ClockPoint[] = [];

  /** @throws {RangeError} where the parts of a stored snapshot contradict each other. */
  static fromSnapshot(snapshot: HistorySnapshot): RunHistory {
    const history = new RunHistory();
    history.#metrics = Levels.fromSnapshot(snapshot.metrics);
    if (history.#metrics.columns !== HISTORY_COLUMNS.length) {
      throw new RangeError(`the stored history has ${history.#metrics.columns} columns, not ${HISTORY_COLUMNS.length}`);
    }
    history.#smoothed = new SmoothedLoss(snapshot.smoothedNats, snapshot.smoothedRows);
    history.#inspections = unpackInspections(snapshot.inspections);
    history.#inspectionStride = snapshot.inspectionStride;
    history.#inspectionsSeen = snapshot.inspectionsSeen;
    history.#newestInspection = snapshot.newestInspection;
    history.#validations = [...snapshot.validations];
    history.#vitals = [...snapshot.vitals];
    history.#memoryPoints = [...snapshot.memoryPoints];
    history.#samples = unpackSamples(snapshot.samples);
    history.#clock = [...snapshot.clock];
    return history;
  }

  snapshot(): HistorySnapshot {
    const metrics: LevelsSnapshot = this.#metrics.snapshot();
    return {
      metrics: { ...metrics, levels: [...metrics.levels] },
      smoothedNats: this.#smoothed.nats,
      smoothedRows: this.#smoothed.losses,
      inspections: packInspections(this.#inspections),
      inspectionStride: this.#inspectionStride,
      inspectionsSeen: this.#inspectionsSeen,
      ...(this.#newestInspection && { newestInspection: this.#newestInspection }),
      validations: [...this.#validations],
      vitals: [...this.#vitals],
      memoryPoints: [...this.#memoryPoints],
      samples: packSamples(this.#samples),
      clock: [...this.#clock],
    };
  }

  /** Iterations so far: the number of rows. */
  get iterations(): number {
    return this.#metrics.rows;
  }

  /** Evenly thinned inspections in order of iteration, the newest always last. */
  get inspections(): readonly Inspection[] {
    const newest = this.#newestInspection;
    const kept = this.#inspections;
    return newest === undefined || kept.at(-1)?.iteration === newest.iteration ? kept : [...kept, newest];
  }

  get validations(): readonly Validation[] {
    return this.#validations;
  }

  /** In order of iteration, thinned evenly. */
  get vitals(): readonly Vitals[] {
    return this.#vitals;
  }

  get memoryPoints(): readonly MemoryPoint[] {
    return this.#memoryPoints;
  }

  get samples(): readonly Sample[] {
    return this.#samples;
  }

  /** How long training had taken at some of the iterations, in order, thinned evenly. */
  get clock(): readonly ClockPoint[] {
    return this.#clock;
  }

  newest(column: HistoryColumn): number {
    return this.#metrics.newest(HISTORY_COLUMNS.indexOf(column));
  }

  points(column: HistoryColumn, from: number, to: number, maxPoints: number): LevelPoints {
    return this.#metrics.points(HISTORY_COLUMNS.indexOf(column), from, to, maxPoints);
  }

  /** All metrics, thinned, from the finest level to the coarsest. */
  get metricLevels(): readonly Buckets[] {
    return this.#metrics.levels;
  }

  /** Adds rows of METRIC_NAMES, (rows, columns). */
  addRows(rows: Float32Array | Float64Array): void {
    const row = new Float64Array(HISTORY_COLUMNS.length);
    for (let start = 0; start < rows.length; start += METRIC_NAMES.length) {
      row.set(rows.subarray(start, start + METRIC_NAMES.length));
      row[METRIC_NAMES.length] = this.#smoothed.next(row[0]);
      this.#metrics.append(row);
    }
  }

  /**
   * Adds iterations of which only means, minima and maxima over runs of `width` of them are known.
   * @param buckets (buckets, [means, minima, maxima], HISTORY_COLUMNS)
   * @param smoothed the smoothed loss as of their end.
   * @throws {RangeError} where the width is no power of 4, or the iterations so far are no multiple of it.
   */
  addBuckets(width: number, buckets: Float32Array, smoothed: SmoothedLoss): void {
    this.#metrics.appendBuckets(width, buckets);
    this.#smoothed = new SmoothedLoss(smoothed.nats, smoothed.losses);
  }

  /** Iterations of which nothing is known. */
  skipRows(count: number): void {
    this.#metrics.skip(count);
  }

  addInspection(inspection: Inspection): void {
    this.#newestInspection = inspection;
    if (this.#inspectionsSeen++ % this.#inspectionStride !== 0) return;
    this.#inspections.push(inspection);
    const bytes = inspection.stepNorm.byteLength + inspection.stepCosine.byteLength + 2 * inspection.inputs.byteLength;
    const room = Math.max(2, Math.min(MAX_INSPECTIONS, Math.floor(MAX_INSPECTION_BYTES / bytes)));
    if (this.#inspections.length > room) {
      this.#inspections = this.#inspections.filter((_, index) => index % 2 === 0);
      this.#inspectionStride *= 2;
    }
  }

  addValidation(validation: Validation): void {
    this.#validations = withPoint(this.#validations, validation);
  }

  addVitals(vitals: Vitals): void {
    this.#vitals = withPoint(this.#vitals, vitals);
  }

  addMemoryPoint(point: MemoryPoint): void {
    this.#memoryPoints = withPoint(this.#memoryPoints, point);
  }

  addClock(point: ClockPoint): void {
    this.#clock = withPoint(this.#clock, point);
  }

  addSample(sample: Sample): void {
    this.#samples.push(sample);
    const characters = (): number => this.#samples.reduce((sum, kept) => sum + kept.characters.length, 0);
    while (this.#samples.length > 1 && (this.#samples.length > MAX_SAMPLES || characters() > MAX_SAMPLED_CHARACTERS)) {
      this.#samples.shift();
    }
  }
}

/** Adds a point to a list, which it changes; of too many every second one goes, never the newest. */
function withPoint<P>(points: P[], point: P): P[] {
  points.push(point);
  return points.length > MAX_POINTS ? points.filter((_, index) => index % 2 === 1) : points;
}
