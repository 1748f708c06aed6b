import type { InspectionMode } from '../../src/protocol/worker.ts';

/** How much is inspected. */
export interface InspectionVariant {
  readonly name: string;
  readonly mode: InspectionMode;
  /** The most that it may cost of the throughput without inspection. */
  readonly mostCost?: number;
}

/** The first is what the others are compared with. */
export const INSPECTION_VARIANTS: readonly InspectionVariant[] = [
  { name: 'no inspection', mode: 'none' },
  { name: 'at display rate', mode: 'display', mostCost: 0.02 },
  { name: 'step norms of every iteration', mode: 'every', mostCost: 0.05 },
];
