import { setAttribute } from '../../dom.ts';
import type { VitalSign } from '../../../history/health/sign.ts';
import { sparkPath, sparkRange, sparkY } from './spark.ts';

const WIDTH = 64;
const HEIGHT = 26;
/** Keeps the line off the edges. */
const INSET = 2;

/** A reading over the run without axes: its line, its newest point, and a faint band or line where it usually is. */
export class Sparkline {
  readonly element = svg('svg', {
    class: 'spark',
    width: String(WIDTH),
    height: String(HEIGHT),
    viewBox: `${-INSET} ${-INSET} ${WIDTH} ${HEIGHT}`,
    'aria-hidden': 'true',
  });
  readonly #band = svg('rect', { class: 'spark-band', x: '0', width: String(WIDTH - 2 * INSET) });
  readonly #line = svg('path', { class: 'spark-line', fill: 'none' });
  readonly #point = svg('circle', { class: 'spark-point', r: '2' });

  constructor() {
    this.element.append(this.#band, this.#line, this.#point);
  }

  update(sign: VitalSign): void {
    const width = WIDTH - 2 * INSET;
    const height = HEIGHT - 2 * INSET;
    const range = sparkRange(sign);
    const y = (value: number): number => sparkY(value, range, sign.logarithmic, height);
    setAttribute(this.#line, 'd', sparkPath(sign, range, width, height));
    const newest = sign.series.values.at(-1) ?? NaN;
    const isShown = Number.isFinite(newest);
    setAttribute(this.#point, 'visibility', isShown ? 'visible' : 'hidden');
    if (isShown) {
      setAttribute(this.#point, 'cx', String(width));
      setAttribute(this.#point, 'cy', y(newest).toFixed(1));
    }
    const { usual } = sign;
    setAttribute(this.#band, 'visibility', usual !== undefined && isShown ? 'visible' : 'hidden');
    if (usual === undefined || !isShown) return;
    const top = y(usual.to);
    // A line where one value is usual; off the scale it stands at the edge that it lies beyond.
    setAttribute(this.#band, 'y', top.toFixed(1));
    setAttribute(this.#band, 'height', Math.max(1, y(usual.from) - top).toFixed(1));
    setAttribute(this.#band, 'data-kind', usual.from === usual.to ? 'line' : 'band');
  }
}

function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>>,
): SVGElementTagNameMap[K] {
  const created = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) created.setAttribute(name, value);
  return created;
}
