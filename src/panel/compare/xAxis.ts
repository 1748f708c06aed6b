import { l10n } from '../../common/l10n.ts';
import type { ComparedRun } from '../../protocol/compare.ts';
import type { Axis, Tick } from '../charts/plot.ts';
import { linearTicks, roundStep } from '../../common/ranges.ts';
import { formatDuration, groupDigits } from '../../common/format.ts';
import type { XKind } from './compareUiState.ts';
import { pairs } from './series.ts';

/** The axis that runs are compared over: iterations, characters seen or the time that training took. Pure functions. */

export const X_NAMES: Readonly<Record<XKind, string>> = {
  iteration: l10n.t('iteration'),
  characters: l10n.t('characters seen'),
  time: l10n.t('training time'),
};

const SECOND = 1000;
/** Steps between the ticks of an axis of time. */
const TIME_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400];
const LOGARITHMIC_TIMES = [1, 10, 60, 600, 3600, 36_000, 360_000];
const PIXELS_PER_TICK = 90;
const PIXELS_PER_LONG_TICK = 110;

/** Where iterations of a run lie; NaN where the run has no clock. */
export function positions(run: ComparedRun, kind: XKind, iterations: ArrayLike<number>): number[] {
  const list = Array.from(iterations);
  if (kind === 'iteration') return list;
  const perIteration = charactersPerIteration(run);
  if (kind === 'characters') return list.map((iteration) => iteration * perIteration);
  const clock = clockOf(run);
  let at = 1;
  return list.map((iteration) => {
    if (clock.length < 2) return NaN;
    while (at < clock.length - 1 && clock[at].iteration < iteration) at++;
    while (at > 1 && clock[at - 1].iteration > iteration) at--;
    const from = clock[at - 1];
    const to = clock[at];
    const share = to.iteration > from.iteration ? (iteration - from.iteration) / (to.iteration - from.iteration) : 1;
    return from.elapsedMs + share * (to.elapsedMs - from.elapsedMs);
  });
}

/** Whether anything is known of the time that the run took. */
export function hasClock(run: ComparedRun): boolean {
  return clockOf(run).length > 1;
}

/** T·B. */
export function charactersPerIteration({ settings }: ComparedRun): number {
  return settings.sequenceLength * settings.batchSize;
}

/** The clock from the start of the run to its newest iteration. */
function clockOf({ clock, iterations, elapsedMs }: ComparedRun): { iteration: number; elapsedMs: number }[] {
  const { x, y } = pairs(clock);
  const points = [{ iteration: 0, elapsedMs: 0 }];
  const add = (iteration: number, ms: number): void => {
    const last = points[points.length - 1];
    if (iteration > last.iteration && ms >= last.elapsedMs) points.push({ iteration, elapsedMs: ms });
  };
  x.forEach((iteration, i) => add(iteration, y[i]));
  add(iterations, elapsedMs);
  return points;
}

/** What a logarithmic axis adds to every place, since a logarithm has none for 0: one iteration, or a second. */
export function logarithmicOffset(kind: XKind, runs: readonly ComparedRun[]): number {
  if (kind === 'iteration') return 1;
  if (kind === 'time') return SECOND;
  return Math.max(1, Math.min(...runs.map(charactersPerIteration)));
}

/** An axis with its way from places to pixels. */
export interface XScale {
  readonly axis: Axis;
  /** What is added to every place before it is drawn. */
  readonly offset: number;
  /** From and to, as places. */
  readonly from: number;
  readonly to: number;
}

/** The axis over all of these runs on so many pixels. Its end is round, so that it stands still while runs grow. */
export function xScale(kind: XKind, runs: readonly ComparedRun[], logarithmic: boolean, width: number): XScale {
  const ends = runs.map((run) => positions(run, kind, [run.iterations])[0]).filter((end) => end > 0);
  const offset = logarithmic ? logarithmicOffset(kind, runs) : 0;
  const to = roundEnd(Math.max(...ends, kind === 'time' ? SECOND : 10));
  const most = Math.max(2, Math.floor(width / (kind === 'characters' ? PIXELS_PER_LONG_TICK : PIXELS_PER_TICK)));
  const places = logarithmic ? logarithmicPlaces(kind, to, offset, most) : linearPlaces(kind, to, most);
  const ticks = places.map((place): Tick => ({ value: place + offset, label: placeText(kind, place) }));
  return { axis: { logarithmic, min: offset, max: to + offset, ticks }, offset, from: 0, to };
}

/** Up to 5 % beyond the end. */
function roundEnd(end: number): number {
  const step = 10 ** Math.floor(Math.log10(end)) / 20;
  return Math.ceil(end / step - 1e-9) * step;
}

function linearPlaces(kind: XKind, to: number, most: number): number[] {
  if (kind !== 'time') return linearTicks({ min: 0, max: to }, most, true);
  const needed = to / SECOND / most;
  const step = SECOND * (TIME_STEPS.find((candidate) => candidate >= needed) ?? roundStep(needed / 86_400) * 86_400);
  return Array.from({ length: Math.floor(to / step + 1e-9) + 1 }, (_, n) => n * step);
}

function logarithmicPlaces(kind: XKind, to: number, offset: number, most: number): number[] {
  const all =
    kind === 'time'
      ? LOGARITHMIC_TIMES.map((seconds) => seconds * SECOND)
      : Array.from({ length: 16 }, (_, power) => 10 ** (power + 1));
  const inside = all.filter((place) => place >= offset && place <= to);
  if (inside.length < 2) return linearPlaces(kind, to, most).filter((place) => place > 0);
  const every = Math.ceil(inside.length / most);
  return inside.filter((_, index) => (inside.length - 1 - index) % every === 0);
}

/** A place as an axis or a reading writes it. */
export function placeText(kind: XKind, place: number): string {
  return kind === 'time' ? formatDuration(Math.round(place)) : groupDigits(place);
}

/** The share of the plot's width at which a place lies. */
export function shareOf({ axis, offset }: XScale, place: number): number {
  const at = place + offset;
  return axis.logarithmic
    ? (Math.log(at) - Math.log(axis.min)) / (Math.log(axis.max) - Math.log(axis.min))
    : (at - axis.min) / (axis.max - axis.min);
}

/** The place at a share of the plot's width. */
export function placeAt({ axis, offset }: XScale, share: number): number {
  const at = axis.logarithmic
    ? Math.exp(Math.log(axis.min) + share * (Math.log(axis.max) - Math.log(axis.min)))
    : axis.min + share * (axis.max - axis.min);
  return at - offset;
}

/** Borders of stretches that are equally wide on the screen. */
export function borders(scale: XScale, count: number): number[] {
  return Array.from({ length: count + 1 }, (_, i) => (i === count ? Infinity : placeAt(scale, i / count)));
}
