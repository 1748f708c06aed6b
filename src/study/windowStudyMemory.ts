import { fitDecay } from '../inspection/decay.ts';
import { DirectPaths, type DirectReach as Followed } from '../inspection/directPath.ts';
import { HORIZON_SHARES, influencePieces, lagProfile, longestLived, memoryHorizon } from '../inspection/influence.ts';
import { lyapunovExponent } from '../inspection/lyapunov.ts';
import { deadUnits, saturation } from '../inspection/saturation.ts';
import type { Work } from '../common/work.ts';
import type { BatchStart, StreamPass } from '../model/streamPass.ts';
import { comparedReaches } from '../network/reach.ts';
import type { DirectReach, Memory, Reach, Units } from '../protocol/study.ts';

type Measured = Pick<Memory, 'reaches' | 'longestLived' | 'directPaths' | 'units' | 'lyapunov'>;

/** How far the errors of one stream reach, at every state and layer; what their direct paths keep; what every function lets pass. */
export function* memoryOf(start: BatchStart, pass: StreamPass): Work<Measured> {
  const direct = new DirectPaths(pass);
  const matrices = yield* influencePieces(pass, pass.parameters, 0, direct.watch);
  const reaches = mapped(matrices, reachOf);
  return {
    reaches,
    longestLived: longestLived(comparedReaches(pass.network), reaches),
    directPaths: mapped(direct.reaches, directReachOf),
    units: yield* unitsOf(start, pass),
    lyapunov: (yield* lyapunovExponent(pass, pass.parameters, 0)) ?? null,
  };
}

function reachOf(influence: Float64Array<ArrayBuffer>): Reach {
  const profile = lagProfile(influence);
  return {
    influence,
    lagProfile: profile,
    horizon: {
      onePercent: memoryHorizon(profile, HORIZON_SHARES.onePercent) ?? null,
      oneOverE: memoryHorizon(profile, HORIZON_SHARES.oneOverE) ?? null,
    },
    decay: fitDecay(profile) ?? null,
  };
}

function directReachOf({ direct, others, ...byStepAndUnit }: Followed): DirectReach {
  const directProfile = lagProfile(direct);
  return {
    direct,
    directProfile,
    othersProfile: lagProfile(others),
    decay: fitDecay(directProfile) ?? null,
    ...byStepAndUnit,
  };
}

/** Of every quantity that a function gives. */
function* unitsOf(start: BatchStart, pass: StreamPass): Work<Measured['units']> {
  const { network, activations, shape } = pass;
  const found: Record<string, Omit<Units, 'deadUnits'>> = {};
  for (const equation of network.layerEquations) {
    if (!('apply' in equation)) continue;
    const { gives, apply } = equation;
    // A state has a slot more: the first one is carried in.
    const values = activations[gives].slice(network.states.includes(gives) ? shape.H : 0);
    const { slope, byStep, byUnit } = saturation(values, shape.H, apply);
    found[gives] = { values, slope, saturation: byStep, unitSaturation: byUnit };
    yield values.length;
  }
  const alwaysSaturated = mapped(found, ({ unitSaturation }) =>
    [...unitSaturation.keys()].filter((unit) => unitSaturation[unit] === 1),
  );
  const dead = yield* deadUnits(start, alwaysSaturated);
  return mapped(found, (units, name) => ({ ...units, deadUnits: dead[name] }));
}

function mapped<From, To>(
  named: Readonly<Record<string, From>>,
  to: (from: From, name: string) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(named).map(([name, from]) => [name, to(from, name)] as const));
}
