import { element, setAttribute, setText } from '../dom.ts';
import { formatLoss, formatNorm, groupDigits, unitName } from '../../common/format.ts';
import { written } from '../../network/names.ts';
import type { MirroredRun } from '../state/mirror.ts';
import { largestStepNorm, stepText } from '../state/stepNorms.ts';
import { Inputs, type PanelContext, type View } from './view.ts';

/** The loss of this moment, and which time step contributes most, in one line. */
export class ReadingsView implements View {
  readonly element: HTMLElement;
  readonly #context: PanelContext;
  readonly #loss = reading('loss', 'Loss');
  readonly #smoothed = reading('loss-smoothed', 'smoothed');
  readonly #validation = reading('validation', 'validation');
  readonly #losses = new Inputs();
  readonly #inspected = new Inputs();
  readonly #largestText = element('span');
  /** Hidden where there is no room for it: it is in the title as well. */
  readonly #largestWhen = element('span', { class: 'largest-when' });
  readonly #largest = element(
    'p',
    { class: 'sentence', 'data-testid': 'largest' },
    this.#largestText,
    this.#largestWhen,
  );

  constructor(context: PanelContext) {
    this.#context = context;
    this.element = element(
      'div',
      { class: 'readings' },
      element('dl', { class: 'reading-line' }, this.#loss.element, this.#smoothed.element, this.#validation.element),
      this.#largest,
    );
  }

  update(): void {
    const { run } = this.#context.state;
    this.element.hidden = run === undefined || run.history.iterations === 0;
    if (run === undefined || this.element.hidden) return;
    this.#showLosses(run);
    const { inspection, isLive } = this.#context.state;
    if (this.#inspected.changed(run.description, inspection, isLive)) this.#showLargest(run);
  }

  #showLosses(run: MirroredRun): void {
    const { description, history } = run;
    const { unit } = this.#context.state.ui;
    const validated = history.of('validation').at(-1);
    if (!this.#losses.changed(description, history.iterations, validated, unit)) return;
    const loss = (entry: Reading, lossNats: number | undefined, unitText = ''): void => {
      entry.set(lossNats === undefined ? '–' : formatLoss(lossNats, unit), lossNats, unitText);
      entry.explain(lossNats === undefined ? '' : lossMeaning(lossNats, run));
    };
    loss(this.#loss, history.newest('lossNats'));
    loss(this.#smoothed, history.newest('lossSmoothedNats'));
    loss(this.#validation, validated?.lossNats, validated && unitName(unit));
  }

  #showLargest(run: MirroredRun): void {
    const { inspection, isLive } = this.#context.state;
    const largest = inspection && largestStepNorm(run.network, inspection);
    if (inspection === undefined || largest === undefined) {
      this.#tellLargest(inspection === undefined ? 'No iteration has been inspected yet.' : 'Every step norm is zero.');
      return;
    }
    const where = stepText(run.description.facts, inspection, largest.t);
    const when = `${isLive ? '' : 'looked back at '}iteration ${groupDigits(inspection.iteration)}`;
    const what = `${written(largest.parameter)} at ${where}`;
    this.#tellLargest(`Largest step norm ${formatNorm(largest.norm)}: ${what}`, ` (${when}, before clipping)`);
  }

  #tellLargest(text: string, when = ''): void {
    setText(this.#largestText, text);
    setText(this.#largestWhen, when);
    setAttribute(this.#largest, 'title', `${text}${when}`);
  }
}

type Reading = ReturnType<typeof reading>;

function reading(testId: string, name: string) {
  const value = element('span', { class: 'reading-value', 'data-testid': testId });
  const unit = element('span', { class: 'reading-unit' });
  const whole = element(
    'div',
    { class: `reading reading-${testId}` },
    element('dt', {}, name),
    element('dd', {}, value, unit),
  );
  return {
    element: whole,
    set(text: string, number: number | undefined, unitText: string): void {
      setText(value, text);
      setText(unit, unitText);
      setAttribute(value, 'data-value', number === undefined ? '' : String(number));
    },
    explain(text: string): void {
      if (whole.title !== text) whole.title = text;
    },
  };
}

/** A loss in both units, as perplexity, and against knowing nothing. */
function lossMeaning(lossNats: number, run: MirroredRun): string {
  const both = `${formatLoss(lossNats, 'nats')} nats = ${formatLoss(lossNats, 'bits')} bits per character.`;
  const perplexity = `Perplexity ${Math.exp(lossNats).toPrecision(3)}: as unsure as among so many equally likely characters.`;
  const V = run.description.facts?.vocabulary.length;
  return V === undefined
    ? `${both} ${perplexity}`
    : `${both} ${perplexity} Knowing nothing: ${formatLoss(Math.log(V), 'nats')} nats.`;
}
