import '@vscode-elements/elements/dist/vscode-button/index.js';
import type { Sample } from '../../protocol/run.ts';
import { element, icon, setText } from '../dom.ts';
import { formatProbability, groupDigits, quotedSymbol } from '../../common/format.ts';
import { quietButton, Toggle } from './controls.ts';
import { figureHead, helpFor } from './figure.ts';
import { FigureMenu } from './figureMenu.ts';
import { GenerateForm } from './generateForm.ts';
import { lossText, sampledText, ShadeLegend } from './sampledText.ts';
import { sampleData } from './stepData.ts';
import { Inputs, type PanelContext, type View } from './view.ts';

/** Text that the network wrote, each character shaded by its loss. */
export class SampleView implements View {
  readonly element: HTMLElement;
  readonly #context: PanelContext;
  readonly #inputs = new Inputs();
  readonly #note = element('span', { class: 'figure-note' });
  readonly #text: HTMLElement;
  readonly #reading = element('span', { class: 'reading-out', 'data-testid': 'sample-reading' });
  readonly #legend: ShadeLegend;
  readonly #live: Toggle;
  readonly #previous: HTMLButtonElement;
  readonly #next: HTMLButtonElement;
  readonly #form: GenerateForm;
  /** The character that the keyboard points at. */
  #caret = 0;

  constructor(context: PanelContext) {
    this.#context = context;
    this.#legend = new ShadeLegend(context.state.ui.unit);
    this.#previous = quietButton('Sample before', 'sample-previous', 'chevron-left', () => this.#go(-1));
    this.#next = quietButton('Next sample', 'sample-next', 'chevron-right', () => this.#go(1));
    this.#live = new Toggle('Live', 'sample-live', 'Show the newest sample', () => this.#toggleLive());
    this.#live.element.prepend(icon('broadcast'));
    this.#text = element('div', {
      class: 'sample-text',
      tabindex: '0',
      role: 'group',
      'aria-labelledby': 'sample-title',
      'aria-description': 'Left and right arrow read the probability of each character.',
      'data-testid': 'sample-text',
    });
    this.#form = new GenerateForm(context);
    const title = 'Sampled text';
    const { button, text } = helpFor({
      id: 'sample',
      title,
      question: 'What has it learnt?',
      help:
        'What the network writes now, drawn character by character.\n' +
        'The shade says how surprised the network itself would be of each character, its loss (−ln of its probability at temperature 1): ' +
        'no shade is near certain, a strong shade a surprise. The editor of the text has the same shades of the same losses. ' +
        'Below temperature 1 the likely ones are drawn more often, at 0 the likeliest always.',
    });
    const menu = new FigureMenu(
      {
        id: 'sample',
        title,
        data: () => {
          const { run, sample } = context.state;
          return run && sample && sampleData(run, sample);
        },
        figure: () => this.element,
      },
      context,
    );
    this.element = element(
      'section',
      { class: 'figure figure-sample', 'aria-labelledby': 'sample-title' },
      figureHead('sample-title', title, this.#note, button, [
        this.#previous,
        this.#next,
        this.#live.element,
        menu.element,
      ]),
      text,
      menu.problem,
      element('div', { class: 'legend' }, this.#reading, this.#legend.element),
      this.#text,
      this.#form.element,
    );
    this.#listen();
  }

  update(): void {
    const { state } = this.#context;
    const { run, sample } = state;
    if (run === undefined) return;
    this.#form.update();
    this.#legend.unit = state.ui.unit;
    const samples = run.history.of('sample');
    const index = sample === undefined ? -1 : indexOf(samples, sample);
    this.#live.value = state.isSampleLive;
    this.#previous.disabled = index <= 0;
    this.#next.disabled = index < 0 || index >= samples.length - 1;
    if (!this.#inputs.changed(sample, run.description.runId)) return;
    this.#caret = 0;
    setText(this.#note, sample === undefined ? '' : noteOf(sample));
    this.#showReading(undefined);
    this.#text.replaceChildren(...(sample === undefined ? [placeholder()] : sampledText(sample)));
  }

  #listen(): void {
    this.#text.addEventListener('pointerover', (event) => {
      const index = event.target instanceof HTMLElement ? event.target.dataset.index : undefined;
      this.#showReading(index === undefined ? undefined : Number(index));
    });
    this.#text.addEventListener('pointerleave', () => this.#showReading(undefined));
    this.#text.addEventListener('keydown', (event) => {
      if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
      event.preventDefault();
      const count = this.#context.state.sample?.characters.length ?? 0;
      this.#caret = Math.min(Math.max(this.#caret + (event.key === 'ArrowLeft' ? -1 : 1), 0), Math.max(0, count - 1));
      this.#showReading(this.#caret);
    });
    this.#text.addEventListener('blur', () => this.#showReading(undefined));
  }

  #showReading(index: number | undefined): void {
    this.#text.querySelector('.pointed')?.classList.remove('pointed');
    const { sample } = this.#context.state;
    if (index === undefined || sample === undefined || index >= sample.characters.length) {
      setText(this.#reading, sample === undefined ? '' : 'Point at a character for its probability.');
      return;
    }
    this.#caret = index;
    this.#text.querySelector(`[data-index="${index}"]`)?.classList.add('pointed');
    const probability = formatProbability(sample.probability[index]);
    const loss = lossText(sample, index, this.#context.state.ui.unit);
    setText(this.#reading, `${quotedSymbol(sample.characters[index])} had probability ${probability}, ${loss}`);
  }

  #go(direction: number): void {
    const { state } = this.#context;
    const samples = state.run?.history.of('sample') ?? [];
    if (state.sample === undefined) return;
    const index = indexOf(samples, state.sample) + direction;
    if (index >= 0 && index < samples.length) state.showSample(samples[index]);
  }

  #toggleLive(): void {
    const { state } = this.#context;
    state.showSample(state.isSampleLive ? state.sample : undefined);
  }
}

/** Where a sample is in the history: a sample that came by way of a request is an equal copy there. */
function indexOf(samples: readonly Sample[], sample: Sample): number {
  const same = samples.indexOf(sample);
  if (same >= 0) return same;
  const text = sample.characters.join('');
  return samples.findLastIndex(
    ({ iteration, characters }) => iteration === sample.iteration && characters.join('') === text,
  );
}

function noteOf({ iteration, temperature }: Sample): string {
  return `iteration ${groupDigits(iteration)}, temperature ${temperature}`;
}

function placeholder(): HTMLElement {
  return element(
    'span',
    { class: 'placeholder' },
    'The network has not written anything yet. It does every two seconds while it trains.',
  );
}
