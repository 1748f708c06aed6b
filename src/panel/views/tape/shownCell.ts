import type { PanelState } from '../../state/panelState.ts';
import type { StepDetail } from '../../../protocol/study.ts';

/** The cell to be shown: the chosen one, or while that is on its way the newest that came, which is then stale. */
export function shownCell(state: PanelState): { readonly cell: StepDetail; readonly isStale: boolean } | undefined {
  const { cell, latestCell, tape } = state.study;
  if (tape === undefined) return undefined;
  if (cell !== undefined) return { cell, isStale: false };
  return latestCell === undefined ? undefined : { cell: latestCell, isStale: true };
}
