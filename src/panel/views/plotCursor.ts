import type { Axis, Plot } from '../charts/plot.ts';
import { linearTicks } from '../../common/ranges.ts';
import { element } from '../dom.ts';
import type { Figure } from './figure.ts';

const PIXELS_PER_TICK = 60;

/** The axis of things that are counted from 0, each as wide as the others. */
export function countAxis(count: number, width: number, tickPadding = 4): Axis {
  const most = Math.max(2, Math.floor(width / PIXELS_PER_TICK));
  const ticks = linearTicks({ min: 0, max: count - 1 }, most, true);
  return {
    logarithmic: false,
    min: -0.5,
    max: count - 0.5,
    ticks: ticks.map((value) => ({ value, label: String(value) })),
    tickPadding,
  };
}

export interface PlotCursorOptions {
  /** How many places the axis has. */
  readonly count: () => number;
  /** The place that an arrow key starts from. */
  readonly from: (by: 1 | -1) => number;
  /** Hears which place is pointed at by the pointer or with the arrow keys; null where it is none. */
  readonly point: (place: number | null) => void;
}

/** The line over a plot at the place of its axis that is pointed at. The axis is that of `countAxis`. */
export class PlotCursor {
  readonly #plot: Plot;
  readonly #surface: HTMLElement;
  readonly #count: () => number;
  readonly #line = element('div', { class: 'cursor', hidden: true });

  constructor({ surface }: Figure, plot: Plot, { count, from, point }: PlotCursorOptions) {
    this.#plot = plot;
    this.#surface = surface;
    this.#count = count;
    surface.append(this.#line);
    surface.addEventListener('pointermove', (event) => point(this.#placeAt(event)));
    surface.addEventListener('pointerleave', () => point(null));
    surface.addEventListener('keydown', (event) => {
      const by = ({ ArrowLeft: -1, ArrowRight: 1 } as const)[event.key];
      if (by === undefined || count() === 0 || event.target !== surface) return;
      event.preventDefault();
      point(Math.min(Math.max(from(by) + by, 0), count() - 1));
    });
  }

  show(place: number | null): void {
    this.#line.hidden = place === null;
    if (place === null) return;
    const { left, top, width, height } = this.#plot.area;
    const x = Math.round(left + ((place + 0.5) / this.#count()) * width);
    this.#line.style.transform = `translate(${x}px, ${Math.round(top)}px)`;
    this.#line.style.height = `${Math.round(height)}px`;
  }

  #placeAt(event: PointerEvent): number | null {
    const { left, width } = this.#plot.area;
    const share = (event.clientX - this.#surface.getBoundingClientRect().left - left) / width;
    return share < 0 || share >= 1 ? null : Math.floor(share * this.#count());
  }
}
