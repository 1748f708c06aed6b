import { interpolated } from '../../../common/colorScale.ts';
import { divergingColor, groundOf } from '../../charts/divergingScale.ts';
import { paintPixels } from '../../charts/tapeCanvas.ts';
import { indexShownAt, largestMagnitude, norm, stripColumns } from '../../charts/tapeStrip.ts';
import { element, icon, setAttribute, setText } from '../../dom.ts';
import { SpokenValue } from '../spokenValue.ts';
import type { PanelContext } from '../view.ts';
import { mathElement } from './mathElement.ts';
import { axisLabel, entryName } from './entryNames.ts';
import type { SymbolOf, VectorShown } from './shownVectors.ts';
import { formatValue } from './values.ts';
import { ValueTable } from './valueTable.ts';

const PAGE = 10;

/** A vector: its name, norm and range, a strip of colours that is read by pointer and keys, and its numbers on demand. */
export class VectorStrip {
  readonly element: HTMLElement;
  readonly #context: PanelContext;
  readonly #symbolOf: SymbolOf;
  readonly #canvas = element('canvas', { class: 'strip-canvas' });
  readonly #strip: HTMLElement;
  readonly #spoken: SpokenValue;
  readonly #caret = element('div', { class: 'strip-caret', hidden: true });
  readonly #norm: HTMLElement;
  readonly #low = element('span', { class: 'strip-end' });
  readonly #high = element('span', { class: 'strip-end' });
  readonly #reading: HTMLElement;
  readonly #toggle: HTMLButtonElement;
  #table: ValueTable | undefined;
  #shown: VectorShown;
  #at = 0;

  constructor(context: PanelContext, vector: VectorShown, symbolOf: SymbolOf) {
    this.#context = context;
    this.#symbolOf = symbolOf;
    this.#shown = vector;
    const { key, markup, label } = vector;
    this.#norm = element('span', { class: 'vector-norm', 'data-testid': `vector-${key}-norm` });
    this.#reading = element('span', { class: 'reading-out', 'data-testid': `vector-${key}-reading` });
    this.#toggle = element(
      'button',
      { type: 'button', class: 'quiet', 'aria-expanded': 'false', 'data-testid': `vector-${key}-table` },
      icon('table'),
    );
    this.#strip = element(
      'div',
      { class: 'strip', tabindex: '0', role: 'slider', 'data-testid': `vector-${key}-strip` },
      this.#canvas,
      this.#caret,
    );
    this.#spoken = new SpokenValue(this.#strip);
    setAttribute(this.#toggle, 'aria-label', `Numbers of ${markup}`);
    this.#toggle.title = 'Numbers, to be sorted';
    this.element = element(
      'div',
      { class: 'vector', 'data-testid': `vector-${key}` },
      element(
        'div',
        { class: 'vector-head' },
        mathElement({ markup }),
        ...(label === undefined ? [] : [element('span', { class: 'vector-label' }, label)]),
        this.#norm,
        this.#reading,
        this.#toggle,
      ),
      element('div', { class: 'strip-row' }, this.#low, this.#strip, this.#high),
    );
    this.#listen();
  }

  update(vector: VectorShown): void {
    this.#shown = vector;
    const { values, markup } = vector;
    const size = norm(values);
    setText(this.#norm, `norm ${formatValue(size)}`);
    setAttribute(this.#norm, 'data-value', String(size));
    setAttribute(this.#norm, 'title', String(size));
    this.#at = Math.min(this.#at, values.length - 1);
    setAttribute(this.#strip, 'aria-label', `${markup}, ${values.length} numbers`);
    setAttribute(this.#strip, 'aria-valuemin', '0');
    setAttribute(this.#strip, 'aria-valuemax', String(values.length - 1));
    this.#table?.update(values);
    this.#paint();
    this.#tell();
  }

  #paint(): void {
    const { values, largest = largestMagnitude(values) } = this.#shown;
    // Probabilities and the slope of tanh have no sign: for them the scale begins at zero.
    const isSigned = this.#shown.isUnsigned !== true;
    setText(this.#low, isSigned ? formatValue(-largest) : '0');
    setText(this.#high, formatValue(largest));
    const width = Math.max(1, Math.round(this.#strip.clientWidth * devicePixelRatio));
    const columns = stripColumns(values, Math.min(values.length, width));
    const ground = groundOf(this.#context.theme.background);
    const colorOf = (value: number): [number, number, number] =>
      isSigned ? divergingColor(largest === 0 ? 0 : value / largest, ground) : interpolated(value / (largest || 1));
    paintPixels(this.#canvas, columns.length, 1, (pixels) => {
      columns.forEach((value, x) => {
        const [red, green, blue] = colorOf(value);
        pixels[x] = Number.isNaN(value) ? 0 : ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
      });
    });
  }

  #listen(): void {
    this.#strip.addEventListener('pointermove', (event) => {
      const { left, width } = this.#strip.getBoundingClientRect();
      const columns = this.#canvas.width;
      const column = Math.floor(((event.clientX - left) / width) * columns);
      this.#point(indexShownAt(this.#shown.values, Math.min(Math.max(column, 0), columns - 1), columns));
    });
    this.#strip.addEventListener('pointerleave', () => this.#leave());
    this.#strip.addEventListener('blur', () => this.#leave());
    this.#strip.addEventListener('focus', () => this.#point(this.#at));
    this.#strip.addEventListener('keydown', (event) => {
      const to = this.#target(event.key);
      if (to === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      this.#point(Math.min(Math.max(to, 0), this.#shown.values.length - 1));
    });
    this.#toggle.addEventListener('click', () => this.#toggleTable());
    this.element.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || this.#table === undefined) return;
      event.stopPropagation();
      this.#toggleTable();
      this.#toggle.focus();
    });
  }

  #target(key: string): number | undefined {
    const last = this.#shown.values.length - 1;
    const targets: Readonly<Record<string, number>> = {
      ArrowLeft: this.#at - 1,
      ArrowRight: this.#at + 1,
      PageUp: this.#at + PAGE,
      PageDown: this.#at - PAGE,
      Home: 0,
      End: last,
    };
    return targets[key];
  }

  #point(index: number): void {
    this.#at = index;
    this.#caret.hidden = false;
    this.#caret.style.left = `${((index + 0.5) / this.#shown.values.length) * 100}%`;
    this.#tell();
  }

  #leave(): void {
    this.#caret.hidden = true;
    this.#tell();
  }

  #tell(): void {
    const { values, axis } = this.#shown;
    const value = values[this.#at];
    const text = `${axisLabel(axis)} ${entryName(axis, this.#at, this.#symbolOf)}: ${formatValue(value)}`;
    this.#spoken.set(this.#at, text);
    setText(this.#reading, this.#caret.hidden ? '' : text);
    setAttribute(this.#strip, 'title', this.#caret.hidden ? '' : String(value));
  }

  #toggleTable(): void {
    const { axis, markup, values } = this.#shown;
    if (this.#table === undefined) {
      this.#table = new ValueTable(`Numbers of ${markup}`, axisLabel(axis), (index) =>
        entryName(axis, index, this.#symbolOf),
      );
      this.#table.update(values);
      this.element.append(this.#table.element);
    } else {
      this.#table.element.remove();
      this.#table = undefined;
    }
    setAttribute(this.#toggle, 'aria-expanded', String(this.#table !== undefined));
  }
}
