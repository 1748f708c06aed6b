import type { ChartTheme } from '../charts/theme.ts';
import type { PanelState } from '../state/panelState.ts';

/** A part of the panel: one element, brought up to date when told. */
export interface View {
  readonly element: HTMLElement;
  /** Shows the state as it is now; called with the browser's frames. */
  update(): void;
  /** Shows what is pointed at; called at once, so it must be cheap. */
  point?(): void;
}

/** What every view may use. */
export interface PanelContext {
  readonly state: PanelState;
  readonly theme: ChartTheme;
  /** Asks for an update of the views with the next frame. */
  requestUpdate(): void;
}

/** Tells whether any of a list of inputs differs from the time before. */
export class Inputs {
  #last: readonly unknown[] = [];

  changed(...inputs: readonly unknown[]): boolean {
    const changed = inputs.length !== this.#last.length || inputs.some((input, index) => input !== this.#last[index]);
    this.#last = inputs;
    return changed;
  }
}
