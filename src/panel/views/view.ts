import type { Disposable, DisposableStore } from '../../common/disposable.ts';
import type { Network } from '../../network/network.ts';
import type { FromPanel } from '../../protocol/panel.ts';
import type { ChartTheme } from '../charts/theme.ts';
import type { Change } from '../state/change.ts';
import type { PanelState } from '../state/panelState.ts';

/** A part of the panel: one element, brought up to date when told. */
export interface View {
  readonly element: HTMLElement;
  /** Shows the state as it is now; called with the browser's frames. */
  update(): void;
  /** Shows what is pointed at; called at once, so it must be cheap. */
  point?(): void;
}

/** What figures need of the page that they are in: listening, saving, and why that failed. */
export interface FigureContext {
  readonly state: {
    subscribe(listener: (change: Change) => void): Disposable;
    send(message: SaveMessage): void;
    readonly saveProblem: string | undefined;
  };
  readonly theme: ChartTheme;
  /** Ends with the views: whatever of theirs goes on outside of their elements is put here where it is made. */
  readonly owned: DisposableStore;
  /** Asks for an update of the views with the next frame. */
  requestUpdate(): void;
}
type SaveMessage = Extract<FromPanel, { type: 'save' }>;

/** What every view may use. */
export interface PanelContext extends FigureContext {
  readonly state: PanelState;
  /** Of the run that is shown, as long as the views live: a run of another network is shown by others. */
  readonly network: Network;
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
