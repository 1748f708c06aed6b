import { element } from '../dom.ts';
import { ShadeLegend } from './sampledText.ts';
import type { PanelContext, View } from './view.ts';

/** What the editor of the text shows of the window: its shades, its underline and its frame, in the colours that it has there. */
export class EditorLegend implements View {
  readonly element: HTMLElement;
  readonly #context: PanelContext;
  readonly #shades: ShadeLegend;

  constructor(context: PanelContext) {
    this.#context = context;
    this.#shades = new ShadeLegend(context.state.ui.unit);
    this.element = element(
      'p',
      { class: 'editor-legend', 'data-testid': 'editor-legend' },
      element('span', {}, 'In the editor: '),
      element('span', { class: 'editor-window' }, 'this window'),
      element('span', { class: 'editor-step' }, 'the chosen step'),
      this.#shades.element,
    );
  }

  update(): void {
    this.#shades.unit = this.#context.state.ui.unit;
  }
}
