import { element, icon, setAttribute, show } from '../../dom.ts';
import { quietButton, Toggle } from '../controls.ts';
import type { PanelContext } from '../view.ts';

/** Which stream is shown, and whether the tape follows training. */
export class TapeControls {
  readonly stream: HTMLElement;
  readonly live: HTMLElement;
  readonly #context: PanelContext;
  readonly #field: HTMLInputElement;
  readonly #previous: HTMLButtonElement;
  readonly #next: HTMLButtonElement;
  readonly #toggle: Toggle;
  readonly #back: HTMLButtonElement;

  constructor(context: PanelContext) {
    this.#context = context;
    const { study } = context.state;
    this.#field = element('input', {
      type: 'number',
      class: 'number-field',
      min: '0',
      step: '1',
      id: 'tape-stream-field',
      'data-testid': 'tape-stream',
    });
    this.#field.addEventListener('change', () => this.#choose(Number(this.#field.value)));
    this.#previous = quietButton('Stream before', 'tape-stream-previous', 'chevron-left', () =>
      this.#choose(study.stream - 1),
    );
    this.#next = quietButton('Next stream', 'tape-stream-next', 'chevron-right', () => this.#choose(study.stream + 1));
    this.stream = element(
      'span',
      { class: 'stream-choice' },
      element('label', { for: 'tape-stream-field' }, 'stream'),
      this.#previous,
      this.#field,
      this.#next,
    );
    this.#toggle = new Toggle('Live', 'tape-live', 'Follow training; off: stay at this window', () =>
      study.setLive(!study.isLive),
    );
    this.#toggle.element.prepend(icon('broadcast'));
    this.#back = element(
      'button',
      { type: 'button', class: 'toggle follow', 'data-testid': 'tape-go-live', hidden: true },
      icon('arrow-circle-right'),
      'Go back to live',
    );
    this.#back.addEventListener('click', () => study.setLive(true));
    this.live = element('span', { class: 'live-choice' }, this.#back, this.#toggle.element);
  }

  update(): void {
    const { study } = this.#context.state;
    const last = this.#streams - 1;
    setAttribute(this.#field, 'max', String(last));
    this.#field.title = `Stream 0 … ${last}: the text is read in ${last + 1} places at once`;
    if (document.activeElement !== this.#field) this.#field.value = String(study.stream);
    this.#previous.disabled = study.stream <= 0;
    this.#next.disabled = study.stream >= last;
    this.#toggle.value = study.isLive;
    show(this.#back, !study.isLive);
  }

  get #streams(): number {
    const { study, run } = this.#context.state;
    return run?.description.settings.batchSize ?? study.tape?.streams ?? 1;
  }

  /** A number out of range becomes the nearest that there is, and the field shows it. */
  #choose(stream: number): void {
    const chosen = Math.min(Math.max(Math.round(Number.isFinite(stream) ? stream : 0), 0), this.#streams - 1);
    this.#field.value = String(chosen);
    this.#context.state.study.chooseStream(chosen);
  }
}
