import { element, icon, setAttribute, setText, show } from '../dom.ts';
import { quietButton, Toggle } from './controls.ts';
import type { PanelContext, View } from './view.ts';
import { absentText, lostText, windowNote, type WindowName } from './windowText.ts';

/** The line above the pictures of a window: live or as it stands, its stream, which window it is, or why there is none. */
export class WindowControls implements View {
  readonly element: HTMLElement;
  readonly #context: PanelContext;
  readonly #shown: () => WindowName | undefined;
  readonly #live: Toggle;
  readonly #field: HTMLInputElement;
  readonly #range = element('span');
  readonly #previous: HTMLButtonElement;
  readonly #next: HTMLButtonElement;
  readonly #note: HTMLElement;
  readonly #absent: HTMLElement;
  readonly #more: View | undefined;

  /**
   * @param id the tab's, for the ids of the controls.
   * @param shown the window that the tab shows.
   * @param more stands below the line.
   */
  constructor(context: PanelContext, id: 'tape' | 'memory', shown: () => WindowName | undefined, more?: View) {
    this.#more = more;
    this.#context = context;
    this.#shown = shown;
    const { study } = context.state;
    this.#live = new Toggle('Live', `${id}-live`, '', () => study.setLive(!study.isLive));
    this.#live.element.prepend(icon('broadcast'));
    this.#field = element('input', {
      type: 'number',
      class: 'number-field',
      min: '0',
      step: '1',
      id: `${id}-stream-field`,
      'data-testid': `${id}-stream`,
    });
    this.#field.addEventListener('change', () => this.#choose(this.#field.valueAsNumber));
    this.#previous = quietButton('Previous stream', `${id}-stream-previous`, 'chevron-left', () =>
      this.#choose(study.stream - 1),
    );
    this.#next = quietButton('Next stream', `${id}-stream-next`, 'chevron-right', () => this.#choose(study.stream + 1));
    this.#note = element('span', { class: 'window-note', 'data-testid': `${id}-iteration` });
    this.#absent = element('p', { class: 'absent', role: 'status', 'data-testid': `${id}-absent`, hidden: true });
    const label = element('label', { for: this.#field.id }, 'stream');
    this.element = element(
      'div',
      { class: 'window-bar' },
      this.#live.element,
      element('span', { class: 'stream-choice' }, label, this.#previous, this.#field, this.#range, this.#next),
      this.#note,
      this.#absent,
      ...(more === undefined ? [] : [more.element]),
    );
  }

  update(): void {
    this.#more?.update();
    const { run, study } = this.#context.state;
    if (run === undefined) return;
    const { stream, isLive, problem } = study;
    const last = this.#last;
    const shown = this.#shown();
    this.#live.value = isLive;
    this.#live.element.classList.toggle('follow', !isLive);
    setAttribute(
      this.#live.element,
      'title',
      isLive ? 'Follows training; click to stay at this window' : 'Stays at this window; click to go back to live',
    );
    setAttribute(this.#field, 'max', String(last));
    setAttribute(this.#field, 'title', `The text is read in ${last + 1} places at once, one a stream`);
    // What a person is typing stays until they have chosen.
    if (document.activeElement !== this.#field) this.#field.value = String(stream);
    setText(this.#range, last === 0 ? 'the only one' : `of 0–${last}`);
    this.#previous.disabled = stream <= 0;
    this.#next.disabled = stream >= last;
    setText(this.#note, windowNote(run, shown, study));
    if (shown !== undefined) setAttribute(this.#note, 'data-value', String(shown.iteration));
    const words = [
      ...(study.lostWindow === undefined ? [] : [lostText(study.lostWindow)]),
      ...(shown === undefined ? [absentText(run, problem)] : problem === undefined ? [] : [problem]),
    ];
    show(this.#absent, words.length > 0);
    setText(this.#absent, words.join(' '));
  }

  get #last(): number {
    return (this.#context.state.run?.description.settings.batchSize ?? 1) - 1;
  }

  /** A number out of range becomes the nearest that there is, and the field shows it; what is no number is put back. */
  #choose(stream: number): void {
    const { study } = this.#context.state;
    if (Number.isFinite(stream)) study.chooseStream(Math.min(Math.max(Math.round(stream), 0), this.#last));
    this.#field.value = String(study.stream);
  }
}
