import { formatNorm, formatShare } from '../../common/format.ts';
import { functionsOf, gatedCells } from '../../network/functions.ts';
import { endsOf, functionOfState, whyHeld } from '../../network/heldUnits.ts';
import { plainName, written } from '../../network/names.ts';
import { networkOf, type Network } from '../../network/network.ts';
import { comparedReaches } from '../../network/reach.ts';
import { saturationOf } from '../../network/slopes.ts';
import { wayWordsOf } from '../../network/wayWords.ts';
import type { MemoryPoint } from '../../protocol/events.ts';
import type { RunSettings } from '../../protocol/settings.ts';
import { judgeHorizon, judgeRecurrence } from './memoryJudgements.ts';
import { placeOf, seriesOf, type SignSource, unknown, type VitalSign } from './sign.ts';
import { HELD_SHARE, LONG_WINDOW, LONG_WINDOW_FACTOR } from './thresholds.ts';

/** The signs of how far errors are carried back, and of what becomes of them in the long run. */

export function horizon({ history, description: { settings } }: SignSource): VitalSign {
  const newest = history.of('memoryPoint').at(-1);
  if (newest === undefined) return unknown('horizon');
  const network = networkOf(settings);
  const { sequenceLength: T } = settings;
  const { state, steps } = longest(network, newest);
  const whose = state === undefined ? '' : `${placeOf(network, state)}: `;
  const judged = judgeHorizon(steps, T, { unit: saturationOf(network).unit, advice: farther(network, settings) });
  return {
    ...judged,
    ...(judged.condition === 'ok' && (held(network, state, history) ?? beyondReach(steps, T))),
    id: 'horizon',
    ...(state !== undefined && { of: state }),
    text: `${whose}${steps === null ? `> ${T - 1} steps` : `${steps} ${steps === 1 ? 'step' : 'steps'}`}`,
    value: steps ?? Infinity,
    // A horizon beyond the window lies above every one that can be measured.
    series: seriesOf(history.of('memoryPoint'), (point) => longest(network, point).steps ?? T),
    logarithmic: false,
    usual: undefined,
  };
}

/**
 * Of a state that has grown beyond its own function, so that it is kept and hardly any error gets into it: no praise, and no alarm. Of a
 * network of one state that is given out as it is there is no such function.
 */
function held(
  network: Network,
  state: string | undefined,
  history: SignSource['history'],
): Pick<VitalSign, 'condition' | 'word' | 'note'> | undefined {
  const of = state === undefined ? undefined : functionOfState(network, { to: state });
  const saturated = of && history.of('vitals').at(-1)?.functions?.[of.gives]?.saturated;
  if (of === undefined || saturated === undefined || !(saturated > HELD_SHARE)) return undefined;
  const note = `Errors last, but ${formatShare(saturated)} of the numbers ${written(of.gives)} stand at ${endsOf(of)}: ${whyHeld(network, of)}. Such units are kept, but hardly written or read`;
  return { condition: 'unknown', word: `${plainName(of.gives)} mostly ${endsOf(of)}`, note };
}

/** Of a window that goes on far beyond where errors reach: nothing is wrong with the run, but most of its window teaches little. */
function beyondReach(steps: number | null, T: number): Pick<VitalSign, 'note' | 'remark'> | undefined {
  if (steps === null || T < LONG_WINDOW || steps * LONG_WINDOW_FACTOR > T - 1) return undefined;
  return {
    note: `Of the ${T - 1} steps back in the window errors reach ${steps} with more than 1 % of their strength: a shorter sequenceLength teaches nearly as much in less time`,
    remark: `errors reach ${steps} of ${T - 1} steps back`,
  };
}

/** The horizon of the state, or of what stands for it, that errors are carried by farthest, and which that is where there are several. */
function longest(
  network: Network,
  { horizons, horizonOnePercent, longestLived }: MemoryPoint,
): { readonly state?: string; readonly steps: number | null } {
  const known = comparedReaches(network).filter((state) => horizons?.[state] !== undefined);
  if (horizons === undefined || known.length === 0) return { steps: horizonOnePercent };
  // Where several do not end within the window, only who measured them knows which lives longest.
  if (longestLived !== undefined && known.includes(longestLived))
    return { state: longestLived, steps: horizons[longestLived] };
  const reach = (state: string): number => horizons[state] ?? Infinity;
  const state = known.reduce((best, other) => (reach(other) > reach(best) ? other : best));
  return { state, steps: horizons[state] };
}

/** What would carry errors farther: gates, and where there are some, biases by which they keep from the start. */
function farther(network: Network, { initialBias }: Pick<RunSettings, 'initialBias'>): string | undefined {
  if (!functionsOf(network).some(({ isGate }) => isGate)) {
    const cells = gatedCells();
    return `Gates carry errors farther: try the cell ${cells.slice(0, -1).join(', ')} or ${cells.at(-1)}`;
  }
  const remembers = network.parameters.some(({ timescale }) => timescale !== undefined);
  return remembers && initialBias !== 'chrono'
    ? 'With initialBias chrono the gates keep for many steps from the start'
    : undefined;
}

/** Of a single way back the spectral radius of its weight; past gates errors go by several, of which only the exponent tells. */
export function radius({ history, description: { settings } }: SignSource): VitalSign {
  const points = history.of('memoryPoint');
  const newest = points.at(-1);
  if (newest === undefined) return unknown('radius');
  const way = wayWordsOf(networkOf(settings));
  const { spectralRadius, sigmaMax, lyapunov, horizonOnePercent } = newest;
  const facts = { spectralRadius, sigmaMax, lyapunov, horizon: horizonOnePercent, T: settings.sequenceLength };
  const common = { ...judgeRecurrence(facts, way), id: 'radius', logarithmic: false } as const;
  if (way === undefined) {
    return {
      ...common,
      text: lyapunov === null ? '–' : lyapunov.toFixed(3).replace('-', '−'),
      value: lyapunov ?? NaN,
      series: seriesOf(points, (point) => point.lyapunov ?? NaN),
      usual: { from: 0, to: 0 },
    };
  }
  return {
    ...common,
    text: spectralRadius === null ? '–' : formatNorm(spectralRadius),
    value: spectralRadius ?? NaN,
    series: seriesOf(points, (point) => point.spectralRadius ?? NaN),
    usual: { from: 1, to: 1 },
  };
}
