import type { LossUnit } from '../../common/format.ts';
import type { Baselines } from '../../protocol/study.ts';
import { lossFindings } from './rules.ts';
import type { SignSource, VitalSign } from './sign.ts';
import { lossesOf, vitalSigns } from './signs.ts';
import { summaryOf, type Summary } from './summary.ts';

export interface Health {
  readonly signs: readonly VitalSign[];
  readonly summary: Summary;
}

/** How a run is, the same wherever it is said. */
export function healthOf(run: SignSource, baselines: Baselines | undefined, unit: LossUnit): Health {
  const losses = lossesOf(run);
  const signs = vitalSigns(run, unit, losses);
  const findings = lossFindings({
    metrics: run.history,
    losses,
    settings: run.description.settings,
    notFinite: run.notFinite,
    baselines,
    updateToWeight: run.history.of('vitals').at(-1)?.updateToWeight,
    unit,
  });
  return { signs, summary: summaryOf(findings, signs, losses.isEarly) };
}
