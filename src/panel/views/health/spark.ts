import type { VitalSign } from '../../../history/health/sign.ts';

export interface SparkRange {
  readonly low: number;
  readonly high: number;
}

/** How far beyond the newer half of a run the scale reaches, in spans of that half, to take in what is usual. */
const REACH = 1;
/** Values that are all alike still need a scale around them. */
const LEAST_SHARE = 0.02;
const LEAST_DECADES = 0.3;

/**
 * The scale of a sparkline: the newer half of the run fits, whatever spikes came before it; what is usual is taken in where
 * it lies near. Logarithmic ones are in decades.
 */
export function sparkRange({
  series,
  usual,
  logarithmic,
}: Pick<VitalSign, 'series' | 'usual' | 'logarithmic'>): SparkRange {
  const values = series.values.map((value) => place(value, logarithmic));
  const newer = values.slice(Math.floor(values.length / 2)).filter(Number.isFinite);
  if (newer.length === 0) return { low: 0, high: 1 };
  let low = Math.min(...newer);
  let high = Math.max(...newer);
  const least = logarithmic ? LEAST_DECADES : Math.max(Math.abs(high) * LEAST_SHARE, 1e-9);
  const span = Math.max(high - low, least);
  for (const edge of usual === undefined ? [] : [usual.from, usual.to]) {
    const at = place(edge, logarithmic);
    if (at < low && low - at <= REACH * span) low = at;
    if (at > high && at - high <= REACH * span) high = at;
  }
  const margin = Math.max(0, least - (high - low)) / 2 + 0.06 * (high - low);
  return { low: low - margin, high: high + margin };
}

function place(value: number, logarithmic: boolean): number {
  return logarithmic ? Math.log10(value) : value;
}

/** Pixels from the top for a value; what lies off the scale is drawn at its edge. */
export function sparkY(value: number, { low, high }: SparkRange, logarithmic: boolean, height: number): number {
  const share = (place(value, logarithmic) - low) / (high - low);
  return height * (1 - Math.min(Math.max(share, 0), 1));
}

/** The line of a sparkline as the path of an SVG; values that are not finite leave a gap. */
export function sparkPath(
  sign: Pick<VitalSign, 'series' | 'logarithmic'>,
  range: SparkRange,
  width: number,
  height: number,
): string {
  const { iterations, values } = sign.series;
  const first = iterations[0] ?? 0;
  const span = Math.max(1, (iterations.at(-1) ?? 0) - first);
  let path = '';
  let pen = 'M';
  values.forEach((value, index) => {
    if (!Number.isFinite(place(value, sign.logarithmic))) {
      pen = 'M';
      return;
    }
    const x = (width * (iterations[index] - first)) / span;
    path += `${pen}${x.toFixed(1)} ${sparkY(value, range, sign.logarithmic, height).toFixed(1)}`;
    pen = 'L';
  });
  return path;
}
