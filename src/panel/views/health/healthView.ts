import { element, setAttribute, setText, show } from '../../dom.ts';
import { helpFor } from '../figure.ts';
import { Inputs, type PanelContext, type View } from '../view.ts';
import { jumpTo } from './jump.ts';
import { withoutNumbers } from '../../state/telling.ts';
import { LiveRegion } from '../liveRegion.ts';
import { CONDITIONS, SignCell } from './signCell.ts';
import type { Details } from '../details.ts';
import { healthOf } from '../../../history/health/health.ts';
import { SIGN_IDS } from '../../../history/health/sign.ts';
import type { Summary } from '../../../history/health/summary.ts';
import { signTexts, type SignText } from './signTexts.ts';

/** While training goes on the signs are read so often: faster, nobody could follow them. */
const READING_MS = 500;

/** What is notable of a run in a sentence, then each vital sign with what is normal; folded, only the sentence. */
export class HealthView implements View {
  readonly element: HTMLElement;
  readonly #context: PanelContext;
  readonly #details: Details;
  readonly #choices = new Inputs();
  readonly #readings = new Inputs();
  readonly #cells: ReadonlyMap<string, SignCell>;
  readonly #fold: HTMLButtonElement;
  readonly #chevron = element('span', { class: 'codicon', 'aria-hidden': 'true' });
  readonly #icon = element('span', { class: 'codicon', 'aria-hidden': 'true' });
  readonly #statement = element('strong');
  readonly #advice = element('span');
  readonly #text: HTMLElement;
  readonly #more: HTMLButtonElement;
  readonly #moreText = element('span', { 'data-testid': 'health-more-text' });
  readonly #moreChevron = element('span', { class: 'codicon', 'aria-hidden': 'true' });
  readonly #findings = element('ul', {
    class: 'findings',
    id: 'health-findings',
    'aria-label': 'All else that is notable of this run',
    'data-testid': 'health-findings',
  });
  readonly #signs: HTMLElement;
  readonly #live: LiveRegion;
  /** When the signs were read last, and again where newer readings wait for it. */
  #readMs = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param details whose button this is: the signs are some of them. */
  constructor(context: PanelContext, details: Details) {
    this.#context = context;
    this.#details = details;
    const texts = signTexts(context.network);
    this.#cells = new Map(
      SIGN_IDS.map((id) => [id, new SignCell(id, texts[id], (of) => jumpTo(texts[id], of, context))]),
    );
    this.#signs = element(
      'div',
      { class: 'signs', id: 'health-signs', role: 'group', 'aria-label': 'Vital signs' },
      ...[...this.#cells.values()].map((cell) => cell.element),
    );
    this.#text = element(
      'span',
      { class: 'health-text', 'data-testid': 'health-summary' },
      this.#statement,
      this.#advice,
    );
    this.#fold = element(
      'button',
      { type: 'button', class: 'health-summary', 'aria-controls': 'health-signs', 'data-testid': 'health-fold' },
      this.#chevron,
      this.#icon,
      this.#text,
    );
    this.#fold.addEventListener('click', () => details.turn());
    this.#more = element(
      'button',
      { type: 'button', class: 'health-more', 'aria-controls': 'health-findings', 'data-testid': 'health-more' },
      this.#moreChevron,
      this.#moreText,
    );
    this.#more.addEventListener('click', () => context.state.choose({ findingsOpen: !context.state.ui.findingsOpen }));
    const help = helpFor({
      id: 'health',
      title: 'the vital signs',
      question: 'Is the run well, and what is usual?',
      help: [meanings(SIGN_IDS.map((id) => texts[id]))],
    });
    this.#live = new LiveRegion('told-health', context.owned);
    this.element = element(
      'section',
      { class: 'health', 'aria-label': 'Health', 'data-testid': 'health' },
      element('div', { class: 'health-line' }, this.#fold, this.#more),
      this.#findings,
      this.#signs,
      help.button,
      help.text,
      this.#live.element,
    );
    context.owned.add({ dispose: () => clearTimeout(this.#timer) });
  }

  update(): void {
    const { run, ui } = this.#context.state;
    const hasReadings = run !== undefined && run.history.iterations > 0;
    show(this.element, hasReadings);
    if (!hasReadings) return;
    const { description, history, status } = run;
    const { unit, findingsOpen } = ui;
    const isAsked = this.#choices.changed(
      description,
      status.state,
      status.notFinite,
      unit,
      this.#details.areOpen,
      findingsOpen,
    );
    const newest = [history.of('vitals').at(-1), history.of('memoryPoint').at(-1), history.of('validation').at(-1)];
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
    const { description, history, status } = run;
    const { signs, summary } = healthOf(
      { description, history, notFinite: status.notFinite },
      study.baselines,
      ui.unit,
    );
    const isFolded = !this.#details.areOpen;
    this.#showSummary(summary, isFolded);
    const news = `${description.runId} ${withoutNumbers(summary.text)}`;
    this.#live.tell({ key: news, text: summary.text, isUrgent: false });
    this.#showFindings(summary, ui.findingsOpen);
    show(this.#signs, !isFolded);
    if (isFolded) return;
    for (const sign of signs) this.#cells.get(sign.id)?.update(sign);
  }

  #showSummary({ condition, text, remark }: Summary, isFolded: boolean): void {
    setAttribute(this.element, 'data-condition', condition);
    setAttribute(this.element, 'data-folded', String(isFolded));
    setAttribute(this.#chevron, 'class', `codicon codicon-chevron-${isFolded ? 'right' : 'down'}`);
    setAttribute(this.#icon, 'class', `codicon codicon-${CONDITIONS[condition].icon}`);
    setAttribute(this.#fold, 'aria-expanded', String(!isFolded));
    setAttribute(
      this.#fold,
      'title',
      isFolded ? `${text}. Show settings, vital signs and readings` : 'Fold settings, vital signs and readings',
    );
    const end = text.indexOf('. ') + 1;
    setText(this.#statement, end === 0 ? text : text.slice(0, end));
    setText(this.#advice, end > 0 ? text.slice(end) : remark === '' ? '' : `: ${remark}`);
  }

  /** The first of them is the summary; the others are listed behind a button of their own, folded or not. */
  #showFindings({ evidence }: Summary, isOpen: boolean): void {
    const others = evidence.slice(1);
    show(this.#more, others.length > 0);
    show(this.#findings, others.length > 0 && isOpen);
    setAttribute(this.#more, 'aria-expanded', String(isOpen));
    setAttribute(this.#moreChevron, 'class', `codicon codicon-chevron-${isOpen ? 'down' : 'right'}`);
    setText(this.#moreText, `and ${others.length} more`);
    others.forEach((text, index) => {
      const item = this.#findings.children[index] ?? this.#findings.appendChild(element('li'));
      setText(item, text);
    });
    while (this.#findings.children.length > others.length) this.#findings.lastElementChild?.remove();
  }
}

/** What each sign is, what is normal, and who says so, for the help: each in paragraphs under its name. */
function meanings(texts: readonly SignText[]): HTMLElement {
  return element(
    'dl',
    { class: 'sign-meanings' },
    ...texts.flatMap(({ name, what, normal, source }) => [
      element('dt', {}, name),
      element(
        'dd',
        {},
        element('p', {}, what),
        element('p', { class: 'sign-normal' }, normal),
        ...(source === '' ? [] : [element('p', { class: 'sign-source' }, source)]),
      ),
    ]),
  );
}
