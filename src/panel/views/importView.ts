import '@vscode-elements/elements/dist/vscode-button/index.js';
import { element, icon, setAttribute, setText, show } from '../dom.ts';
import { importNotice } from '../state/importNotice.ts';
import type { PanelContext, View } from './view.ts';

/** Of a run whose network was trained elsewhere: what was assumed, and whether its first loss bears that out. */
export class ImportView implements View {
  readonly element: HTMLElement;
  readonly #context: PanelContext;
  readonly #text = element('p', { class: 'import-text', 'data-testid': 'import' });
  readonly #warning = element('span', { 'data-testid': 'import-warning' });
  readonly #line = element('p', { class: 'import-warning', role: 'status' }, icon('warning'), this.#warning);
  readonly #actions: HTMLElement;

  constructor(context: PanelContext) {
    this.#context = context;
    const again = element('vscode-button', { 'data-testid': 'action-importWeights' }, 'Import again…');
    again.addEventListener('click', () => this.#context.state.send({ type: 'importWeights' }));
    this.#actions = element('div', { class: 'message-actions' }, again);
    this.element = element('div', { class: 'message import' }, this.#text, this.#line, this.#actions);
  }

  update(): void {
    const { run } = this.#context.state;
    const notice = run && importNotice(run.description);
    show(this.element, notice !== undefined);
    if (notice === undefined) return;
    const { text, warning, details } = notice;
    setText(this.#text, text);
    setAttribute(this.#text, 'title', details);
    setText(this.#warning, warning ?? '');
    show(this.#line, warning !== undefined);
    show(this.#actions, warning !== undefined);
  }
}
