import type { Condition } from './judgements.ts';
import type { Finding } from './rules.ts';
import type { VitalSign } from './sign.ts';

export interface Summary {
  readonly condition: Condition;
  /** One word where all is well, else what is most notable. */
  readonly text: string;
  /** Beside that all is well: what of it is worth a few words; empty where there is nothing. */
  readonly remark: string;
  /** Everything notable, the most alarming first. */
  readonly evidence: readonly string[];
}

/**
 * What the losses and the vital signs say together. Of a run that has only just begun only alarms are told.
 * @param findings of the losses, the most alarming first; they come before what the signs say of the same weight.
 */
export function summaryOf(findings: readonly Finding[], signs: readonly VitalSign[], isEarly: boolean): Summary {
  const all: Finding[] = [...findings, ...signs.map(({ condition, evidence }) => ({ condition, text: evidence }))];
  const of = (wanted: Condition): string[] =>
    all.filter(({ condition, text }) => condition === wanted && text !== '').map(({ text }) => text);
  const alarms = of('alarm');
  const evidence = isEarly ? alarms : [...alarms, ...of('watch')];
  if (evidence.length > 0) {
    return { condition: alarms.length > 0 ? 'alarm' : 'watch', text: evidence[0], remark: '', evidence };
  }
  if (isEarly) return { condition: 'unknown', text: 'Too early to tell', remark: '', evidence };
  const remarks = signs.flatMap(({ remark }) => remark ?? []);
  return { condition: 'ok', text: 'Healthy', remark: remarks.join(', '), evidence };
}
