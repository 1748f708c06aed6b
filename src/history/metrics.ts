import type { LevelPoints } from '../common/bucketRing.ts';
import type { Network } from '../network/network.ts';
import { metricNamesOf, type MetricName } from '../protocol/run.ts';

/** From which the smoothed loss is computed as rows arrive. */
const LOSS = 'lossNats';
/** The smoothed loss. */
export const SMOOTHED_LOSS = 'lossSmoothedNats';
export type HistoryColumn = MetricName;

/** Columns of the history of a run of this network: its metrics, and last the smoothed loss. */
export function historyColumnsOf(network: Pick<Network, 'parameterNames'>): readonly HistoryColumn[] {
  return [...metricNamesOf(network), SMOOTHED_LOSS];
}

/** Where the columns of a history are, by name. */
export class ColumnPlaces {
  readonly names: readonly HistoryColumn[];
  readonly #places: ReadonlyMap<HistoryColumn, number>;

  /** @throws {RangeError} where a name comes twice, the loss is not the first, or the smoothed loss not the last. */
  constructor(names: readonly HistoryColumn[]) {
    this.names = names;
    this.#places = new Map(names.map((name, place) => [name, place]));
    if (this.#places.size < names.length || names.at(-1) !== SMOOTHED_LOSS || names[0] !== LOSS) {
      throw new RangeError(`a history cannot have the columns ${names.join(', ')}`);
    }
  }

  has(column: HistoryColumn): boolean {
    return this.#places.has(column);
  }

  /** @throws {RangeError} for a column that the history does not have. */
  of(column: HistoryColumn): number {
    const place = this.#places.get(column);
    if (place === undefined) throw new RangeError(`the run has no ${column}; it has ${this.names.join(', ')}`);
    return place;
  }
}

/** What curves and readings need of the metrics of a run, whoever holds them. */
export interface Metrics {
  readonly iterations: number;
  /** Whether the run's network has such a column. */
  has(column: HistoryColumn): boolean;
  /**
   * The value of a column at the newest iteration; NaN before the first.
   * @throws {RangeError} for a column that the run does not have.
   */
  newest(column: HistoryColumn): number;
  /**
   * At most `maxPoints` points of a column over iterations `from` ≤ iteration < `to`, from the finest level that can give them.
   * @throws {RangeError} for a column that the run does not have.
   */
  points(column: HistoryColumn, from: number, to: number, maxPoints: number): LevelPoints;
}

/** The value of a column at an iteration: as it came, or the mean of the stretch around it where only that is kept. */
export function valueAt(metrics: Metrics, column: HistoryColumn, iteration: number): number {
  return metrics.points(column, iteration, iteration + 1, 3).mean[0] ?? NaN;
}
