import { ringAt, RING_LABEL_HEIGHT, type Ring } from '../charts/ring.ts';
import { decadeAxis } from '../charts/decadeAxis.ts';
import { DecadeScale } from '../../common/decadeScale.ts';
import type { Line } from '../charts/plot.ts';
import { element, setText } from '../dom.ts';
import { formatNorm, groupDigits, quotedSymbol, visibleSymbol } from '../../common/format.ts';
import { labelOf, titleOf, written } from '../../network/names.ts';
import type { Inspection } from '../../protocol/run.ts';
import type { MirroredRun } from '../state/mirror.ts';
import { lineStyleOf } from '../../network/lineStyles.ts';
import { hiddenLines, legendWords, shownQuantity } from '../network/quantities.ts';
import { stepRow } from '../../network/quantities.ts';
import { largestStepNorm, stepText, symbolRead, type LargestStepNorm } from '../state/stepNorms.ts';
import { Figure } from './figure.ts';
import { backThroughACell, contributionFormulas, errorNorms, OF_TOTAL_LOSS, withFormulas } from './helpFormulas.ts';
import { LegendEntry } from './legend.ts';
import { Lookback } from './lookback.ts';
import { QuantityChooser } from './quantityChooser.ts';
import { stepsData } from './stepData.ts';
import { StepPlot } from './stepPlot.ts';
import { Inputs, type PanelContext, type View } from './view.ts';

/** From so many time steps on, lines are drawn thinner, else they run into each other. */
const DENSE_STEPS = 300;
const NORMS = 'norms of the total loss L, before clipping';

/** One inspected iteration: the norm of each quantity at every time step, over the characters that were read. */
export class StepsView implements View {
  readonly element: HTMLElement;
  readonly #context: PanelContext;
  readonly #figure: Figure;
  readonly #steps: StepPlot;
  readonly #lookback: Lookback;
  readonly #chooser: QuantityChooser;
  readonly #inputs = new Inputs();
  readonly #scale = new DecadeScale();
  readonly #lines: Readonly<Record<string, Line>>;
  readonly #entries: ReadonlyMap<string, LegendEntry>;
  readonly #at = element('span', { class: 'legend-at' });
  #scaledRun: string | undefined;
  #largest: LargestStepNorm | undefined;

  constructor(context: PanelContext) {
    this.#context = context;
    const { state, network } = context;
    this.#lookback = new Lookback(context);
    this.#chooser = new QuantityChooser(context, { id: 'steps' });
    this.#figure = new Figure(
      {
        id: 'steps',
        title: 'One iteration, step by step',
        note: NORMS,
        question: 'How much does each time step of one iteration add to the gradient of each parameter?',
        help: withFormulas(
          'One line per parameter, with the character read at each step under the axis. ' +
            `All norms, ${errorNorms(network)} too, are ${OF_TOTAL_LOSS}.\n` +
            'It falls at the last steps, which get little error from later ones. How many steps that takes is how far back the error reaches; ' +
            'a line that climbs by decades towards t = 0 says that it explodes.\n' +
            'Click a name to hide its line.',
          '∂P = Σ_t ∂P(t)',
          ...contributionFormulas(network, 'input'),
          ...contributionFormulas(network, 'recurrent'),
          ...backThroughACell(network),
        ),
        controls: [...this.#chooser.controls, this.#lookback.live],
        keys: 'Left and right arrow walk through the time steps.',
        data: () => state.run && state.inspection && stepsData(state.run, state.inspection),
      },
      context,
    );
    this.element = this.#figure.element;
    this.#lines = Object.fromEntries(
      network.stepQuantities.map((quantity): [string, Line] => [
        quantity,
        { data: [], borderWidth: 1.5, borderDash: [...lineStyleOf(network, quantity).dash] },
      ]),
    );
    this.#entries = new Map(
      network.stepQuantities.map((quantity) => {
        const { mark, color } = lineStyleOf(network, quantity);
        const toggle = {
          title: `${titleOf(network, quantity)}. Click to show or hide.`,
          pressed: () => this.#toggle(quantity),
        };
        const entry = new LegendEntry(mark, color, labelOf(network, quantity), toggle);
        entry.describe(legendWords(network, quantity));
        return [quantity, entry];
      }),
    );
    const entries = [...this.#entries.values()].map((entry) => entry.element);
    this.#figure.legend.append(this.#at, ...entries, this.#chooser.remark);
    this.#steps = new StepPlot(this.#figure, context, Object.values(this.#lines), {
      xName: 't',
      topMargin: RING_LABEL_HEIGHT,
      withCharacters: true,
      from: () => this.#largest?.t ?? this.#steps.T - 1,
      plugins: [
        ringAt(
          () => this.#ring(),
          () => context.theme,
        ),
      ],
    });
    this.#figure.footer.append(this.#lookback.element);
  }

  update(): void {
    const { state, theme } = this.#context;
    const { run, inspection, ui } = state;
    if (run === undefined) return;
    this.#lookback.update();
    this.#chooser.update();
    const { quantities } = this.#chooser;
    for (const [quantity, entry] of this.#entries) {
      entry.shown = quantities.includes(quantity);
      entry.pressed = !this.#hidden.includes(quantity);
    }
    if (!this.#figure.isVisible) return;
    const { width, height } = this.#steps.plot.area;
    if (!this.#inputs.changed(run.description.runId, run.description.facts, inspection, ui, theme, width, height))
      return;
    this.#draw(run, inspection);
    this.point();
  }

  point(): void {
    const { run, inspection } = this.#context.state;
    if (run === undefined || inspection === undefined) return;
    this.#steps.point();
    const t = this.#steps.step ?? this.#largest?.t ?? inspection.inputs.length - 1;
    const { facts } = run.description;
    const asked = facts?.vocabulary[inspection.targets[t]];
    setText(this.#at, `${stepText(facts, inspection, t)}${asked === undefined ? '' : ` → ${quotedSymbol(asked)}`}`);
    const { quantities } = this.#chooser;
    for (const [quantity, entry] of this.#entries) {
      if (!quantities.includes(quantity)) continue;
      entry.value = formatNorm(stepRow(run.network, inspection.stepNorm, quantity)[t]);
    }
  }

  get #hidden(): readonly string[] {
    return hiddenLines(this.#context.network, this.#context.state.ui.hiddenLines, this.#chooser.quantities);
  }

  #isDrawn(quantity: string): boolean {
    return this.#chooser.quantities.includes(quantity) && !this.#hidden.includes(quantity);
  }

  #toggle(quantity: string): void {
    const hidden = this.#hidden;
    this.#context.state.choose({
      hiddenLines: hidden.includes(quantity) ? hidden.filter((name) => name !== quantity) : [...hidden, quantity],
    });
  }

  #ring(): Ring | undefined {
    const largest = this.#largest;
    const { run, inspection } = this.#context.state;
    if (largest === undefined || inspection === undefined || !this.#isDrawn(largest.parameter)) return undefined;
    const where = stepText(run?.description.facts, inspection, largest.t);
    return { x: largest.t, y: largest.norm, label: `largest: ${written(largest.parameter)} at ${where}` };
  }

  #draw(run: MirroredRun, inspection: Inspection | undefined): void {
    const { theme, state, network } = this.#context;
    const thick = shownQuantity(network, state.ui.quantity, this.#chooser.layer);
    const T = inspection?.inputs.length ?? run.description.settings.sequenceLength;
    if (this.#scaledRun !== run.description.runId) {
      this.#scaledRun = run.description.runId;
      this.#scale.reset();
    }
    for (const quantity of network.stepQuantities) {
      const line = this.#lines[quantity];
      line.hidden = !this.#isDrawn(quantity);
      line.data = [];
      if (line.hidden) continue;
      const norms = inspection && stepRow(network, inspection.stepNorm, quantity);
      line.borderColor = theme.lines[lineStyleOf(network, quantity).color];
      line.borderWidth = (quantity === thick ? 2.5 : 1.5) * (T > DENSE_STEPS ? 0.6 : 1);
      // A logarithmic axis has no place for zero: the line has a gap there, and the legend says 0.
      line.data = Array.from(norms ?? [], (norm, t) => ({ x: t, y: norm > 0 ? norm : NaN }));
      if (norms) this.#scale.include(norms);
    }
    this.#largest = inspection && largestStepNorm(network, inspection);
    const { facts } = run.description;
    this.#steps.setCharacters(
      Array.from({ length: inspection ? T : 0 }, (_, t) =>
        inspection ? visibleSymbol(symbolRead(facts, inspection, t)) : '',
      ),
    );
    const y = { min: 10 ** this.#scale.low, max: 10 ** this.#scale.high };
    this.#steps.draw(decadeAxis(y, this.#steps.plot.area.height));
    this.#figure.setNote(inspection ? `iteration ${groupDigits(inspection.iteration)}, ${NORMS}` : NORMS);
    this.#describe(run, inspection);
  }

  #describe(run: MirroredRun, inspection: Inspection | undefined): void {
    if (inspection === undefined) {
      this.#figure.describe('No iteration has been inspected yet.');
      return;
    }
    const largest = this.#largest;
    this.#figure.describe(
      `Norms by time step at iteration ${groupDigits(inspection.iteration)}, before clipping. ` +
        (largest
          ? `Largest: ${written(largest.parameter)} at ${stepText(run.description.facts, inspection, largest.t)}, ${formatNorm(largest.norm)}.`
          : 'No norm is above zero.'),
    );
  }
}
