import { decadeAxis } from '../../charts/decadeAxis.ts';
import { formatFactor } from '../../charts/memoryFactors.ts';
import { drops, type Drop } from '../../charts/memoryMarkers.ts';
import { fittedAt } from '../../charts/memoryMatrix.ts';
import { pictureName, type PictureData } from '../../charts/pictureData.ts';
import { Plot, type Line } from '../../charts/plot.ts';
import { decadeRange } from '../../../common/ranges.ts';
import { element, setText } from '../../dom.ts';
import { formatNorm, groupDigits } from '../../../common/format.ts';
import type { Memory } from '../../../protocol/study.ts';
import type { MirroredRun } from '../../state/mirror.ts';
import { LegendEntry } from '../legend.ts';
import { countAxis, PlotCursor } from '../plotCursor.ts';
import { pointRadiusFor } from '../stepPlot.ts';
import { influenceMarkup } from '../../../network/wayWords.ts';
import type { PanelContext } from '../view.ts';
import { Fact, factList } from './fact.ts';
import { aboutWindow, horizonText, percentText } from './window.ts';
import { MemoryView } from './windowView.ts';

const MOST_DECADES = 8;

/** The mean of the influence along each lag, its fitted decay, and the memory horizon. */
export class LagView extends MemoryView {
  readonly #plot: Plot;
  readonly #profile: Line = { data: [], borderWidth: 2 };
  readonly #fit: Line = { data: [], borderWidth: 1.5, borderDash: [6, 4] };
  readonly #onePercent = new Fact(
    'Memory horizon, 1 %',
    'horizon-one-percent',
    'The first lag at which the lag profile is under 1 % of its value at lag 0',
  );
  readonly #oneOverE = new Fact(
    '1/e',
    'horizon-one-over-e',
    'The first lag at which the lag profile is under 1/e = 37 % of its value at lag 0',
  );
  readonly #decay = new Fact('Decay', 'decay-rate', 'The straight line through the logarithm of the lag profile');
  readonly #at = element('span', { class: 'legend-at' });
  readonly #profileEntry = new LegendEntry('line', 'total', 'lag profile');
  readonly #fitEntry = new LegendEntry('dashed', 'validation', 'fitted decay');
  readonly #cursor: PlotCursor;
  #marks: Drop[] = [];
  #lag: number | null = null;

  constructor(context: PanelContext) {
    super(context, {
      id: 'lag-profile',
      title: 'Lag profile: what is left of an error',
      note: `mean of ${influenceMarkup(context.network, 't', 't−lag')} over t`,
      question: 'After how many steps is 1 % (or 1/e) of an error left?',
      help:
        'How large an error still is, on average, so many steps back: the mean of the influence matrix along each of its diagonals.\n' +
        'The memory horizon is the first lag under 1 % (and under 1/e) of lag 0: ' +
        'what lies further back hardly teaches.\n' +
        'The dashed line is the decay as a constant factor per step, exp(rate), fitted to the logarithms over the lags named; r² says how well a constant factor describes it.\n' +
        'A horizon far shorter than the dependencies in the text means that the network cannot learn them; one that ends at the window’s edge, that longer sequences could teach more.',
      keys: 'Left and right arrow read the profile lag by lag.',
    });
    const facts = factList('horizon', this.#onePercent, this.#oneOverE, this.#decay);
    this.figure.legend.before(facts);
    this.figure.legend.append(this.#at, this.#profileEntry.element, this.#fitEntry.element);
    this.#plot = new Plot(this.figure.canvas, [this.#profile, this.#fit], {
      page: context,
      xName: 'lag t − s',
      plugins: [
        drops(
          () => this.#marks,
          () => context.theme,
        ),
      ],
    });
    this.#cursor = new PlotCursor(this.figure, this.#plot, {
      count: () => this.measured?.lagProfile.length ?? 0,
      // The first key leads to lag 0.
      from: (by) => this.#lag ?? (by > 0 ? -1 : 1),
      point: (lag) => {
        this.#lag = lag;
        this.point();
      },
    });
  }

  protected override get area(): Plot['area'] {
    return this.#plot.area;
  }

  override point(): void {
    const memory = this.measured;
    if (memory === undefined) return;
    const T = memory.lagProfile.length;
    const lag = this.#lag === null || this.#lag >= T ? null : this.#lag;
    this.#cursor.show(lag);
    const at = lag ?? 0;
    const value = memory.lagProfile[at];
    const share = at > 0 && memory.lagProfile[0] > 0 ? ` (${percentText(value / memory.lagProfile[0])})` : '';
    setText(this.#at, `lag ${at}`);
    this.#profileEntry.value = `${formatNorm(value)}${share}`;
    this.#fitEntry.shown = memory.decay !== null;
    if (memory.decay !== null) this.#fitEntry.value = formatNorm(fittedAt(memory.decay, at));
  }

  protected override tell({ horizon, decay, lagProfile }: Memory): void {
    const T = lagProfile.length;
    this.#onePercent.set(horizon.onePercent, horizonText(horizon.onePercent, T), '');
    this.#oneOverE.set(horizon.oneOverE, horizonText(horizon.oneOverE, T), '');
    if (decay === null) {
      this.#decay.set(
        null,
        'not fitted',
        horizon.onePercent === 0 ? 'every lag is zero' : 'fewer than three lags are above zero',
      );
      return;
    }
    const { ratePerStep, fromLag, toLag, r2 } = decay;
    const rate = `${ratePerStep < 0 ? '−' : '+'}${Math.abs(ratePerStep).toPrecision(3)}`;
    this.#decay.set(
      ratePerStep,
      `${formatFactor(Math.exp(ratePerStep))} per step`,
      `${rate} nats per step over lags ${fromLag} to ${toLag}, r² ${r2.toFixed(3)}`,
    );
  }

  protected override draw(memory: Memory): void {
    const { theme } = this.context;
    const { lagProfile, decay, horizon } = memory;
    const T = lagProfile.length;
    // A logarithmic axis has no place for zero: the line has a gap there.
    this.#profile.data = Array.from(lagProfile, (value, lag) => ({ x: lag, y: value > 0 ? value : NaN }));
    this.#profile.borderColor = this.#profile.pointBackgroundColor = theme.total;
    this.#profile.pointRadius = pointRadiusFor(T);
    this.#fit.borderColor = theme.validation;
    this.#fit.data =
      decay === null ? [] : [decay.fromLag, decay.toLag].map((lag) => ({ x: lag, y: fittedAt(decay, lag) }));
    const mark = (lag: number | null, label: string): Drop[] =>
      lag === null || !(lagProfile[lag] > 0)
        ? []
        : [{ x: lag, y: lagProfile[lag], label: `${label} at lag ${lag}`, color: theme.ink }];
    this.#marks = [...mark(horizon.oneOverE, '1/e'), ...mark(horizon.onePercent, '1 %')];
    const { width, height } = this.#plot.area;
    this.#plot.draw(theme, {
      x: countAxis(T, width),
      y: decadeAxis(decadeRange([lagProfile], MOST_DECADES), height),
    });
    this.figure.describe(
      `Lag profile at iteration ${groupDigits(memory.iteration)}: ${formatNorm(lagProfile[0])} at lag 0, ${formatNorm(lagProfile[T - 1])} at lag ${T - 1}. ` +
        `Horizon at 1 %: ${horizonText(horizon.onePercent, T)}; at 1/e: ${horizonText(horizon.oneOverE, T)}.`,
    );
  }

  protected override data(memory: Memory, run: MirroredRun): PictureData {
    const { decay, horizon, lagProfile } = memory;
    return {
      name: pictureName(run, 'lag-profile', memory.iteration, 'stream', memory.stream),
      about: aboutWindow(run, memory, {
        horizon_one_percent: horizon.onePercent,
        horizon_one_over_e: horizon.oneOverE,
        decay_nats_per_step: decay?.ratePerStep ?? null,
        decay_from_lag: decay?.fromLag ?? null,
        decay_to_lag: decay?.toLag ?? null,
        decay_r2: decay?.r2 ?? null,
      }),
      columns: ['lag', 'mean_influence', 'fitted_decay'],
      rows: Array.from(lagProfile, (value, lag) => [lag, value, decay === null ? null : fittedAt(decay, lag)]),
    };
  }
}
