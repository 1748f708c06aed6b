import { element, icon, setAttribute, setText, show } from '../../dom.ts';
import { groupDigits } from '../../format.ts';
import { quietButton, Toggle } from '../controls.ts';
import type { PanelContext, View } from '../view.ts';
import { windowNote } from './window.ts';

/** Which window is looked into: the stream, live or as it stands, and how old it is. */
export class WindowBar implements View {
  readonly element: HTMLElement;
  readonly #context: PanelContext;
  readonly #live: Toggle;
  readonly #stream: HTMLInputElement;
  readonly #streams = element('span');
  readonly #previous: HTMLButtonElement;
  readonly #next: HTMLButtonElement;
  readonly #note = element('span', { class: 'memory-note', 'data-testid': 'memory-iteration' });
  readonly #problem = element('p', { class: 'problem', hidden: true, 'data-testid': 'memory-problem' });

  constructor(context: PanelContext) {
    this.#context = context;
    const { study } = context.state;
    this.#live = new Toggle('Live', 'memory-live', 'Follow training: a new window every few seconds', () =>
      study.setLive(!study.isLive),
    );
    this.#live.element.prepend(icon('broadcast'));
    this.#stream = element('input', {
      type: 'number',
      class: 'memory-stream-number',
      min: '1',
      step: '1',
      'aria-label': 'Stream whose window is shown, counted from 1',
      'data-testid': 'memory-stream',
    });
    this.#stream.addEventListener('change', () => this.#choose(this.#stream.valueAsNumber - 1));
    this.#previous = quietButton('Previous stream', 'memory-stream-previous', 'chevron-left', () =>
      this.#choose(study.stream - 1),
    );
    this.#next = quietButton('Next stream', 'memory-stream-next', 'chevron-right', () =>
      this.#choose(study.stream + 1),
    );
    const chooser = element(
      'span',
      { class: 'memory-stream' },
      'Stream',
      this.#previous,
      this.#stream,
      this.#streams,
      this.#next,
    );
    this.element = element('div', { class: 'memory-bar' }, this.#live.element, chooser, this.#note, this.#problem);
  }

  update(): void {
    const { state } = this.#context;
    const { run, study } = state;
    if (run === undefined) return;
    const B = run.description.settings.batchSize;
    this.#live.value = study.isLive;
    setAttribute(this.#stream, 'max', String(B));
    if (document.activeElement !== this.#stream || this.#stream.valueAsNumber !== study.stream + 1) {
      this.#stream.value = String(study.stream + 1);
    }
    setText(this.#streams, `of ${groupDigits(B)}`);
    this.#previous.disabled = study.stream <= 0;
    this.#next.disabled = study.stream >= B - 1;
    const { memory } = study;
    setText(this.#note, windowNote(run, memory, study.stream, study.isLive));
    if (memory !== undefined) setAttribute(this.#note, 'data-value', String(memory.iteration));
    show(this.#problem, study.problem !== undefined);
    setText(this.#problem, study.problem ?? '');
  }

  #choose(stream: number): void {
    const { run, study } = this.#context.state;
    const last = (run?.description.settings.batchSize ?? 1) - 1;
    if (Number.isInteger(stream)) study.chooseStream(Math.min(Math.max(stream, 0), last));
    this.#stream.value = String(study.stream + 1);
  }
}
