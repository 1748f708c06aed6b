import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import * as v from 'valibot';
import { SampleOptions } from '../../protocol/run.ts';
import { element, setText, show } from '../dom.ts';
import { promptProblem } from '../state/promptProblem.ts';
import type { RunChoices } from '../state/uiState.ts';
import type { MirroredRun } from '../state/mirror.ts';
import type { PanelContext } from './view.ts';

/** Prompt, temperature and length of sampled text, and the button that asks for some at once. */
export class GenerateForm {
  readonly element: HTMLElement;
  readonly #context: PanelContext;
  readonly #prompt = field('prompt', 'Prompt', { placeholder: 'The text to go on from', maxlength: '10000' });
  readonly #temperature = field('temperature', 'Temperature', { inputmode: 'decimal' });
  readonly #length = field('length', 'Length', { inputmode: 'numeric' });
  readonly #button = element('vscode-button', { 'data-testid': 'generate' }, 'Generate');
  readonly #problem = element('p', {
    class: 'problem',
    role: 'alert',
    'data-testid': 'generate-problem',
    hidden: true,
  });
  #shown: RunChoices | null = null;
  #focusRequests: number;

  constructor(context: PanelContext) {
    this.#context = context;
    this.#focusRequests = context.state.promptFocusRequests;
    this.element = element(
      'div',
      { class: 'generate', role: 'form', 'aria-label': 'Generate text' },
      this.#prompt.element,
      this.#temperature.element,
      this.#length.element,
      this.#button,
      this.#problem,
    );
    this.#button.addEventListener('click', () => this.#generate());
    for (const { input } of [this.#prompt, this.#temperature, this.#length]) {
      input.addEventListener('input', () => this.#read());
      input.addEventListener('change', () => this.#apply());
    }
    this.#prompt.input.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') this.#generate();
    });
  }

  update(): void {
    const { state } = this.#context;
    const { choices, generation, run } = state;
    if (choices !== null && choices.runId !== this.#shown?.runId) this.#fill(choices);
    const gone = run === undefined ? 'There is no run.' : networkGone(run);
    this.#button.disabled = gone !== undefined || (generation !== undefined && generation.failure === undefined);
    if (this.#button.title !== (gone ?? '')) this.#button.title = gone ?? '';
    this.#showProblem(this.#problemOf() ?? generation?.failure);
    if (state.promptFocusRequests !== this.#focusRequests) {
      this.#focusRequests = state.promptFocusRequests;
      this.#prompt.input.focus();
      this.element.scrollIntoView({ block: 'nearest' });
    }
  }

  #fill(choices: RunChoices): void {
    this.#shown = choices;
    this.#prompt.input.value = choices.prompt;
    this.#temperature.input.value = String(choices.temperature);
    this.#length.input.value = String(choices.length);
  }

  /** Takes up what is typed, as soon as it can be used. */
  #read(): void {
    const { state } = this.#context;
    if (this.#problemOf() !== undefined) {
      this.#context.requestUpdate();
      return;
    }
    state.chooseForRun({
      prompt: this.#prompt.input.value,
      temperature: Number(this.#temperature.input.value),
      length: Number(this.#length.input.value),
    });
  }

  /** The text sampled while training follows the fields when one of them is left; the run keeps what they say. */
  #apply(): void {
    this.#read();
    const { state } = this.#context;
    if (this.#problemOf() === undefined) state.applySampling();
  }

  #generate(): void {
    if (this.#button.disabled || this.#problemOf() !== undefined) return;
    this.#apply();
    this.#context.state.generate();
  }

  #problemOf(): string | undefined {
    const { temperature, length } = SampleOptions.entries;
    const checks = [
      {
        field: this.#temperature,
        schema: temperature,
        message: 'The temperature is a number from 0 to 5; 0 takes the likeliest character every time.',
      },
      { field: this.#length, schema: length, message: 'The length is a whole number from 1 to 10 000.' },
    ];
    const { run } = this.#context.state;
    return (
      checks.find(({ field, schema }) => !v.is(schema, numberIn(field.input.value)))?.message ??
      (run && promptProblem(this.#prompt.input.value, run.description))
    );
  }

  #showProblem(problem: string | undefined): void {
    const isNew = this.#problem.hidden && problem !== undefined;
    show(this.#problem, problem !== undefined);
    if (isNew) this.#problem.scrollIntoView({ block: 'nearest' });
    setText(this.#problem, problem ?? '');
  }
}

function numberIn(text: string): number {
  return text.trim() === '' ? NaN : Number(text);
}

/** Why no text can be generated, where none can be. */
function networkGone({ status }: MirroredRun): string | undefined {
  // Of a run that is not loaded the network of its last checkpoint writes.
  if (status.resumable !== undefined) return undefined;
  if (status.trainedBy !== undefined) return 'The network of this run is elsewhere.';
  if (status.restored) return 'The network of this run is gone: train again to generate text.';
  if (status.state === 'failed') return 'This run failed: train again to generate text.';
  return status.state === 'starting' ? 'The network is being built.' : undefined;
}

function field(testId: string, label: string, attributes: Readonly<Record<string, string>>) {
  const input = element('vscode-textfield', { ...attributes, 'data-testid': testId });
  input.label = label;
  return {
    input,
    element: element(
      'label',
      { class: `field field-${testId}` },
      element('span', { class: 'field-name' }, label),
      input,
    ),
  };
}
