import { createHash } from 'node:crypto';
import { l10n } from '../../common/l10n.ts';
import { curveColumnsOf, type ComparedRun, type ComparedText } from '../../protocol/compare.ts';
import { networkOf, type Network } from '../../network/network.ts';
import { comparedReaches } from '../../network/reach.ts';
import type { MemoryPoint } from '../../protocol/events.ts';
import type { RunHistory } from '../../history/history.ts';
import { describeKernels, type Sample } from '../../protocol/run.ts';
import { isOwnValidation, ownBest, type StoredRun } from '../../protocol/storedRun.ts';

/** A run as it is read, from its folder or from the session that trains it. */
export interface SourceRun {
  readonly run: StoredRun;
  readonly history: RunHistory;
  /** Newer than what `run` says, where it is known. */
  readonly progress?: { readonly elapsedMs: number };
}

/** Points of a curve over the newest three quarters of a run; every quarter of what is before them has a quarter as many. */
const NEWEST_POINTS = 1024;
const EARLIER_POINTS = 256;
const EARLIER_SHARE = 4;
/** Validations, times and horizons each. */
const MOST_PAIRS = 1024;
/** Text of one sample that fits a column of the page many times over. */
const MOST_CHARACTERS = 2000;

/** What the page needs of a run: some 200 kB, however long it is. */
export function comparedRun(folder: string, { run, history, progress }: SourceRun): ComparedRun {
  const { runId, name, settings, state, failure, facts, forkedFrom } = run;
  const iterations = Math.max(history.iterations, run.iterations);
  const clock = history.metrics.clock.map(({ iteration, elapsedMs }): Pair => [iteration, elapsedMs]);
  const validations = history.of('validation').map(({ iteration, lossNats }): Pair => [iteration, lossNats]);
  const known = ownBest(run);
  const own = validations.filter(([iteration]) => isOwnValidation(run, iteration));
  const best = lowest([...own, ...(known ? [[known.iteration, known.lossNats] as const] : [])]);
  const inspection = history.of('inspection').at(-1);
  const sample = history.of('sample').at(-1);
  const text = textOf(run);
  const network = networkOf(settings);
  const windows = thinned(history.of('memoryPoint'), MOST_PAIRS);
  return {
    folder,
    runId,
    ...(name !== undefined && { name }),
    fileName: run.text?.fileName ?? l10n.t('text not read yet'),
    settings,
    state,
    ...(failure !== undefined && { failure }),
    ...(forkedFrom && { forkedFrom }),
    ...(text && { text }),
    ...(facts && { kernels: describeKernels(facts), parameters: facts.parameterCount }),
    iterations,
    elapsedMs: Math.max(progress?.elapsedMs ?? 0, run.elapsedMs, clock.at(-1)?.[1] ?? 0),
    ...(best && { best: { iteration: best[0], lossNats: best[1] } }),
    curves: curvesOf(network, history),
    validations: packed(thinned(validations, MOST_PAIRS, ([iteration]) => iteration === best?.[0])),
    clock: packed(thinned(clock, MOST_PAIRS)),
    horizons: packed(windows.map(({ iteration, horizonOnePercent }) => [iteration, horizonOnePercent ?? NaN])),
    horizonsOf: windows.map((point) => lastingIn(network, point)),
    ...(inspection && { profile: { iteration: inspection.iteration, stepNorm: inspection.stepNorm } }),
    ...(sample && { sample: beginningOf(sample) }),
  };
}

type Pair = readonly [number, number];

/** Of which states the horizon of a window is, or of what stands for them: those that are reached back from farthest. */
function lastingIn(network: Network, { horizons = {}, longestLived }: MemoryPoint): string[] {
  const names = comparedReaches(network);
  if (names.length === 1) return names;
  if (longestLived !== undefined && names.includes(longestLived)) return [longestLived];
  // Who measured it did not say: several may not end within the window.
  const steps = names.map((name) => (Object.hasOwn(horizons, name) ? (horizons[name] ?? Infinity) : NaN));
  const most = Math.max(...steps);
  return names.filter((_, index) => steps[index] === most);
}

function textOf({ text, facts }: StoredRun): ComparedText | undefined {
  if (facts === undefined) return undefined;
  const { vocabulary, trainingCharacters, validationCharacters } = facts;
  return {
    ...(text && { sha256: text.sha256 }),
    vocabularyId: createHash('sha256').update(JSON.stringify(vocabulary)).digest('hex'),
    symbols: vocabulary.length,
    trainingCharacters,
    validationCharacters,
  };
}

/**
 * Curves of the whole run: finer than a screen is wide for the newest part, and each earlier part a quarter as long as the one
 * after it, so that they also do on a logarithmic axis.
 */
function curvesOf(network: Network, history: RunHistory): ComparedRun['curves'] {
  const parts = partsOf(history.iterations);
  const columns = curveColumnsOf(network).map((column) =>
    parts.map(({ from, to, most }) => history.points(column, from, to, most)),
  );
  const iteration: number[] = [];
  const kept: [part: number, point: number][] = [];
  columns[0].forEach(({ row }, part) => {
    for (let point = 0; point < row.length; point++) {
      // Neighbouring parts may share the run of iterations across their border.
      if (row[point] <= (iteration.at(-1) ?? -1)) continue;
      iteration.push(row[point]);
      kept.push([part, point]);
    }
  });
  const mean = columns.map((ofParts) => kept.map(([part, point]) => ofParts[part].mean[point]));
  // The last point is the last iteration alone, not a mean: what a run ended with.
  if ((iteration.at(-1) ?? Infinity) < history.iterations - 1) {
    iteration.push(history.iterations - 1);
    curveColumnsOf(network).forEach((column, index) => mean[index].push(history.newest(column)));
  }
  return { iteration: Float64Array.from(iteration), mean: Float32Array.from(mean.flat()) };
}

/** Parts of a run of so many iterations, the earliest first. */
function partsOf(iterations: number): { from: number; to: number; most: number }[] {
  const parts: { from: number; to: number; most: number }[] = [];
  let to = iterations;
  let most = NEWEST_POINTS;
  while (to > 0) {
    const from = to <= most ? 0 : Math.floor(to / EARLIER_SHARE);
    parts.unshift({ from, to, most });
    to = from;
    most = EARLIER_POINTS;
  }
  return parts;
}

/** Every n-th of too many values: the last one always, and the one that must not be missing. */
function thinned<V>(values: readonly V[], most: number, isNeeded: (value: V) => boolean = () => false): readonly V[] {
  const every = Math.ceil(values.length / most);
  if (every <= 1) return values;
  return values.filter((value, index) => (values.length - 1 - index) % every === 0 || isNeeded(value));
}

function packed(pairs: readonly Pair[]): Float64Array<ArrayBuffer> {
  return Float64Array.from(pairs.flat());
}

function lowest(validations: readonly Pair[]): Pair | undefined {
  const finite = validations.filter(([, lossNats]) => Number.isFinite(lossNats));
  return finite.length === 0 ? undefined : finite.reduce((best, pair) => (pair[1] < best[1] ? pair : best));
}

function beginningOf(sample: Sample): Sample {
  return {
    ...sample,
    characters: sample.characters.slice(0, MOST_CHARACTERS),
    probability: sample.probability.slice(0, MOST_CHARACTERS),
  };
}
