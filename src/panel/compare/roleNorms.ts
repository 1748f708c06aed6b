import type { GroupKey } from '../../network/groups.ts';
import { namesOf, type Compared } from './comparedNetworks.ts';
import type { ShownRun } from './compareState.ts';
import { curve, jointCurve, lastOf } from './series.ts';

/** The groups that have gradients, in the order of the table. */
export const ROLE_GROUPS = ['input', 'recurrent', 'bias', 'output'] as const satisfies readonly GroupKey[];
export type RoleGroup = (typeof ROLE_GROUPS)[number];

/** Norms at the last iteration of a run: of all its layers, or of one; undefined of what the network lacks. */
export interface RoleRow {
  readonly layer: number | null;
  readonly all: number | undefined;
  readonly byRole: Readonly<Record<RoleGroup, number | undefined>>;
}

/** A row for the run, and where it has several layers one for each. */
export function roleNorms(shown: Pick<ShownRun, 'run' | 'network'>): RoleRow[] {
  const { layers } = shown.network;
  const places = layers === 1 ? [null] : [null, ...Array.from({ length: layers }, (_, index) => index + 1)];
  return places.map((layer): RoleRow => {
    const norm = (what: Compared): number | undefined =>
      lastOf(
        jointCurve(
          shown,
          namesOf(shown.network, what, layer).map((name) => `gradNorm_${name}`),
        ),
      );
    const [input, recurrent, bias, output] = ROLE_GROUPS.map(norm);
    return {
      layer,
      all: layer === null ? lastOf(curve(shown, 'gradNorm')) : norm('all'),
      // The output belongs to no layer.
      byRole: { input, recurrent, bias, output: layer === null ? output : undefined },
    };
  });
}
