import type { PanelContext } from '../views/view.ts';
import type { CompareState } from './compareState.ts';
import type { CompareTheme } from './runStyle.ts';

/** A part of the page: one element, brought up to date when told. */
export interface CompareView {
  readonly element: HTMLElement;
  /** Shows the state as it is now; called with the browser's frames. */
  update(): void;
  /** Shows what is pointed at; called at once, so it must be cheap. */
  point?(): void;
}

/** What every view may use. */
export interface CompareContext {
  readonly state: CompareState;
  readonly theme: CompareTheme;
  requestUpdate(): void;
}

/**
 * The context as figures want it. Of the state they use what both pages have: listening, saving, and why that failed.
 */
export function figureContext(context: CompareContext): PanelContext {
  return context as unknown as PanelContext;
}
