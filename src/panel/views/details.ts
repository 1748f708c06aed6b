import type { PanelContext } from './view.ts';

/**
 * Where the curves are in sight below all that is told of a run: in a high page, and in one that is wide enough for the signs to stand in
 * one line.
 */
const ROOMY = '(min-height: 860px), (min-width: 1480px) and (min-height: 600px)';

/** Whether all is told of a run above the tabs, or what matters in a line: as a person left it, else as there is room for it. */
export class Details {
  readonly #context: PanelContext;
  readonly #roomy = matchMedia(ROOMY);

  constructor(context: PanelContext) {
    this.#context = context;
    const changed = (): void => context.requestUpdate();
    this.#roomy.addEventListener('change', changed);
    context.owned.add({ dispose: () => this.#roomy.removeEventListener('change', changed) });
  }

  get areOpen(): boolean {
    return this.#context.state.ui.detailsOpen ?? this.#roomy.matches;
  }

  turn(): void {
    this.#context.state.choose({ detailsOpen: !this.areOpen });
  }
}
