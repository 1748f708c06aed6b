import type { PanelState } from '../../state/panelState.ts';
import type { StepDetail } from '../../../protocol/study.ts';

/** The detail to be shown: of the chosen step, or while that is on its way the newest that came, which is then stale. */
export function shownDetail(state: PanelState): { readonly detail: StepDetail; readonly isStale: boolean } | undefined {
  const { detail, latestDetail, tape } = state.study;
  if (tape === undefined) return undefined;
  if (detail !== undefined) return { detail, isStale: false };
  return latestDetail === undefined ? undefined : { detail: latestDetail, isStale: true };
}
