import { element, setAttribute, setText } from '../dom.ts';
import { formatLoss, formatNorm, formatShare, groupDigits, inUnit, unitName } from '../format.ts';
import type { Metrics } from '../state/metricTable.ts';
import type { MirroredRun } from '../state/mirror.ts';
import { largestStepNorm, stepText } from '../state/stepNorms.ts';
import type { PanelContext, View } from './view.ts';

/** Iterations over which the share of clipped ones is counted; the history keeps these as they came. */
const CLIP_WINDOW = 100;

/** The numbers of this moment in one line, and what they say in words. */
export class ReadingsView implements View {
  readonly element: HTMLElement;
  readonly #context: PanelContext;
  readonly #loss = reading('loss', 'Loss');
  readonly #smoothed = reading('loss-smoothed', 'smoothed');
  readonly #validation = reading('validation', 'validation');
  readonly #norm = reading('grad-norm', '‖g‖ before clipping');
  readonly #clip = reading('clip-share', 'clipped');
  readonly #largest = element('p', { class: 'sentence', 'data-testid': 'largest' });

  constructor(context: PanelContext) {
    this.#context = context;
    this.element = element(
      'div',
      { class: 'readings' },
      element(
        'dl',
        { class: 'reading-line' },
        this.#loss.element,
        this.#smoothed.element,
        this.#validation.element,
        this.#norm.element,
        this.#clip.element,
      ),
      this.#largest,
    );
  }

  update(): void {
    const { run } = this.#context.state;
    this.element.hidden = run === undefined || run.history.iterations === 0;
    if (run === undefined || this.element.hidden) return;
    const { history } = run;
    const { unit } = this.#context.state.ui;
    const loss = (entry: Reading, lossNats: number | undefined, unitText = ''): void => {
      entry.set(lossNats === undefined ? '–' : formatLoss(lossNats, unit), lossNats, unitText);
      entry.explain(lossNats === undefined ? '' : lossMeaning(lossNats, run));
    };
    loss(this.#loss, history.newest('lossNats'));
    loss(this.#smoothed, history.newest('lossSmoothedNats'));
    const validated = history.validations.at(-1);
    loss(this.#validation, validated?.lossNats, validated && unitName(unit));
    const norm = history.newest('gradNorm');
    this.#norm.set(formatNorm(norm), norm, '');
    this.#norm.explain('Norm of the gradient of all parameters together, before clipping');
    this.#showClipping(history, run.description.settings.clipNorm);
    this.#showLargest(run);
  }

  #showClipping(history: Metrics, clipNorm: number): void {
    if (clipNorm === 0) {
      this.#clip.set('off', 0, '');
      this.#clip.explain('Clipping is switched off (clipNorm 0).');
      return;
    }
    const factors = history.points('clipFactor', history.iterations - CLIP_WINDOW, history.iterations, CLIP_WINDOW + 2);
    const clipped = factors.mean.reduce((count, factor) => count + (factor < 1 ? 1 : 0), 0) / factors.mean.length;
    this.#clip.set(formatShare(clipped), clipped, `of last ${groupDigits(factors.mean.length)}`);
    this.#clip.explain(`Share of iterations whose gradient was scaled down to the norm ${clipNorm}.`);
  }

  #showLargest(run: MirroredRun): void {
    const { inspection, isLive } = this.#context.state;
    const largest = inspection && largestStepNorm(inspection);
    if (inspection === undefined || largest === undefined) {
      setText(
        this.#largest,
        inspection === undefined ? 'No iteration has been inspected yet.' : 'Every step norm is zero.',
      );
      return;
    }
    const where = stepText(run.description.facts, inspection, largest.t);
    const when = `${isLive ? '' : 'looked back at '}iteration ${groupDigits(inspection.iteration)}`;
    setText(
      this.#largest,
      `Largest step norm: ${largest.parameter} at ${where}, ${formatNorm(largest.norm)} (${when}, before clipping)`,
    );
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
  const perplexity = `Perplexity ${Math.exp(inUnit(lossNats, 'nats')).toPrecision(3)}: as unsure as among so many equally likely characters.`;
  const V = run.description.facts?.vocabulary.length;
  return V === undefined
    ? `${both} ${perplexity}`
    : `${both} ${perplexity} Knowing nothing: ${formatLoss(Math.log(V), 'nats')} nats.`;
}
