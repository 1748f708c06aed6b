import type { PanelContext, View } from '../view.ts';

/** The views of the tab *Time steps*, from top to bottom. */
export function timeStepsViews(_context: PanelContext): View[] {
  return [];
}
