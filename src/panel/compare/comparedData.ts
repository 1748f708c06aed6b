import type { PictureData, PictureValue } from '../charts/pictureData.ts';
import type { ShownRun } from './compareState.ts';
import { positions } from './xAxis.ts';

/** The numbers of a chart over training as a table: a row for every point of every visible run. */
export function trainingData(
  name: string,
  runs: readonly ShownRun[],
  about: Readonly<Record<string, PictureValue>>,
  columns: readonly string[],
  rowsOf: (run: ShownRun) => readonly (readonly [iteration: number, ...values: PictureValue[]])[],
): PictureData | undefined {
  const rows = runs.flatMap((shown) => {
    const own = rowsOf(shown);
    const iterations = own.map(([iteration]) => iteration);
    const characters = positions(shown.run, 'characters', iterations);
    const times = positions(shown.run, 'time', iterations);
    return own.map((row, i): PictureValue[] => [
      shown.key,
      row[0],
      characters[i],
      Number.isFinite(times[i]) ? times[i] / 1000 : null,
      ...row.slice(1),
    ]);
  });
  if (rows.length === 0) return undefined;
  return {
    name: `comparison-${name}`,
    about: { ...aboutRuns(runs), ...about },
    columns: ['run', 'iteration', 'characters_seen', 'training_seconds', ...columns],
    rows,
  };
}

/** Which letter is which run. */
export function aboutRuns(runs: readonly ShownRun[]): Record<string, PictureValue> {
  return Object.fromEntries(
    runs.map(({ key, label, run }) => [`run_${key}`, label === run.fileName ? label : `${label} (${run.fileName})`]),
  );
}
