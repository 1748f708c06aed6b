import { circles, type Circle } from '../../charts/memoryMarkers.ts';
import {
  eigenvalueAt,
  eigenvalueText,
  nearestEigenvalue,
  outsideUnitCircle,
  planeRanges,
} from '../../charts/memoryPlane.ts';
import { aboutRun, pictureName, type PictureData } from '../../charts/pictureData.ts';
import { Plot, type Axis, type Line, type Point } from '../../charts/plot.ts';
import { linearTicks, roundStep, type ValueRange } from '../../../common/ranges.ts';
import { ringAt } from '../../charts/ring.ts';
import { parameterOf, written } from '../../../network/names.ts';
import { element, setText } from '../../dom.ts';
import { formatTick, groupDigits } from '../../../common/format.ts';
import type { Spectrum } from '../../../protocol/study.ts';
import type { MirroredRun } from '../../state/mirror.ts';
import { SATURATION } from '../../../network/slopes.ts';
import { wayWordsOf, type WayWords } from '../../../network/wayWords.ts';
import type { PanelContext } from '../view.ts';
import { Fact, factList } from './fact.ts';
import { BESIDE_DECAY, tellLyapunov } from './lyapunov.ts';
import { radiusMeaning, sigmaMeaning } from './spectrumText.ts';
import { WindowView } from './windowView.ts';

const PIXELS_PER_TICK = 56;
const REACH_PIXELS = 24;
/** Through gates errors go back past this weight too. */
const ONE_OF_SEVERAL = [
  'of one way back of several: not the rate at which errors fade',
  'the most that one step through it can stretch',
];

/** The eigenvalues of the recurrent weight in the complex plane, and the three numbers that say what becomes of errors. */
export class SpectrumView extends WindowView<Spectrum> {
  readonly #plot: Plot;
  readonly #inside: Line = { data: [], showLine: false, pointRadius: 2.5 };
  readonly #outside: Line = { data: [], showLine: false, pointRadius: 3 };
  readonly #name: string;
  readonly #way: WayWords | undefined;
  readonly #radius: Fact;
  readonly #sigma: Fact;
  readonly #lyapunov: Fact;
  readonly #reading = element('span', { class: 'reading-out', 'data-testid': 'eigenvalue' });
  #index: number | null = null;
  #circles: Circle[] = [];

  /** @param name of the weight whose spectrum it is. */
  constructor(context: PanelContext, name: string, controls: readonly HTMLElement[]) {
    const { network } = context;
    const weight = written(name);
    const way = wayWordsOf(network, parameterOf(network, name)?.layer);
    const bound = way?.activation ?? 'the cell';
    const isBounded = way === undefined || !SATURATION[way.of].passesNothing;
    const isWhole = network.states.length > 1;
    const options = {
      id: 'spectrum',
      title: `Spectrum of ${weight}`,
      note: 'eigenvalues',
      question: `Does ${weight} shrink what it carries, or let it grow?`,
      help:
        `Every point λ is a direction of the state that ${weight} multiplies by |λ| each step and turns by the angle of λ. The solid circle is |λ| = 1, the dashed one the spectral radius ρ.\n` +
        (way === undefined
          ? `This is one of several ways back through the cell: an error passes the slope of the gate before ${weight}, or goes past it by what is kept of the state, so that ρ is not the decay rate by itself.\n`
          : '') +
        `Points inside fade, points outside (marked) grow, ${isBounded ? `until ${bound} bounds them` : 'as far as units are on'}; points near the circle remember longest. Since ${weight} is not symmetric, one step can stretch more than ρ: by up to σ_max.\n` +
        (way === undefined ? '' : 'σ_max < 1 guarantees that errors vanish; that they explode needs σ_max > 1.\n') +
        `The Lyapunov exponent is a long-run rate ${isWhole ? `of all states and layers together, not of ${weight} alone, ` : ''}with ${bound} included: that of the Jacobians of this window repeated again and again, the first time not counted. Negative, errors fade in the long run, positive, they grow; ` +
        `within one window they may grow for a while all the same, since ${weight} is not normal (its eigenvectors are not at right angles).${isWhole ? `\n${BESIDE_DECAY}` : ''}`,
      keys: 'Left and right arrow walk through the eigenvalues, the largest modulus first.',
    };
    super(context, options, controls);
    this.#name = name;
    this.#way = way;
    this.#radius = new Fact('Spectral radius ρ', 'rho', `The largest modulus of the eigenvalues of ${weight}`);
    this.#sigma = new Fact(
      'Norm σ_max',
      'sigma-max',
      `The largest singular value of ${weight}: the most that one step can stretch`,
    );
    this.#lyapunov = new Fact(
      isWhole ? 'Lyapunov exponent, all states' : 'Lyapunov exponent',
      'lyapunov',
      `The mean growth of the logarithm of a vector ${isWhole ? 'over all states of all layers, ' : ''}pushed back through the window again and again, ${bound} included; the first time is not counted`,
    );
    this.figure.legend.before(factList('spectrum-facts', this.#radius, this.#sigma, this.#lyapunov));
    this.figure.legend.append(this.#reading);
    this.#plot = new Plot(this.figure.canvas, [this.#inside, this.#outside], {
      page: context,
      xName: 'Re λ',
      yName: 'Im λ',
      plugins: [
        circles(
          () => this.#circles,
          () => context.theme,
        ),
        ringAt(
          () => this.#ring(),
          () => context.theme,
        ),
      ],
    });
    this.#listen();
  }

  protected override get measured(): Spectrum | undefined {
    return this.context.state.study.spectrum;
  }

  protected override get area(): Plot['area'] {
    return this.#plot.area;
  }

  protected override get toldOf(): readonly unknown[] {
    return [this.context.state.study.memory];
  }

  protected override tell(spectrum: Spectrum): void {
    const { memory } = this.context.state.study;
    const { spectralRadius, sigmaMax, iteration } = spectrum;
    this.element.dataset.iteration = String(iteration);
    const isOfWindow = memory === undefined || memory.iteration === iteration;
    this.figure.setNote(isOfWindow ? 'eigenvalues' : `eigenvalues, of iteration ${groupDigits(iteration)}`);
    const way = this.#way;
    const [ofRadius, ofSigma] =
      way === undefined ? ONE_OF_SEVERAL : [radiusMeaning(spectrum, way), sigmaMeaning(sigmaMax, way.activation)];
    this.#radius.set(spectralRadius, spectralRadius.toPrecision(4), ofRadius);
    this.#sigma.set(sigmaMax, sigmaMax.toPrecision(4), ofSigma);
    if (memory === undefined) this.#lyapunov.set(null, 'being computed', '');
    else tellLyapunov(this.#lyapunov, memory);
  }

  override point(): void {
    const spectrum = this.measured;
    if (spectrum === undefined) return;
    const H = spectrum.eigenvalues.length / 2;
    const outside = outsideUnitCircle(spectrum.eigenvalues);
    setText(
      this.#reading,
      this.#index === null || this.#index >= H
        ? `${outside} of ${H} eigenvalues outside the unit circle`
        : eigenvalueText(eigenvalueAt(spectrum.eigenvalues, this.#index)),
    );
  }

  #ring(): { x: number; y: number; label: string } | undefined {
    const spectrum = this.measured;
    if (spectrum === undefined || this.#index === null || 2 * this.#index >= spectrum.eigenvalues.length)
      return undefined;
    const { re, im, modulus } = eigenvalueAt(spectrum.eigenvalues, this.#index);
    return { x: re, y: im, label: `|λ| = ${modulus.toFixed(3)}` };
  }

  protected override draw(spectrum: Spectrum): void {
    const { theme } = this.context;
    const { eigenvalues, spectralRadius } = spectrum;
    const inside: Point[] = [];
    const outside: Point[] = [];
    for (let index = 0; 2 * index < eigenvalues.length; index++) {
      const { re, im, modulus } = eigenvalueAt(eigenvalues, index);
      (modulus > 1 ? outside : inside).push({ x: re, y: im });
    }
    this.#inside.data = inside;
    this.#outside.data = outside;
    this.#inside.pointBackgroundColor = this.#inside.pointBorderColor = theme.muted;
    this.#outside.pointBackgroundColor = this.#outside.pointBorderColor = theme.lines.recurrent;
    this.#circles = [
      { radius: 1, color: theme.ink, dashed: false },
      { radius: spectralRadius, color: theme.lines.recurrent, dashed: true },
    ];
    const { width, height } = this.#plot.area;
    const { x, y } = planeRanges(spectralRadius, width, height);
    this.#plot.draw(theme, { x: planeAxis(x, width), y: planeAxis(y, height) });
    this.figure.describe(
      `${eigenvalues.length / 2} eigenvalues of ${written(this.#name)}, ${outside.length} of them outside the unit circle; spectral radius ${spectralRadius.toPrecision(3)}.`,
    );
  }

  #choose(index: number | null): void {
    if (index === this.#index) return;
    this.#index = index;
    this.point();
    this.#plot.redraw();
  }

  #listen(): void {
    const { surface } = this.figure;
    surface.addEventListener('pointermove', (event) => {
      const spectrum = this.measured;
      const { left, top, width, height } = this.#plot.area;
      if (spectrum === undefined || width === 0) return;
      const box = surface.getBoundingClientRect();
      const { x, y } = planeRanges(spectrum.spectralRadius, width, height);
      const unit = (x.max - x.min) / width;
      const re = x.min + (event.clientX - box.left - left) * unit;
      const im = y.max - (event.clientY - box.top - top) * unit;
      this.#choose(nearestEigenvalue(spectrum.eigenvalues, re, im, REACH_PIXELS * unit) ?? null);
    });
    surface.addEventListener('pointerleave', () => this.#choose(null));
    surface.addEventListener('keydown', (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      const H = (this.measured?.eigenvalues.length ?? 0) / 2;
      if (by === undefined || H === 0) return;
      event.preventDefault();
      this.#choose(Math.min(Math.max((this.#index ?? (by > 0 ? -1 : 1)) + by, 0), H - 1));
    });
  }

  protected override data(spectrum: Spectrum, run: MirroredRun): PictureData {
    const { eigenvalues, spectralRadius, sigmaMax, iteration } = spectrum;
    return {
      name: pictureName(run, `eigenvalues-of-${this.#name}`, iteration),
      about: {
        ...aboutRun(run),
        iteration,
        spectral_radius: spectralRadius,
        sigma_max: sigmaMax,
        lyapunov_nats_per_step: this.context.state.study.memory?.lyapunov ?? null,
      },
      columns: ['index', 're', 'im', 'modulus', 'angle_radians'],
      rows: Array.from({ length: eigenvalues.length / 2 }, (_, index) => {
        const { re, im, modulus, angle } = eigenvalueAt(eigenvalues, index);
        return [index, re, im, modulus, angle];
      }),
    };
  }
}

/** A linear axis of the plane over so many pixels. */
function planeAxis(range: ValueRange, pixels: number): Axis {
  const most = Math.max(2, Math.floor(pixels / PIXELS_PER_TICK));
  const step = roundStep((range.max - range.min) / most);
  const ticks = linearTicks(range, most, false);
  return {
    logarithmic: false,
    ...range,
    ticks: ticks.map((value) => ({ value, label: formatTick(value, step).replace('-', '−') })),
  };
}
