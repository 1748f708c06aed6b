import type { PanelState } from '../state/panelState.ts';

/**
 * How a copy went, for the person; empty until that is known.
 * @param copied what is said where it went well.
 */
export function copiedText(outcome: ReturnType<PanelState['outcomeOfCopy']>, copied: string): string {
  if (outcome === undefined) return '';
  return outcome === 'copied' ? copied : `It could not be copied: ${outcome.problem}`;
}
