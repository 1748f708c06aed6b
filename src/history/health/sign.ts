import type { ReadableHistory } from '../history.ts';
import { plainName } from '../../network/names.ts';
import type { Network } from '../../network/network.ts';
import type { NotFinite, RunFacts } from '../../protocol/run.ts';
import type { RunSettings } from '../../protocol/settings.ts';
import { NOT_KNOWN, type Judgement } from './judgements.ts';

/** What a vital sign is, and what every sign is made with. */

/** Points of a sparkline. */
export const MOST_POINTS = 60;

export const SIGN_IDS = ['gradient', 'update', 'saturation', 'dead', 'horizon', 'radius', 'gap'] as const;
export type SignId = (typeof SIGN_IDS)[number];

/** A reading over the run, oldest first: at most MOST_POINTS of its values. */
export interface Series {
  readonly iterations: readonly number[];
  readonly values: readonly number[];
}

/** A vital sign as it is now. */
export interface VitalSign extends Judgement {
  readonly id: SignId;
  /** As it stands on the screen, and unformatted; NaN where it is not known. */
  readonly text: string;
  readonly value: number;
  /** What else is to be known of what was measured, a sentence; nothing that is notable of the run. */
  readonly note?: string;
  /** What of it is worth a few words beside "Healthy". */
  readonly remark?: string;
  /** What else is measured with it, unformatted: the share of clipped iterations. */
  readonly second?: number;
  readonly series: Series;
  readonly logarithmic: boolean;
  /** Where the values usually lie; a line where both are equal. */
  readonly usual: { readonly from: number; readonly to: number } | undefined;
}

/** What of a run its vital signs are read from. */
export interface SignSource {
  readonly description: { readonly settings: RunSettings; readonly facts?: RunFacts | undefined };
  readonly history: ReadableHistory;
  /** Where a number stopped being finite, if one did. */
  readonly notFinite?: NotFinite | undefined;
}

/** A sign of which there is no reading. */
export function unknown(id: SignId, word = NOT_KNOWN.word): VitalSign {
  return {
    ...NOT_KNOWN,
    id,
    word,
    text: '–',
    value: NaN,
    series: { iterations: [], values: [] },
    logarithmic: false,
    usual: undefined,
  };
}

/** A quantity of a network in words: `c`, and of several layers `c, layer 2`. */
export function placeOf({ layers, quantities }: Network, name: string): string {
  const layer = quantities.find((quantity) => quantity.name === name)?.layer;
  return layers === 1 || layer === undefined ? plainName(name) : `${plainName(name)}, layer ${layer}`;
}

/** At most MOST_POINTS of a list's values, evenly spaced, the newest always among them. */
export function seriesOf<P extends { readonly iteration: number }>(
  points: readonly P[],
  valueOf: (point: P) => number,
): Series {
  const count = Math.min(points.length, MOST_POINTS);
  const chosen = Array.from(
    { length: count },
    (_, i) => points[count === 1 ? 0 : Math.round((i * (points.length - 1)) / (count - 1))],
  );
  return { iterations: chosen.map(({ iteration }) => iteration), values: chosen.map(valueOf) };
}
