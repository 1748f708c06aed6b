import { beyondMarks } from '../charts/beyondMarks.ts';
import { curveOf, mostPointsFor } from '../charts/curve.ts';
import { IterationGestures, ITERATION_KEYS } from '../charts/gestures.ts';
import { iterationAxis } from '../charts/iterationAxis.ts';
import { logarithmicAxis } from '../charts/logarithmicAxis.ts';
import { courseText } from '../charts/summaries.ts';
import { Plot, type Axis, type Line, type Point } from '../charts/plot.ts';
import { linearTicks } from '../../common/ranges.ts';
import { storyRange } from '../charts/storyRange.ts';
import { labelledLines, type Reference } from '../charts/references.ts';
import type { ChartTheme } from '../charts/theme.ts';
import { element, setAttribute, setText, show } from '../dom.ts';
import { formatLoss, formatNorm, formatTick, groupDigits, inUnit, unitName } from '../../common/format.ts';
import { SMOOTHING_ITERATIONS } from '../../history/smoothedLoss.ts';
import { fromAxis, shownRange, toAxis, type IterationRange } from '../state/iterationView.ts';
import type { MirroredRun } from '../state/mirror.ts';
import { ChoiceGroup, Toggle } from './controls.ts';
import { lossUnitChoice } from './lossUnit.ts';
import { lossData } from './curveData.ts';
import { Figure } from './figure.ts';
import { withFormulas } from './helpFormulas.ts';
import { LegendEntry } from './legend.ts';
import { lossAt, validationPoints } from './lossValues.ts';
import { baselinesTitle, lossReferences, referencesInSight, verdictText } from './lossReferences.ts';
import { RangeControls } from './rangeControls.ts';
import { Inputs, type PanelContext, type View } from './view.ts';

const VALIDATION_POINT_RADIUS = 3;
const MOST_VALIDATION_MARKS = 60;
/** Right of the plot where no names stand there. */
const RIGHT_MARGIN = 14;

/** The loss over iterations: training raw and smoothed, validation, and what to compare it with. */
export class LossView implements View {
  readonly element: HTMLElement;
  readonly #context: PanelContext;
  readonly #figure: Figure;
  readonly #plot: Plot;
  readonly #gestures: IterationGestures;
  readonly #inputs = new Inputs();
  readonly #judged = new Inputs();
  readonly #range: RangeControls;
  readonly #unit: ChoiceGroup<'nats' | 'bits'>;
  readonly #logarithmic: Toggle;
  readonly #logarithmicLoss: Toggle;
  readonly #baselines: Toggle;
  readonly #verdict = element('p', { class: 'figure-remark verdict', 'data-testid': 'verdict', hidden: true });
  readonly #cut = element('p', { class: 'figure-remark', hidden: true });
  readonly #at = element('span', { class: 'legend-at' });
  readonly #train = new LegendEntry('thin', 'train', 'training');
  readonly #smoothed = new LegendEntry('line', 'train', `smoothed over ${SMOOTHING_ITERATIONS}`);
  readonly #validation = new LegendEntry('points', 'validation', 'validation');
  readonly #lines = lossLines();
  #references: Reference[] = [];

  constructor(context: PanelContext) {
    this.#context = context;
    const { state } = context;
    this.#unit = lossUnitChoice((unit) => state.choose({ unit }));
    this.#logarithmic = new Toggle('log x', 'log-x', 'Logarithmic axis of iterations, in every chart', () =>
      state.choose({ logarithmicIterations: !state.ui.logarithmicIterations }),
    );
    this.#logarithmicLoss = new Toggle('log y', 'log-y', 'Logarithmic axis of losses', () =>
      state.choose({ logarithmicLoss: !state.ui.logarithmicLoss }),
    );
    this.#baselines = new Toggle('baselines', 'baselines', baselinesTitle(undefined), () =>
      state.choose({ baselines: !state.ui.baselines }),
    );
    this.#range = new RangeControls(context);
    this.#figure = new Figure(
      {
        id: 'loss',
        title: 'Loss',
        note: '',
        question: 'Does it learn, and is this loss good?',
        help: withFormulas(
          'Cross entropy per character: how surprised the network is by the next one. Validation is on the end of the file, which is never trained on. ' +
            'Where training goes on falling and validation rises clearly above its lowest, it begins to learn the text by heart. ' +
            'The smoothed line averages the iterations before, so it lags while the loss falls.\n' +
            'The dashed lines are what simpler models reach, all on the validation text: “uniform” guesses every character alike (ln V); an n-gram guesses from the n − 1 characters before ' +
            '(Witten–Bell, fitted on the training text), so a network under the line of the 4-gram uses more than three characters of context, or uses them better. ' +
            'No network gets below the entropy of the source, which is known of the sample text only.\n' +
            'A line that rises is followed; what came from far out at the start, or was there for a moment, is marked by an arrow at the upper edge.\n' +
            'Drag to zoom, Ctrl + wheel too, double-click for the whole run.',
          // Per character, whatever the gradient is divided by.
          'L(t) = −log ŷ_c(t)',
          'loss = {1|T B} Σ_t Σ_b L(t)',
        ),
        controls: [
          ...this.#range.elements,
          this.#baselines.element,
          this.#logarithmic.element,
          this.#logarithmicLoss.element,
          this.#unit.element,
        ],
        keys: ITERATION_KEYS,
        data: () => {
          const { run, ui, view } = state;
          return run && lossData(run, shownRange(view, run.history.iterations), ui.unit, state.study.baselines);
        },
      },
      context,
    );
    this.element = this.#figure.element;
    this.#figure.legend.append(this.#at, this.#train.element, this.#smoothed.element, this.#validation.element);
    this.#figure.footer.append(this.#cut, this.#verdict);
    this.#plot = new Plot(this.#figure.canvas, Object.values(this.#lines), {
      page: context,
      xName: 'iteration',
      plugins: [
        labelledLines(
          () => this.#references,
          () => context.theme,
          RIGHT_MARGIN,
        ),
        beyondMarks(() => {
          const { train, smoothed, validation } = this.#lines;
          return [
            { points: [...train.data, ...smoothed.data], color: context.theme.train },
            { points: validation.data, color: context.theme.validation },
          ];
        }),
      ],
    });
    this.#gestures = new IterationGestures(this.#figure.surface, this.#plot, state);
  }

  update(): void {
    const { state, theme } = this.#context;
    const { run, ui } = state;
    if (run === undefined) return;
    this.#range.update();
    this.#unit.value = ui.unit;
    this.#logarithmic.value = ui.logarithmicIterations;
    this.#logarithmicLoss.value = ui.logarithmicLoss;
    const { baselines } = state.study;
    this.#baselines.value = ui.baselines;
    setAttribute(this.#baselines.element, 'title', baselinesTitle(baselines));
    this.#figure.setNote(ui.unit === 'bits' ? 'bits per character' : 'nats per character');
    if (this.#judged.changed(run.description, run.history.of('validation').at(-1), baselines, ui.unit))
      this.#showVerdict(run);
    if (!this.#figure.isVisible) return;
    const { history } = run;
    const { facts } = run.description;
    const { width } = this.#plot.area;
    if (
      !this.#inputs.changed(
        run.description.runId,
        this.#worthDrawing(run, width),
        history.of('validation').length,
        state.view,
        facts,
        ui,
        theme,
        width,
        baselines,
      )
    )
      return;
    this.#draw(run, theme);
    this.point();
  }

  point(): void {
    const { state } = this.#context;
    const { run, hover, ui } = state;
    if (run === undefined) return;
    this.#gestures.placeCursor();
    const reading = lossAt(run.history, hover.iteration);
    setText(
      this.#at,
      hover.iteration === null || reading.iteration === undefined ? '' : `iteration ${groupDigits(reading.iteration)}`,
    );
    // The newest losses stand above the tabs already.
    const text = (lossNats: number | undefined): string =>
      lossNats === undefined || hover.iteration === null ? '' : formatLoss(lossNats, ui.unit);
    this.#train.value = text(reading.train);
    this.#smoothed.value = text(reading.smoothed);
    this.#validation.value = text(reading.validation);
    this.#validation.shown = run.history.of('validation').length > 0;
  }

  #draw(run: MirroredRun, theme: ChartTheme): void {
    const { state } = this.#context;
    const { history } = run;
    const logarithmic = state.ui.logarithmicIterations;
    const range = shownRange(state.view, history.iterations);
    const width = this.#plot.area.width;
    const most = mostPointsFor(width);
    const raw = curveOf(history, 'lossNats', range, logarithmic, most);
    const smooth = curveOf(history, 'lossSmoothedNats', range, logarithmic, most);
    const { unit } = state.ui;
    const points = (iterations: readonly number[], values: readonly number[]): Point[] =>
      values.map((value, i) => ({ x: toAxis(iterations[i], logarithmic), y: inUnit(value, unit) }));
    const { minimum, maximum, train, smoothed, validation } = this.#lines;
    maximum.data = raw.isThinned ? points(raw.iteration, raw.maximum) : [];
    minimum.data = raw.isThinned ? points(raw.iteration, raw.minimum) : [];
    train.data = points(raw.iteration, raw.mean);
    smoothed.data = points(smooth.iteration, smooth.mean);
    validation.data = validationPoints(history, range).map(({ iteration, lossNats }) => ({
      x: toAxis(iteration, logarithmic),
      y: inUnit(lossNats, unit),
    }));
    this.#style(theme);
    const { baselines } = state.study;
    this.#references = state.ui.baselines
      ? lossReferences(run.description, baselines, unit, theme.muted, this.#plot.width)
      : [];
    const whole = state.view.mode === 'follow' && state.view.last === null;
    const highest = [...(raw.isThinned ? maximum : train).data, ...smoothed.data, ...validation.data];
    const lowest = [...(raw.isThinned ? minimum : train).data, ...smoothed.data, ...validation.data];
    const newest = inUnit(history.of('validation').at(-1)?.lossNats ?? history.newest('lossSmoothedNats'), unit);
    const inSight = whole ? referencesInSight(this.#references, newest) : [];
    const x = iterationAxis(range, logarithmic, width);
    if (state.ui.logarithmicLoss) {
      const y = logarithmicAxis([...ys(lowest), ...ys(highest), ...inSight], this.#plot.area.height);
      this.#plot.draw(theme, { x, y });
      this.#remarkCut(undefined);
    } else {
      const y = storyRange(ys(lowest), ys(highest), [ys(smoothed.data), ys(validation.data)], inSight);
      this.#plot.draw(theme, { x, y: lossAxis(y) });
      this.#remarkCut(y.cutAbove === undefined ? undefined : highest[y.cutAbove]);
    }
    this.#describe(run, range);
  }

  /** The iterations to draw: while training goes on, a curve that has grown by less than half a pixel is not drawn again. */
  #worthDrawing({ history, status }: MirroredRun, width: number): number {
    const { iterations } = history;
    if (status.state !== 'running') return iterations;
    const { from, to } = shownRange(this.#context.state.view, iterations);
    const every = Math.max(1, Math.floor((to - from) / (2 * Math.max(1, width))));
    return Math.floor(iterations / every);
  }

  #showVerdict(run: MirroredRun): void {
    const text = verdictText(run, this.#context.state.study.baselines, this.#context.state.ui.unit);
    setText(this.#verdict, text);
    show(this.#verdict, text !== '');
  }

  #style(theme: ChartTheme): void {
    const { maximum, minimum, train, smoothed, validation } = this.#lines;
    maximum.borderColor = minimum.borderColor = 'transparent';
    maximum.backgroundColor = theme.trainBand;
    train.borderColor = theme.trainFaint;
    smoothed.borderColor = theme.train;
    validation.borderColor = validation.backgroundColor = validation.pointBackgroundColor = theme.validation;
    validation.pointBorderColor = theme.background;
    validation.pointRadius = validation.data.length > MOST_VALIDATION_MARKS ? 0 : VALIDATION_POINT_RADIUS;
  }

  /** Says what lies above the shown range, so that nothing is hidden in silence. */
  #remarkCut(largest: Point | undefined): void {
    show(this.#cut, largest !== undefined);
    if (largest === undefined) return;
    const iteration = fromAxis(largest.x, this.#context.state.ui.logarithmicIterations);
    const loss = formatNorm(largest.y);
    setText(
      this.#cut,
      `▲ Above the shown range: up to ${loss} near iteration ${groupDigits(iteration)}; log y shows all of it`,
    );
  }

  #describe(run: MirroredRun, range: IterationRange): void {
    const { unit } = this.#context.state.ui;
    const { train, smoothed, validation } = lossAt(run.history, null);
    const parts = [
      `Loss in ${unitName(unit)} over iterations ${groupDigits(range.from)} to ${groupDigits(range.to)}.`,
      train === undefined ? 'No iteration yet.' : `Training ${formatLoss(train, unit)}.`,
      smoothed === undefined ? '' : `Smoothed ${formatLoss(smoothed, unit)}.`,
      validation === undefined ? '' : `Validation ${formatLoss(validation, unit)}.`,
      courseText('Over these iterations: smoothed', this.#lines.smoothed.data),
      courseText('Validation', this.#lines.validation.data),
      ...this.#references.map(({ label }) => `Reference: ${label}.`),
    ];
    this.#figure.describe(parts.filter((part) => part !== '').join(' '));
  }
}

function lossLines(): Record<'maximum' | 'minimum' | 'train' | 'smoothed' | 'validation', Line> {
  return {
    maximum: { data: [], borderWidth: 0, fill: '+1', order: 5 },
    minimum: { data: [], borderWidth: 0, order: 5 },
    train: { data: [], borderWidth: 1, order: 4 },
    smoothed: { data: [], borderWidth: 2, order: 2 },
    validation: { data: [], borderWidth: 1.5, order: 1, pointBorderWidth: 1 },
  };
}

function ys(points: readonly Point[]): number[] {
  return points.map(({ y }) => y);
}

function lossAxis(range: { min: number; max: number }): Axis {
  const ticks = linearTicks(range, 6, false);
  const step = ticks.length > 1 ? ticks[1] - ticks[0] : 1;
  return {
    logarithmic: false,
    min: range.min,
    max: range.max,
    ticks: ticks.map((value) => ({ value, label: formatTick(value, step) })),
  };
}
