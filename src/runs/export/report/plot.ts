import { labelPlaces } from '../../../common/labelPlaces.ts';
import { placeOf, type Axis } from './axis.ts';
import { markup, type Content, type Markup } from './markup.ts';

/**
 * Plots as inline SVG. An outer picture carries what keeps its size at every width: texts, marks and straight lines at places in
 * per cent. An inner one is stretched and carries the curves.
 */

export interface PlotOptions {
  /** For those who do not see the picture: what it is, and what it shows. */
  readonly title: string;
  readonly description: string;
  /** Pixels of the area between the axes. */
  readonly height: number;
  readonly x: Axis;
  readonly y: Axis;
  /** Curves and bands, drawn by `curve` and `band`. */
  readonly curves: readonly Markup[];
  /** What keeps its size, drawn by `mark`. */
  readonly marks?: readonly Markup[];
  /** Names at the right end of what they belong to; those of `isReference` have a dashed line across the plot. */
  readonly labels?: readonly PlotLabel[];
}

export interface PlotLabel {
  readonly value: number;
  readonly name: string;
  /** Stands after the name where there is room for it. */
  readonly number?: string;
  /** Name of a colour of the style sheet. */
  readonly color: string;
  readonly isReference?: boolean;
}

/** Sides of the stretched picture. */
const SPAN = 1000;
const LABEL_HEIGHT = 15;

export function plot({ title, description, height, x, y, curves, marks, labels = [] }: PlotOptions): Markup {
  return markup`<div class="plot${labels.length > 0 ? ' labelled' : ''}"><div class="axis-title">${y.title}</div>
<svg role="img" width="100%" height="${height}" aria-label="${title}. ${description}"><title>${title}</title><desc>${description}</desc>
${y.ticks.map((tick) => horizontalTick(placeOf(tick.value, y), tick.label))}
${x.ticks.map((tick) => verticalTick(placeOf(tick.value, x), tick.label))}
${labels.filter(({ isReference }) => isReference).map(({ value, color }) => referenceLine(placeOf(value, y), color))}
<svg width="100%" height="100%" viewBox="0 0 ${SPAN} ${SPAN}" preserveAspectRatio="none">${curves}</svg>
${marks}
${labelsOf(labels, y, height)}
<line class="frame" x1="0" x2="100%" y1="100%" y2="100%"/></svg>
<div class="axis-title x">${x.title}</div></div>`;
}

/** A line through points; where a value is missing, the line is broken. */
export function curve(
  color: string,
  xs: ArrayLike<number>,
  ys: ArrayLike<number>,
  { x, y }: { readonly x: Axis; readonly y: Axis },
  { className = '', dash = '' }: { readonly className?: string; readonly dash?: string } = {},
): Markup {
  let path = '';
  let isDown = false;
  for (let i = 0; i < xs.length; i++) {
    const [px, py] = [placeOf(xs[i], x), placeOf(ys[i], y)];
    const isPoint = Number.isFinite(px) && Number.isFinite(py);
    if (isPoint) path += `${isDown ? 'L' : 'M'}${along(px)} ${down(py)}`;
    isDown = isPoint;
  }
  return markup`<path class="curve ${className}" style="stroke:var(--${color})${dash && `;stroke-dasharray:${dash}`}" d="${path}"/>`;
}

/** The area between minima and maxima; what is missing is left out. */
export function band(
  color: string,
  xs: ArrayLike<number>,
  lows: ArrayLike<number>,
  highs: ArrayLike<number>,
  { x, y }: { readonly x: Axis; readonly y: Axis },
): Markup {
  let path = '';
  for (let start = 0; start < xs.length;) {
    let end = start;
    while (end < xs.length && Number.isFinite(placeOf(lows[end], y) + placeOf(highs[end], y))) end++;
    if (end - start > 1) {
      const upper = Array.from({ length: end - start }, (_, i) => start + i);
      const there = upper.map((i) => `${along(placeOf(xs[i], x))} ${down(placeOf(highs[i], y))}`);
      const back = upper.reverse().map((i) => `${along(placeOf(xs[i], x))} ${down(placeOf(lows[i], y))}`);
      path += `M${[...there, ...back].join('L')}Z`;
    }
    start = end + 1;
  }
  return markup`<path class="band" style="fill:var(--${color})" d="${path}"/>`;
}

/** A point with what it says when it is pointed at. */
export function mark(
  color: string,
  atX: number,
  atY: number,
  { x, y }: { readonly x: Axis; readonly y: Axis },
  text: string,
): Markup {
  const place = placeOf(atY, y);
  if (!(place >= 0 && place <= 1)) return markup``;
  return markup`<circle cx="${percent(placeOf(atX, x))}" cy="${percent(1 - place)}" r="2.5" style="fill:var(--${color})"><title>${text}</title></circle>`;
}

/** A legend of lines: a stroke of each colour and what it is. */
export function legend(entries: readonly { color: string; text: Content; className?: string }[]): Markup {
  const items = entries.map(
    ({ color, text, className }) =>
      markup`<li><span class="swatch ${className}" style="--swatch:var(--${color})"></span>${text}</li>`,
  );
  return markup`<ul class="legend">${items}</ul>`;
}

function horizontalTick(place: number, label: string): Markup {
  const at = percent(1 - place);
  return markup`<line class="grid" x1="0" x2="100%" y1="${at}" y2="${at}"/><text class="tick end" x="-8" y="${at}" dy="4">${label}</text>`;
}

function verticalTick(place: number, label: string): Markup {
  const at = percent(place);
  const anchor = place > 0.96 ? 'end' : place < 0.04 ? 'start' : 'middle';
  return markup`<line class="notch" x1="${at}" x2="${at}" y1="100%" y2="100%" /><text class="tick ${anchor}" x="${at}" y="100%" dy="17">${label}</text>`;
}

function referenceLine(place: number, color: string): Markup {
  if (!(place >= 0 && place <= 1)) return markup``;
  const at = percent(1 - place);
  return markup`<line class="reference" x1="0" x2="100%" y1="${at}" y2="${at}" style="stroke:var(--${color})"/>`;
}

/** Names that would stand over one another move apart. */
function labelsOf(labels: readonly PlotLabel[], y: Axis, height: number): Markup[] {
  const shown = labels
    .map((label) => ({ ...label, at: (1 - placeOf(label.value, y)) * height }))
    .filter(({ at }) => at >= -1 && at <= height + 1)
    .sort((one, other) => one.at - other.at);
  const places = labelPlaces(
    shown.map(({ at }) => at),
    LABEL_HEIGHT,
    -LABEL_HEIGHT,
    height + LABEL_HEIGHT,
  );
  return shown.map(({ name, number, color }, index) => {
    const extra = number === undefined ? undefined : markup`<tspan class="number"> ${number}</tspan>`;
    return markup`<text class="name" x="100%" y="${places[index].toFixed(1)}" dx="7" dy="4" style="fill:var(--${color})">${name}${extra}</text>`;
  });
}

function along(place: number): string {
  return (place * SPAN).toFixed(1);
}

function down(place: number): string {
  return ((1 - place) * SPAN).toFixed(1);
}

function percent(place: number): string {
  return `${(place * 100).toFixed(2)}%`;
}
