import { aboutRun, pictureName, type PictureData } from '../../charts/pictureData.ts';
import type { Axis, Line } from '../../charts/plot.ts';
import { linearTicks } from '../../../common/ranges.ts';
import { show } from '../../dom.ts';
import { groupDigits } from '../../../common/format.ts';
import type { MemoryPoint } from '../../../protocol/events.ts';
import type { MirroredRun } from '../../state/mirror.ts';
import { comparedReaches, shownReach } from '../../../network/reach.ts';
import { listed } from '../../../network/quantities.ts';
import { written } from '../../../network/names.ts';
import { wayWordsOf } from '../../../network/wayWords.ts';
import { nearestIndex } from '../../state/nearestIndex.ts';
import { withFormulas } from '../helpFormulas.ts';
import { IterationFigure } from '../iterationFigure.ts';
import { LegendEntry } from '../legend.ts';
import type { PanelContext, View } from '../view.ts';
import { horizonText } from './window.ts';

const POINT_RADIUS = 2.5;
const BEYOND_RADIUS = 4.5;
const MOST_MARKS = 120;

/** How the memory horizon moved over training. */
export class HorizonView implements View {
  readonly element: HTMLElement;
  readonly #context: PanelContext;
  readonly #curves: IterationFigure;
  readonly #onePercent: Line = { data: [], borderWidth: 1.75 };
  readonly #oneOverE: Line = { data: [], borderWidth: 1.25 };
  readonly #onePercentEntry = new LegendEntry('points', 'train', 'horizon 1 %');
  readonly #oneOverEEntry = new LegendEntry('points', 'validation', '1/e');

  constructor(context: PanelContext) {
    const compared = comparedReaches(context.network);
    const isOnly = compared.length === 1;
    const shown = written(isOnly ? compared[0] : shownReach(context.network, 1));
    this.#context = context;
    this.#curves = new IterationFigure(context, {
      id: 'horizon-history',
      title: 'Memory horizon over training',
      note: isOnly ? 'steps back' : 'steps back, of the longest-lived',
      question: 'Does the memory grow while the network learns?',
      help: withFormulas(
        (isOnly
          ? ''
          : `Measured at ${listed(compared)}; of each window the one is shown whose errors reach back furthest.\n`) +
          'The memory horizon of every window that was measured: of one stream each, so neighbours scatter with their text; look at the trend. It should grow as the network learns to use what it read; ' +
          'one that shrinks to a few steps says that the errors of later iterations no longer reach back.\n' +
          'A triangle at the top stands for a horizon beyond the window. Windows are measured from time to time, so the points are not evenly apart. At 0, no error passes at all. The horizon is the first lag k at which the lag profile p(k) is under 1 % of p(0)' +
          (isOnly ? ':' : `, here of ${shown} and of the others alike:`),
        `p(k) = {1|T − k} Σ_t ‖{∂L(t)|∂${shown}(t−k)}‖`,
        'p(k) < 0.01 p(0)',
      ),
      lines: [this.#onePercent, this.#oneOverE],
      entries: [this.#onePercentEntry, this.#oneOverEEntry],
      data: () => this.#data(),
    });
    this.element = this.#curves.element;
    this.element.dataset.testid = 'horizon-history';
  }

  update(): void {
    const { run } = this.#context.state;
    const points = run?.history.of('memoryPoint') ?? [];
    show(this.element, points.length > 0);
    if (run === undefined || points.length === 0 || !this.#curves.isDue(run, points.at(-1))) return;
    this.#draw(run, points);
    this.point();
  }

  point(): void {
    const { run, hover } = this.#context.state;
    const points = run?.history.of('memoryPoint') ?? [];
    if (run === undefined || points.length === 0) return;
    const at = points[hover.iteration === null ? points.length - 1 : nearestIndex(points, hover.iteration)];
    const T = run.description.settings.sequenceLength;
    this.#curves.point(at.iteration);
    this.#onePercentEntry.value = horizonText(at.horizonOnePercent, T);
    this.#oneOverEEntry.value = horizonText(at.horizonOneOverE, T);
  }

  #draw(run: MirroredRun, points: readonly MemoryPoint[]): void {
    const { theme } = this.#context;
    const T = run.description.settings.sequenceLength;
    const range = this.#curves.rangeOf(run);
    const largest = points.reduce(
      (most, { horizonOnePercent, horizonOneOverE }) =>
        Math.max(most, horizonOnePercent ?? T - 1, horizonOneOverE ?? T - 1),
      1,
    );
    const isDense = points.length > MOST_MARKS;
    const style = (line: Line, color: string, lagOf: (point: MemoryPoint) => number | null): void => {
      const beyond = points.map((point) => lagOf(point) === null);
      line.data = points.map((point) => ({ x: this.#curves.place(point.iteration), y: lagOf(point) ?? T - 1 }));
      line.pointStyle = beyond.map((isBeyond) => (isBeyond ? 'triangle' : 'circle'));
      line.pointRadius = beyond.map((isBeyond) => (isBeyond ? BEYOND_RADIUS : isDense ? 0 : POINT_RADIUS));
      line.pointBackgroundColor = line.borderColor = line.pointBorderColor = color;
    };
    style(this.#onePercent, theme.train, ({ horizonOnePercent }) => horizonOnePercent);
    style(this.#oneOverE, theme.validation, ({ horizonOneOverE }) => horizonOneOverE);
    this.#curves.draw(run, (height) => lagAxis(largest, height));
    const newest = points[points.length - 1];
    this.#curves.figure.describe(
      `Memory horizon of ${points.length} windows over iterations ${groupDigits(range.from)} to ${groupDigits(range.to)}. ` +
        `Newest: ${horizonText(newest.horizonOnePercent, T)} at 1 %, ${horizonText(newest.horizonOneOverE, T)} at 1/e.`,
    );
  }

  #data(): PictureData | undefined {
    const { run } = this.#context.state;
    if (run === undefined || run.history.of('memoryPoint').length === 0) return undefined;
    return {
      name: pictureName(run, 'memory-over-iterations'),
      about: { ...aboutRun(run), empty_horizon: 'beyond the window' },
      columns: [
        'iteration',
        'horizon_one_percent',
        'horizon_one_over_e',
        'decay_nats_per_step',
        `${wayWordsOf(run.network)?.of ?? 'slope'}_factor`,
        'lyapunov_nats_per_step',
        'spectral_radius',
        'sigma_max',
      ],
      rows: run.history
        .of('memoryPoint')
        .map((point) => [
          point.iteration,
          point.horizonOnePercent,
          point.horizonOneOverE,
          point.decayRate,
          point.tanhFactor,
          point.lyapunov,
          point.spectralRadius,
          point.sigmaMax,
        ]),
    };
  }
}

/** The axis of lags from 0 to a little above the largest. */
function lagAxis(largest: number, height: number): Axis {
  const max = largest * 1.08;
  const ticks = linearTicks({ min: 0, max }, Math.max(2, Math.floor(height / 34)), true);
  return { logarithmic: false, min: 0, max, ticks: ticks.map((value) => ({ value, label: String(value) })) };
}
