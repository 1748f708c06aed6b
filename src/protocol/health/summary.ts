import type { VitalSign } from './signs.ts';
import { EARLIEST_ITERATIONS, type Condition } from './thresholds.ts';

export interface Summary {
  readonly condition: Condition;
  /** One word where all is well, else what is most notable. */
  readonly text: string;
  /** Everything notable, the most alarming first. */
  readonly evidence: readonly string[];
}

/**
 * What the vital signs say together. Of a run that has only just begun only alarms are told.
 * @param notLearning why the network does not learn, if it does not: with every sign as usual it is not healthy for that.
 */
export function summaryOf(
  signs: readonly VitalSign[],
  iterations: number,
  notFinite: string | undefined,
  notLearning?: string,
): Summary {
  if (notFinite !== undefined) return { condition: 'alarm', text: notFinite, evidence: [notFinite] };
  const alarms = signs.filter(({ condition }) => condition === 'alarm');
  const isEarly = iterations < EARLIEST_ITERATIONS;
  const watched = isEarly ? [] : signs.filter(({ condition }) => condition === 'watch');
  const evidence = [
    ...alarms.map((sign) => sign.evidence),
    ...(notLearning === undefined ? [] : [notLearning]),
    ...watched.map((sign) => sign.evidence),
  ];
  if (evidence.length === 0) {
    return isEarly
      ? { condition: 'unknown', text: 'Too early to tell', evidence }
      : { condition: 'ok', text: 'Healthy', evidence };
  }
  return { condition: alarms.length > 0 ? 'alarm' : 'watch', text: evidence[0], evidence };
}
