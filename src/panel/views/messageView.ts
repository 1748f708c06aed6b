import '@vscode-elements/elements/dist/vscode-button/index.js';
import { element, setAttribute, setText, show } from '../dom.ts';
import { messageFor, newsOf, type MessageAction } from '../state/message.ts';
import { FactsLine } from './factsLine.ts';
import { LiveRegion } from './liveRegion.ts';
import type { PanelContext, View } from './view.ts';

/** What the run is made of, what is going on with it, and what to do next. */
export class MessageView implements View {
  readonly element: HTMLElement;
  readonly #context: PanelContext;
  readonly #facts = new FactsLine();
  readonly #text = element('p', { class: 'message-text', 'data-testid': 'message' });
  readonly #actions = element('div', { class: 'message-actions' });
  readonly #live: LiveRegion;
  #shownActions = '';

  constructor(context: PanelContext) {
    this.#context = context;
    this.#live = new LiveRegion('told-state', context.owned);
    this.element = element(
      'div',
      { class: 'message' },
      ...this.#facts.elements,
      this.#text,
      this.#actions,
      this.#live.element,
    );
  }

  update(): void {
    const message = messageFor(this.#context.state.run, this.#context.state.contact);
    setAttribute(this.element, 'data-tone', message.tone);
    setText(this.#text, message.text);
    show(this.#text, message.text !== '');
    const { run } = this.#context.state;
    this.#live.tell(newsOf(run, message));
    this.#facts.update(run?.description);
    const canGoOn = run?.status.resumable !== undefined;
    const actions = JSON.stringify([message.actions, canGoOn]);
    if (actions === this.#shownActions) return;
    this.#shownActions = actions;
    // Where the header's button goes on, nothing else is what one would do first.
    const isLed = canGoOn && message.actions.every(({ intent }) => intent !== 'resume');
    this.#actions.replaceChildren(...message.actions.map((action, index) => this.#button(action, isLed || index > 0)));
  }

  #button(action: MessageAction, secondary: boolean): HTMLElement {
    const button = element('vscode-button', { 'data-testid': `action-${action.intent}`, secondary }, action.label);
    if (action.title !== undefined) button.title = action.title;
    button.addEventListener('click', () => this.#act(action.intent));
    return button;
  }

  #act(intent: MessageAction['intent']): void {
    const { state } = this.#context;
    const runId = state.run?.description.runId;
    if (intent === 'again' || intent === 'againWithRemedy') {
      if (runId !== undefined) state.send({ type: 'again', runId, withRemedy: intent === 'againWithRemedy' });
    } else if (intent === 'resume' || intent === 'loadPaused') {
      if (runId !== undefined) state.send({ type: 'resumeRun', runId, isPaused: intent === 'loadPaused' });
    } else {
      state.send({ type: intent });
    }
  }
}
