import type { LevelPoints } from '../common/bucketRing.ts';
import { METRIC_NAMES, type MetricName } from '../protocol/run.ts';

/** Columns of the history: the metrics, and the smoothed loss that is computed as rows arrive. */
export const HISTORY_COLUMNS = [...METRIC_NAMES, 'lossSmoothedNats'] as const;
export type HistoryColumn = MetricName | 'lossSmoothedNats';

/** What curves and readings need of the metrics of a run, whoever holds them. */
export interface Metrics {
  readonly iterations: number;
  /** The value of a column at the newest iteration; NaN before the first. */
  newest(column: HistoryColumn): number;
  /** At most `maxPoints` points of a column over iterations `from` ≤ iteration < `to`, from the finest level that can give them. */
  points(column: HistoryColumn, from: number, to: number, maxPoints: number): LevelPoints;
}

/** The value of a column at an iteration: as it came, or the mean of the stretch around it where only that is kept. */
export function valueAt(metrics: Metrics, column: HistoryColumn, iteration: number): number {
  return metrics.points(column, iteration, iteration + 1, 3).mean[0] ?? NaN;
}
