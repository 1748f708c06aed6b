import { element, setAttribute, setText, show } from '../../dom.ts';
import { helpFor } from '../figure.ts';
import { Inputs, type PanelContext, type View } from '../view.ts';
import { jumpTo } from './jump.ts';
import { CONDITIONS, SignCell } from './signCell.ts';
import { SIGN_IDS, vitalSigns } from '../../../protocol/health/signs.ts';
import { SIGN_TEXTS } from './signTexts.ts';
import { notLearning } from '../../../protocol/health/learning.ts';
import { summaryOf, type Summary } from '../../../protocol/health/summary.ts';

/** While training goes on the signs are read so often: faster, nobody could follow them. */
const READING_MS = 500;

/** The strip of vital signs under the header: what is notable in a sentence, then each sign with what is normal. */
export class HealthView implements View {
  readonly element: HTMLElement;
  readonly #context: PanelContext;
  readonly #choices = new Inputs();
  readonly #readings = new Inputs();
  readonly #cells: ReadonlyMap<string, SignCell>;
  readonly #fold: HTMLButtonElement;
  readonly #chevron = element('span', { class: 'codicon', 'aria-hidden': 'true' });
  readonly #icon = element('span', { class: 'codicon', 'aria-hidden': 'true' });
  readonly #text = element('span', { class: 'health-text', 'data-testid': 'health-summary' });
  readonly #more = element('span', { class: 'health-more' });
  readonly #signs: HTMLElement;
  /** When the signs were read last, and again where newer readings wait for it. */
  #readMs = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(context: PanelContext) {
    this.#context = context;
    this.#cells = new Map(SIGN_IDS.map((id) => [id, new SignCell(id, () => jumpTo(id, context))]));
    this.#signs = element(
      'div',
      { class: 'signs', id: 'health-signs', role: 'group', 'aria-label': 'Vital signs' },
      ...[...this.#cells.values()].map((cell) => cell.element),
    );
    this.#fold = element(
      'button',
      { type: 'button', class: 'health-summary', 'aria-controls': 'health-signs', 'data-testid': 'health-fold' },
      this.#chevron,
      this.#icon,
      element('span', { class: 'health-words' }, this.#text, this.#more),
    );
    this.#fold.addEventListener('click', () => context.state.choose({ healthFolded: !context.state.ui.healthFolded }));
    const help = helpFor({
      id: 'health',
      title: 'the vital signs',
      question: 'Is the run well, and what is usual?',
      help: [meanings()],
    });
    this.element = element(
      'section',
      { class: 'health', 'aria-label': 'Health', 'data-testid': 'health' },
      this.#fold,
      this.#signs,
      help.button,
      help.text,
    );
  }

  update(): void {
    const { run, ui } = this.#context.state;
    const hasReadings = run !== undefined && run.history.iterations > 0;
    show(this.element, hasReadings);
    if (!hasReadings) return;
    const { description, history, status } = run;
    const isAsked = this.#choices.changed(description, status.state, status.notFinite, ui.unit, ui.healthFolded);
    const newest = [history.vitals.at(-1), history.memoryPoints.at(-1), history.validations.at(-1)];
    const isNewer = this.#readings.changed(history.iterations, ...newest);
    if (!isAsked && !isNewer) return;
    const isDue = isAsked || status.state !== 'running' || performance.now() - this.#readMs >= READING_MS;
    if (isDue) this.#read();
    // A slow run has no update soon: its newest readings must not wait for the next one.
    else this.#timer ??= setTimeout(() => this.#read(), 2 * READING_MS);
  }

  #read(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#readMs = performance.now();
    const { run, ui, study } = this.#context.state;
    if (run === undefined || run.history.iterations === 0) return;
    const signs = vitalSigns(run, ui.unit);
    const { iterations } = run.history;
    const stands = notLearning(run.history, {
      baselines: study.baselines,
      symbols: run.description.facts?.vocabulary.length ?? 0,
      unit: ui.unit,
    });
    this.#showSummary(summaryOf(signs, iterations, run.status.notFinite?.message, stands), ui.healthFolded);
    show(this.#signs, !ui.healthFolded);
    if (ui.healthFolded) return;
    for (const sign of signs) this.#cells.get(sign.id)?.update(sign);
  }

  #showSummary({ condition, text, evidence }: Summary, isFolded: boolean): void {
    const rest = evidence.slice(1);
    setAttribute(this.element, 'data-condition', condition);
    setAttribute(this.element, 'data-folded', String(isFolded));
    setAttribute(this.#chevron, 'class', `codicon codicon-chevron-${isFolded ? 'right' : 'down'}`);
    setAttribute(this.#icon, 'class', `codicon codicon-${CONDITIONS[condition].icon}`);
    setAttribute(this.#fold, 'aria-expanded', String(!isFolded));
    setAttribute(this.#fold, 'title', [...evidence, isFolded ? 'Show the vital signs' : 'Fold'].join('\n'));
    setText(this.#text, text);
    // Folded there is room for all of it.
    setText(this.#more, rest.length === 0 ? '' : isFolded ? `· ${rest.join(' · ')}` : `and ${rest.length} more`);
  }
}

/** What each sign is and what is normal, for the help. */
function meanings(): HTMLElement {
  return element(
    'dl',
    { class: 'sign-meanings' },
    ...Object.values(SIGN_TEXTS).flatMap(({ name, meaning }) => [element('dt', {}, name), element('dd', {}, meaning)]),
  );
}
