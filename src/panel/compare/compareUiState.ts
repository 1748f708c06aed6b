import * as v from 'valibot';
import { MOST_COMPARED, RunFolder } from '../../protocol/compare.ts';

/** What a network has: which networks are compared, only their runs say. */
const Name = v.pipe(v.string(), v.maxLength(100));

/** What a person chose on the page. VS Code keeps it over a reload; what is read back is checked. */
const CompareUiStateSchema = v.object({
  /** The host reads these runs anew after a reload. */
  folders: v.pipe(v.array(RunFolder), v.maxLength(MOST_COMPARED)),
  /** Which run has which mark, so that a run keeps its mark when another one is removed. */
  slots: v.pipe(v.array(v.nullable(RunFolder)), v.maxLength(MOST_COMPARED)),
  hidden: v.pipe(v.array(RunFolder), v.maxLength(MOST_COMPARED)),
  x: v.picklist(['iteration', 'characters', 'time']),
  logarithmicX: v.boolean(),
  unit: v.picklist(['nats', 'bits']),
  logarithmicLoss: v.boolean(),
  losses: v.picklist(['both', 'training', 'validation']),
  /** The parameter or the role whose gradient is shown, or `all` of them together. */
  norm: Name,
  /** Null is what the first network shows unless a person chose. */
  quantity: v.nullable(Name),
  /** Of which layer; null of all of them together. */
  layer: v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1))), null),
});
export type CompareUiState = v.InferOutput<typeof CompareUiStateSchema>;
export type XKind = CompareUiState['x'];

export const DEFAULT_COMPARE_UI: CompareUiState = {
  folders: [],
  slots: [],
  hidden: [],
  x: 'iteration',
  logarithmicX: false,
  unit: 'nats',
  logarithmicLoss: false,
  losses: 'both',
  norm: 'all',
  quantity: null,
  layer: null,
};

/** The stored state, or the defaults where there is none or it is not one of ours. */
export function parseCompareUiState(stored: unknown): CompareUiState {
  const parsed = v.safeParse(CompareUiStateSchema, stored);
  return parsed.success ? parsed.output : DEFAULT_COMPARE_UI;
}

/** The marks of the runs: those that have one keep it, the others take the first that are free. */
export function assignSlots(slots: readonly (string | null)[], folders: readonly string[]): (string | null)[] {
  const assigned = Array.from({ length: MOST_COMPARED }, (_, slot) => {
    const folder = slots[slot] ?? null;
    return folder !== null && folders.includes(folder) ? folder : null;
  });
  for (const folder of folders) if (!assigned.includes(folder)) assigned[assigned.indexOf(null)] = folder;
  return assigned;
}
