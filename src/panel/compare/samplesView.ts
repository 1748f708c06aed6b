import { l10n } from '../../common/l10n.ts';
import type { Sample } from '../../protocol/run.ts';
import { element, setText } from '../dom.ts';
import { formatProbability, groupDigits, quotedSymbol } from '../../common/format.ts';
import { figureHead, helpFor } from '../views/figure.ts';
import { lossText, sampledText, ShadeLegend } from '../views/sampledText.ts';
import { Inputs, type View } from '../views/view.ts';
import type { ShownRun } from './compareState.ts';
import { Swatch } from './swatch.ts';
import type { CompareContext } from './view.ts';

const ID = 'compare-samples';
const TITLE = l10n.t('Sampled text');

/** The newest text of every run, side by side. */
export class CompareSamplesView implements View {
  readonly element: HTMLElement;
  readonly #context: CompareContext;
  readonly #inputs = new Inputs();
  readonly #legend: ShadeLegend;
  readonly #reading = element('span', { class: 'reading-out', 'data-testid': 'sample-reading' });
  readonly #columns = element('div', { class: 'sample-columns' });

  constructor(context: CompareContext) {
    this.#context = context;
    this.#legend = new ShadeLegend(context.state.ui.unit);
    const help = helpFor({
      id: ID,
      title: TITLE,
      question: l10n.t('What has each network learnt?'),
      help: l10n.t(
        'What each network wrote last.\nShaded characters were unlikely under the network itself; the stronger the shade, the greater their loss, on the scale of the editor. Texts of different temperature or prompt do not compare.',
      ),
    });
    const note = element('span', { class: 'figure-note' }, l10n.t('the newest of each'));
    this.element = element(
      'section',
      { class: `figure figure-${ID}`, 'aria-labelledby': `${ID}-title` },
      figureHead(`${ID}-title`, TITLE, note, help.button, []),
      help.text,
      element('div', { class: 'legend' }, this.#reading, this.#legend.element),
      this.#columns,
    );
    this.#columns.addEventListener('pointerover', (event) => this.#read(event.target));
    this.#columns.addEventListener('pointerleave', () => setText(this.#reading, ''));
  }

  update(): void {
    const { state, theme } = this.#context;
    this.#legend.unit = state.ui.unit;
    const shown = state.visible;
    const known = shown.flatMap(({ run, key, label }) => [key, label, run.sample?.iteration, textOf(run.sample)]);
    if (!this.#inputs.changed(theme, ...known)) return;
    // What is scrolled or selected in one text stays where another one has changed.
    const before = new Map(Array.from(this.#columns.children, (child) => [child.getAttribute('data-run'), child]));
    this.#columns.replaceChildren(
      ...shown.map((run) => {
        const old = before.get(run.run.folder);
        const made = this.#columnOf(run);
        return old?.isEqualNode(made) === true ? old : made;
      }),
    );
    if (shown.length === 0) {
      const why = state.runs.length === 0 ? '' : l10n.t('Every run is hidden: click one in the legend to show it.');
      this.#columns.replaceChildren(element('p', { class: 'placeholder' }, why));
    }
  }

  #columnOf({ run, slot, key, label }: ShownRun): HTMLElement {
    const { sample } = run;
    const swatch = new Swatch(slot);
    swatch.draw(this.#context.theme);
    const note =
      sample === undefined
        ? ''
        : l10n.t('iteration {iteration}, temperature {temperature}', {
            iteration: groupDigits(sample.iteration),
            temperature: sample.temperature,
          });
    const text = element(
      'div',
      {
        class: 'sample-text',
        tabindex: '0',
        role: 'group',
        'aria-label': l10n.t('Text of run {key}, {label}', { key, label }),
      },
      ...(sample === undefined
        ? [element('span', { class: 'placeholder' }, l10n.t('This network has not written anything yet.'))]
        : sampledText(sample)),
    );
    return element(
      'div',
      { class: 'sample-column', 'data-run': run.folder, 'data-testid': `sample-${key}` },
      element(
        'div',
        { class: 'sample-head' },
        swatch.element,
        element('span', { class: 'run-key' }, key),
        element('span', { class: 'run-label', title: label }, label),
      ),
      element('p', { class: 'figure-note' }, note),
      text,
    );
  }

  /** Says how likely the character pointed at was. */
  #read(target: EventTarget | null): void {
    const index = target instanceof HTMLElement ? target.dataset.index : undefined;
    const folder = target instanceof Element ? target.closest('[data-run]')?.getAttribute('data-run') : undefined;
    const sample = this.#context.state.runs.find(({ run }) => run.folder === folder)?.run.sample;
    const at = Number(index);
    setText(
      this.#reading,
      index === undefined || sample === undefined || at >= sample.characters.length
        ? ''
        : l10n.t('{symbol} had probability {probability}, {loss}', {
            symbol: quotedSymbol(sample.characters[at]),
            probability: formatProbability(sample.probability[at]),
            loss: lossText(sample, at, this.#context.state.ui.unit),
          }),
    );
  }
}

function textOf(sample: Sample | undefined): string {
  return sample === undefined ? '' : sample.prompt + sample.characters.join('');
}
