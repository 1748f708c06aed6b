import { DecadeScale } from '../../../common/decadeScale.ts';
import { divergingPixelAt, groundOf } from '../../charts/divergingScale.ts';
import { aboutRun, pictureName, type PictureData } from '../../charts/pictureData.ts';
import { paintPixels } from '../../charts/tapeCanvas.ts';
import { element, setText, show } from '../../dom.ts';
import { groupDigits, quotedSymbol } from '../../../common/format.ts';
import { written } from '../../../network/names.ts';
import type { MirroredRun } from '../../state/mirror.ts';
import { stepOfContribution } from '../../network/stepPlaces.ts';
import { hasFolds, parameterFolds } from '../../network/folds.ts';
import { FoldChoice } from '../../state/foldChoice.ts';
import { ChoiceGroup } from '../controls.ts';
import { figureHead, helpFor } from '../figure.ts';
import { FigureMenu } from '../figureMenu.ts';
import { Inputs, type PanelContext, type View } from '../view.ts';
import { Width } from '../width.ts';
import { FoldedList } from './foldedList.ts';
import { SumRow } from './sumRow.ts';
import { batchSums, streamSums, totalMarkup, totalOfFold, type Sums, type SumScope } from './sums.ts';
import { symbolsOf } from './tapeText.ts';
import { formatValue } from './values.ts';

/** How the contributions of all time steps add up, parameter by parameter. */
export class SumView implements View {
  readonly element: HTMLElement;
  readonly #context: PanelContext;
  readonly #inputs = new Inputs();
  readonly #note = element('span', { class: 'figure-note', 'data-testid': 'sum-note' });
  readonly #reading = element('span', { class: 'reading-out', 'data-testid': 'sum-reading' });
  readonly #scope: ChoiceGroup<SumScope>;
  readonly #rows: ReadonlyMap<string, SumRow>;
  /** Of a network with gates or layers the rows are folded. */
  readonly #list: FoldedList<string> | undefined;
  readonly #slot: HTMLElement;
  readonly #bar = element('canvas', { class: 'scale-bar', 'aria-hidden': 'true' });
  readonly #width: Width;
  #scale = new DecadeScale();
  #sums: Sums | undefined;

  constructor(context: PanelContext) {
    this.#context = context;
    const { state, network } = context;
    this.#scope = new ChoiceGroup<SumScope>(
      'Contributions summed',
      'sum-scope',
      [
        { value: 'stream', label: 'this stream', title: 'The stream of the tape, from the float64 reference' },
        { value: 'batch', label: 'whole batch', title: 'All streams, as measured while training' },
      ],
      (sumScope) => state.choose({ sumScope }),
    );
    this.#rows = new Map(
      network.parameterNames.map((parameter) => [
        parameter,
        new SumRow(network, parameter, {
          pointed: (t) => state.point({ step: t }),
          chosen: (t) => state.study.chooseStep(t, stepOfContribution(network, parameter)),
        }),
      ]),
    );
    this.#list = hasFolds(network) ? this.#folded() : undefined;
    const rows = [...this.#rows.values()].map((row) => row.element);
    this.#slot = this.#list?.element ?? element('div', { class: 'sum-rows' }, ...rows);
    const title = 'The sum over time';
    const { button, text } = helpFor({
      id: 'sum',
      title,
      question: 'Do the steps pull the same way?',
      help:
        'Every parameter is shared by all time steps, so its gradient is ∂P = Σ_t ∂P(t).\n' +
        'A bar is ‖∂P(t)‖ on a logarithmic axis; its colour is the cosine between ∂P(t) and the sum: orange pulls with it, blue against it. The line is ‖Σ_t ∂P(t)‖.' +
        `${network.layers > 1 ? ' Beside a layer, ‖∂P_all‖ is the norm of the gradient of all its parameters together.' : ''}\n` +
        'The cancellation ratio is ‖Σ_t ∂P(t)‖ / Σ_t ‖∂P(t)‖: near 1 all steps ask for the same change; near 0 they undo each other, and the update is what little is left. ' +
        'Click a bar to see that step. The sums of the whole batch come from the training kernels, those of one stream from the float64 reference.',
    });
    const menu = new FigureMenu({ id: 'sum', title, data: () => this.#data(), figure: () => this.element }, context);
    const turnAll = this.#list === undefined ? [] : [this.#list.turnAll];
    this.element = element(
      'section',
      { class: 'figure figure-sum', 'aria-labelledby': 'sum-title', 'data-testid': 'sum' },
      figureHead('sum-title', title, this.#note, button, [this.#scope.element, ...turnAll, menu.element]),
      text,
      menu.problem,
      element('div', { class: 'legend' }, this.#reading, this.#cosineLegend()),
      this.#slot,
    );
    this.#width = new Width(this.element, context);
  }

  update(): void {
    const { state, theme } = this.#context;
    const { run, study, inspection, ui } = state;
    const scope = study.tape === undefined ? 'batch' : ui.sumScope;
    this.#scope.value = scope;
    const batchOf = inspection?.iteration ?? 0;
    const source = scope === 'stream' ? study.tape : inspection;
    show(this.element, source !== undefined);
    if (run === undefined || source === undefined) return;
    const { facts } = run.description;
    if (!this.#inputs.changed(source, scope, study.t, ui.turnedFolds, theme, this.#width.pixels, facts)) return;
    this.#sums =
      study.tape !== undefined && scope === 'stream'
        ? streamSums(run.network, study.tape)
        : batchSums(run.network, run.history, batchOf);
    setText(this.#note, this.#noteText(batchOf));
    show(this.#slot, this.#sums !== undefined);
    if (this.#sums === undefined) return;
    this.#scale = new DecadeScale();
    for (const sum of this.#sums.ofParameters) {
      this.#scale.include(sum.norms);
      this.#scale.include([sum.totalNorm]);
      this.#rows.get(sum.parameter)?.update(sum);
    }
    const sums = this.#sums;
    this.#list?.update((fold) => totalOfFold(fold, sums));
    const ground = groundOf(theme.background);
    paintPixels(this.#bar, 65, 1, (pixels) => {
      for (let x = 0; x < 65; x++) pixels[x] = divergingPixelAt(x / 32 - 1, ground);
    });
    this.point();
  }

  point(): void {
    const { state, theme } = this.#context;
    const sums = this.#sums;
    if (sums === undefined) return;
    const { step } = state.hover;
    const pointed = step !== null && step < sums.inputs.length ? step : null;
    const chosen = sums.scope === 'stream' ? state.study.t : undefined;
    for (const [parameter, row] of this.#rows) {
      if (this.#isShown(parameter)) row.draw(this.#scale, theme, chosen, pointed);
    }
    const t = pointed ?? chosen;
    setText(this.#reading, t === undefined ? '' : this.#readingText(sums, t));
  }

  #folded(): FoldedList<string> {
    const { network, state } = this.#context;
    return new FoldedList(
      {
        id: 'sum',
        folds: parameterFolds(network),
        choice: new FoldChoice(state, 'sum', ['output']),
        elementOf: (parameter) => element('li', {}, this.#rows.get(parameter)?.element ?? ''),
        contentsOf: (parameters) => (parameters.length === 1 ? '' : `${parameters.length} parameters`),
        measureOf: totalMarkup,
      },
      'sum-folds',
    );
  }

  #isShown(parameter: string): boolean {
    return this.#list?.shows(parameter) ?? true;
  }

  #readingText({ inputs, ofParameters }: Sums, t: number): string {
    const symbol = symbolsOf(this.#context.state.run?.description.facts)(inputs[t]);
    const shown = ofParameters.filter(({ parameter }) => this.#isShown(parameter));
    if (shown.length === 0) return `t = ${t} (${quotedSymbol(symbol)})`;
    const parts = shown.map(
      ({ parameter, norms, cosines }) => `${written(parameter)} ${formatValue(norms[t])} (${formatCosine(cosines[t])})`,
    );
    return `t = ${t} (${quotedSymbol(symbol)}), norm (cosine): ${parts.join(', ')}`;
  }

  #noteText(wanted: number): string {
    const sums = this.#sums;
    if (sums === undefined) return 'no inspected iteration has its cosines measured yet';
    const where = sums.scope === 'stream' ? 'this stream' : 'whole batch';
    const nearest =
      sums.scope === 'batch' && sums.iteration !== wanted
        ? ` (the nearest to ${groupDigits(wanted)} whose cosines were measured)`
        : '';
    return `iteration ${groupDigits(sums.iteration)}${nearest}, ${where}, before clipping`;
  }

  #cosineLegend(): HTMLElement {
    return element(
      'span',
      { class: 'scale', title: 'Cosine between a step’s contribution and the sum' },
      element('span', { class: 'scale-end' }, 'cosine −1'),
      element('span', { class: 'scale-body' }, this.#bar),
      element('span', { class: 'scale-end' }, '1'),
    );
  }

  #data(): PictureData | undefined {
    const run: MirroredRun | undefined = this.#context.state.run;
    const sums = this.#sums;
    if (run === undefined || sums === undefined) return undefined;
    const symbolOf = symbolsOf(run.description.facts);
    return {
      name: pictureName(run, 'sum', sums.scope, sums.iteration),
      about: {
        ...aboutRun(run),
        iteration: sums.iteration,
        contributions: sums.scope === 'stream' ? `stream ${this.#context.state.study.stream}` : 'whole batch',
        norms: 'before clipping',
        ...Object.fromEntries(sums.ofParameters.map(({ parameter, totalNorm }) => [`norm_d${parameter}`, totalNorm])),
        ...Object.fromEntries(sums.ofParameters.map(({ parameter, ratio }) => [`cancellation_${parameter}`, ratio])),
      },
      columns: [
        't',
        'input',
        ...run.network.parameterNames.flatMap((parameter) => [`norm_d${parameter}(t)`, `cosine_d${parameter}(t)`]),
      ],
      rows: Array.from(sums.inputs, (id, t) => [
        t,
        symbolOf(id),
        ...sums.ofParameters.flatMap(({ norms, cosines }) => [norms[t], cosines[t]]),
      ]),
    };
  }
}

function formatCosine(cosine: number): string {
  return Number.isNaN(cosine) ? 'not measured' : cosine.toFixed(2).replace('-', '−');
}
