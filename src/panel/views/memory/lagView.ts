import { decadeAxis } from '../../charts/decadeAxis.ts';
import { formatFactor } from '../../charts/memoryFactors.ts';
import { drops, type Drop } from '../../charts/memoryMarkers.ts';
import { fittedAt } from '../../charts/memoryMatrix.ts';
import { pictureName, type PictureData } from '../../charts/pictureData.ts';
import { Plot, type Line } from '../../charts/plot.ts';
import { decadeRange } from '../../../common/ranges.ts';
import { element, setText } from '../../dom.ts';
import { formatNorm, groupDigits } from '../../../common/format.ts';
import type { Memory, Reach } from '../../../protocol/study.ts';
import { written } from '../../../network/names.ts';
import type { MirroredRun } from '../../state/mirror.ts';
import { LegendEntry } from '../legend.ts';
import { countAxis, PlotCursor } from '../plotCursor.ts';
import { pointRadiusFor } from '../stepPlot.ts';
import { reachMarkup, reachWords } from '../../../network/reach.ts';
import type { PanelContext } from '../view.ts';
import { Fact, factList } from './fact.ts';
import { aboutWindow, horizonText, isOnlyReach, percentText } from './window.ts';
import { MemoryView } from './windowView.ts';

const MOST_DECADES = 8;

/** Lines of other states than the chosen one: their colours, of which each has another dash as well. */
const OTHERS = [
  { color: 'input', dash: [8, 3] },
  { color: 'bias', dash: [2, 3] },
  { color: 'output', dash: [10, 3, 3, 3] },
] as const;

/** The lag profile of another state or of the pre-activations, beside the chosen one. */
interface OtherProfile {
  readonly name: string;
  readonly line: Line;
  readonly style: (typeof OTHERS)[number];
  readonly entry: LegendEntry;
  readonly fact: Fact;
}

/** What the figure shows: where errors are measured, and what of its layer is laid beside it. */
interface LagOptions {
  readonly name: string;
  readonly others: readonly string[];
  /** Whether there are other layers or states whose horizon may be longer. */
  readonly isCompared: boolean;
}

/** The mean of the influence along each lag, its fitted decay, and the memory horizon. */
export class LagView extends MemoryView {
  readonly #plot: Plot;
  readonly #name: string;
  readonly #others: readonly OtherProfile[];
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
  readonly #profileEntry: LegendEntry;
  readonly #longest = new Fact(
    'Longest-lived',
    'longest-lived',
    'Of all states of all layers, the one whose horizon at 1 % is the longest; of equal ones, by that at 1/e and by what is left at the last lag',
  );
  readonly #fitEntry = new LegendEntry('dashed', 'validation', 'fitted decay');
  readonly #cursor: PlotCursor;
  #marks: Drop[] = [];
  #lag: number | null = null;

  constructor(context: PanelContext, { name, others, isCompared }: LagOptions, controls: readonly HTMLElement[]) {
    const options = {
      id: 'lag-profile',
      title: 'Lag profile: what is left of an error',
      note: `mean of ${reachMarkup(name, 't', 't−lag')} over t`,
      question: 'After how many steps is 1 % (or 1/e) of an error left?',
      help:
        'How large an error still is, on average, so many steps back: the mean of the influence matrix along each of its diagonals.\n' +
        'The memory horizon is the first lag under 1 % (and under 1/e) of lag 0: ' +
        'what lies further back hardly teaches.\n' +
        'The dashed line is the decay as a constant factor per step, exp(rate), fitted to the logarithms over the lags named; r² says how well a constant factor describes it.\n' +
        'A horizon far shorter than the dependencies in the text means that the network cannot learn them; one that ends at the window’s edge, that longer sequences could teach more.',
      keys: 'Left and right arrow read the profile lag by lag.',
    };
    super(context, options, controls);
    this.#name = name;
    this.#others = others.map((other, index) => otherProfile(context, other, index));
    this.#profileEntry = new LegendEntry('line', 'total', others.length === 0 ? 'lag profile' : `at ${written(name)}`);
    const ofOthers = this.#others.map(({ fact }) => fact);
    const compared = isCompared ? [...ofOthers, this.#longest] : ofOthers;
    this.figure.legend.before(factList('horizon', this.#onePercent, this.#oneOverE, this.#decay, ...compared));
    this.figure.legend.append(this.#at, this.#profileEntry.element);
    for (const { entry } of this.#others) this.figure.legend.append(entry.element);
    this.figure.legend.append(this.#fitEntry.element);
    const lines = [this.#profile, ...this.#others.map(({ line }) => line), this.#fit];
    this.#plot = new Plot(this.figure.canvas, lines, {
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
      count: () => this.measured?.inputs.length ?? 0,
      // The first key leads to lag 0.
      from: (by) => this.#lag ?? (by > 0 ? -1 : 1),
      point: (lag) => {
        this.#lag = lag;
        this.point();
      },
    });
  }

  #reachOf(memory: Memory): Reach {
    return memory.reaches[this.#name];
  }

  protected override get area(): Plot['area'] {
    return this.#plot.area;
  }

  override point(): void {
    const memory = this.measured;
    if (memory === undefined) return;
    const { lagProfile, decay } = this.#reachOf(memory);
    const T = lagProfile.length;
    const lag = this.#lag === null || this.#lag >= T ? null : this.#lag;
    this.#cursor.show(lag);
    const at = lag ?? 0;
    setText(this.#at, `lag ${at}`);
    this.#profileEntry.value = valueText(lagProfile, at);
    for (const { name, entry } of this.#others) entry.value = valueText(memory.reaches[name].lagProfile, at);
    this.#fitEntry.shown = decay !== null;
    if (decay !== null) this.#fitEntry.value = formatNorm(fittedAt(decay, at));
  }

  protected override tell(memory: Memory): void {
    const { horizon, decay, lagProfile } = this.#reachOf(memory);
    const T = lagProfile.length;
    for (const { name, fact } of this.#others) {
      const { onePercent, oneOverE } = memory.reaches[name].horizon;
      fact.set(onePercent, horizonText(onePercent, T), `at 1 %, 1/e: ${horizonText(oneOverE, T)}`);
    }
    const { onePercent } = memory.reaches[memory.longestLived].horizon;
    this.#longest.set(onePercent, reachWords(this.context.network, memory.longestLived), horizonText(onePercent, T));
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
    const { lagProfile, decay, horizon } = this.#reachOf(memory);
    const T = lagProfile.length;
    this.#profile.data = pointsOf(lagProfile);
    this.#profile.borderColor = this.#profile.pointBackgroundColor = theme.total;
    this.#profile.pointRadius = pointRadiusFor(T);
    for (const { name, line, style } of this.#others) {
      line.data = pointsOf(memory.reaches[name].lagProfile);
      line.borderColor = line.pointBackgroundColor = theme.lines[style.color];
      line.pointRadius = pointRadiusFor(T);
    }
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
      y: decadeAxis(
        decadeRange([lagProfile, ...this.#others.map(({ name }) => memory.reaches[name].lagProfile)], MOST_DECADES),
        height,
      ),
    });
    this.figure.describe(
      `Lag profile at iteration ${groupDigits(memory.iteration)}: ${formatNorm(lagProfile[0])} at lag 0, ${formatNorm(lagProfile[T - 1])} at lag ${T - 1}. ` +
        `Horizon at 1 %: ${horizonText(horizon.onePercent, T)}; at 1/e: ${horizonText(horizon.oneOverE, T)}.`,
    );
  }

  protected override data(memory: Memory, run: MirroredRun): PictureData {
    const { decay, horizon, lagProfile } = this.#reachOf(memory);
    const others = this.#others.map(({ name }) => ({ name, profile: memory.reaches[name].lagProfile }));
    return {
      name: pictureName(
        run,
        ...lagStem(this.#name, isOnlyReach(run.network)),
        memory.iteration,
        'stream',
        memory.stream,
      ),
      about: aboutWindow(run, memory, {
        horizon_one_percent: horizon.onePercent,
        horizon_one_over_e: horizon.oneOverE,
        decay_nats_per_step: decay?.ratePerStep ?? null,
        decay_from_lag: decay?.fromLag ?? null,
        decay_to_lag: decay?.toLag ?? null,
        decay_r2: decay?.r2 ?? null,
      }),
      columns: ['lag', 'mean_influence', 'fitted_decay', ...others.map(({ name }) => `mean_influence_on_${name}`)],
      rows: Array.from(lagProfile, (value, lag) => [
        lag,
        value,
        decay === null ? null : fittedAt(decay, lag),
        ...others.map(({ profile }) => profile[lag]),
      ]),
    };
  }
}

function lagStem(name: string, isOnly: boolean): string[] {
  return isOnly ? ['lag-profile'] : ['lag-profile-of', name];
}

function otherProfile({ network }: PanelContext, name: string, index: number): OtherProfile {
  const style = OTHERS[index % OTHERS.length];
  return {
    name,
    style,
    line: { data: [], borderWidth: 1.5, borderDash: [...style.dash] },
    entry: new LegendEntry(style.dash, style.color, `at ${written(name)}`),
    fact: new Fact(
      `Horizon at ${written(name)}`,
      `horizon-at-${name}`,
      `The first lag at which the lag profile of the ${reachWords(network, name)} is under 1 % of its value at lag 0`,
    ),
  };
}

/** A logarithmic axis has no place for zero: the line has a gap there. */
function pointsOf(profile: Float64Array): { x: number; y: number }[] {
  return Array.from(profile, (value, lag) => ({ x: lag, y: value > 0 ? value : NaN }));
}

/** The value of a profile at a lag, and what share that is of lag 0. */
function valueText(profile: Float64Array, lag: number): string {
  const share = lag > 0 && profile[0] > 0 ? ` (${percentText(profile[lag] / profile[0])})` : '';
  return `${formatNorm(profile[lag])}${share}`;
}
