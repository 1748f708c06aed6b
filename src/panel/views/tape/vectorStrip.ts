import { interpolated } from '../../../common/colorScale.ts';
import { divergingColor, groundOf } from '../../charts/divergingScale.ts';
import { paintPixels } from '../../charts/tapeCanvas.ts';
import { indexShownAt, largestMagnitude, norm, stripColumns } from '../../charts/tapeStrip.ts';
import { element, icon, setAttribute, setText } from '../../dom.ts';
import { SpokenValue } from '../spokenValue.ts';
import type { PanelContext } from '../view.ts';
import { mathElement } from './mathElement.ts';
import { unitName } from '../../state/unitPlace.ts';
import { axisLabel, entryName } from './entryNames.ts';
import { markedUnit, SHOW_COLUMN, toggleUnit } from './followedUnit.ts';
import type { SymbolOf, VectorShown } from './shownVectors.ts';
import { formatValue } from './values.ts';
import { ValueTable } from './valueTable.ts';

const PAGE = 10;

/**
 * A vector: its name, norm and range, a strip of colours that is read by pointer and keys, and its numbers on demand: those of hidden
 * units in the table of the cell, where one unit can be followed in one row; it is marked in the strip.
 */
export class VectorStrip {
  readonly element: HTMLElement;
  readonly #context: PanelContext;
  readonly #symbolOf: SymbolOf;
  readonly #canvas = element('canvas', { class: 'strip-canvas' });
  readonly #strip: HTMLElement;
  readonly #spoken: SpokenValue;
  readonly #caret = element('div', { class: 'strip-caret', hidden: true });
  readonly #followed = element('div', { class: 'strip-followed', hidden: true });
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
      { type: 'button', class: 'quiet', 'data-testid': `vector-${key}-table` },
      icon('table'),
    );
    this.#strip = element(
      'div',
      { class: 'strip', tabindex: '0', role: 'slider', 'data-testid': `vector-${key}-strip` },
      this.#canvas,
      this.#followed,
      this.#caret,
    );
    this.#spoken = new SpokenValue(this.#strip);
    setAttribute(this.#toggle, 'aria-label', `Numbers of ${markup}`);
    if (vector.column === undefined) setAttribute(this.#toggle, 'aria-expanded', 'false');
    this.#toggle.title = vector.column === undefined ? 'Numbers, to be sorted' : 'Numbers, in the table of the cell';
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
    this.follow();
  }

  /** Marks the unit that is pointed at or followed, anywhere on the page. */
  follow(): void {
    const followed = this.#followedIndex;
    this.#followed.hidden = followed === undefined;
    if (followed !== undefined) this.#place(this.#followed, followed);
    this.#tell();
  }

  get #followedIndex(): number | undefined {
    const { column, values } = this.#shown;
    const unit = column === undefined ? undefined : markedUnit(this.#context.state);
    return unit?.layer === column?.layer && unit !== undefined && unit.index < values.length ? unit.index : undefined;
  }

  #place(mark: HTMLElement, index: number): void {
    mark.style.left = `${((index + 0.5) / this.#shown.values.length) * 100}%`;
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
    this.#strip.addEventListener('click', () => this.#toggleUnit());
    this.#strip.addEventListener('keydown', (event) => {
      if (this.#shown.column !== undefined && (event.key === 'Enter' || event.key === ' ')) {
        event.preventDefault();
        this.#toggleUnit();
        return;
      }
      const to = this.#target(event.key);
      if (to === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      this.#point(Math.min(Math.max(to, 0), this.#shown.values.length - 1));
    });
    this.#toggle.addEventListener('click', () => this.#showNumbers());
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
    this.#place(this.#caret, index);
    this.#pointAtUnit(index);
    this.#tell();
  }

  #leave(): void {
    this.#caret.hidden = true;
    this.#pointAtUnit(undefined);
    this.#tell();
  }

  #pointAtUnit(index: number | undefined): void {
    const { column } = this.#shown;
    if (column === undefined) return;
    this.#context.state.point({ unit: index === undefined ? null : unitName({ layer: column.layer, index }) });
  }

  #toggleUnit(): void {
    const { column } = this.#shown;
    if (column !== undefined) toggleUnit(this.#context.state, { layer: column.layer, index: this.#at });
  }

  #tell(): void {
    const { values, axis } = this.#shown;
    const value = values[this.#at];
    const textOf = (index: number): string =>
      `${axisLabel(axis)} ${entryName(axis, index, this.#symbolOf)}: ${formatValue(values[index])}`;
    const text = textOf(this.#at);
    const followed = this.#followedIndex;
    this.#spoken.set(this.#at, text);
    setText(this.#reading, this.#caret.hidden ? (followed === undefined ? '' : textOf(followed)) : text);
    setAttribute(this.#strip, 'title', this.#caret.hidden ? '' : String(value));
  }

  #showNumbers(): void {
    const { column: detail } = this.#shown;
    if (detail === undefined) return this.#toggleTable();
    this.#toggle.dispatchEvent(new CustomEvent(SHOW_COLUMN, { bubbles: true, detail }));
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
