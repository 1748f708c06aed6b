import { errorName } from '../../../network/network.ts';
import type { Matrix } from '../../../protocol/study.ts';
import { groundOf } from '../../charts/divergingScale.ts';
import type { PictureData } from '../../charts/pictureData.ts';
import { paintPixels } from '../../charts/tapeCanvas.ts';
import {
  cellAt,
  movedMatrix,
  paintMatrix,
  revealedCell,
  wholeMatrix,
  zoomedMatrix,
  type MatrixSpan,
} from '../../charts/tapeMatrix.ts';
import { largestMagnitude, norm } from '../../charts/tapeStrip.ts';
import { element, setAttribute, setText, show } from '../../dom.ts';
import { isMatrixOf } from '../../state/matrixPlace.ts';
import type { StepDetail } from '../../../protocol/study.ts';
import { quietButton } from '../controls.ts';
import { Figure } from '../figure.ts';
import { Inputs, type PanelContext } from '../view.ts';
import { axisLabel, entryName } from './entryNames.ts';
import { markedUnit } from './followedUnit.ts';
import { matrixFact } from './matrixFacts.ts';
import { matricesOf, type MatrixDescription } from './matrices.ts';
import { matrixData } from './matrixData.ts';
import { SignedLegend } from './matrixLegend.ts';
import { mathText } from './mathMarkup.ts';
import { symbolsOf } from './tapeText.ts';
import { formatValue } from './values.ts';

const ZOOM = 0.7;
const ZOOM_PER_WHEEL_PIXEL = 0.002;
const PAN_SHARE = 0.5;
/** A pointer that was moved so far between press and release has dragged. */
const DRAG_PIXELS = 4;

/** One matrix of the chosen time step as a heat map that is zoomed into and read cell by cell. */
export class MatrixView {
  readonly element: HTMLElement;
  readonly #context: PanelContext;
  readonly #figure: Figure;
  readonly #legend = new SignedLegend(
    'Linear, the same on both sides of zero; its ends are the largest |value| of the matrix.',
  );
  readonly #reading = element('span', { class: 'reading-out', 'data-testid': 'matrix-reading' });
  readonly #norm = element('span', { 'data-testid': 'matrix-norm' });
  readonly #fact = element('p', { class: 'step-fact', 'data-testid': 'matrix-fact' });
  readonly #caret = element('div', { class: 'matrix-caret', hidden: true });
  readonly #followedRow = element('div', { class: 'matrix-followed', hidden: true });
  readonly #followedColumn = element('div', { class: 'matrix-followed', hidden: true });
  readonly #inputs = new Inputs();
  readonly #matrices: ReadonlyMap<string, MatrixDescription>;
  #matrix: Matrix | undefined;
  #largest = 0;
  #span: MatrixSpan = wholeMatrix({ rows: 1, columns: 1 });
  #at = { row: 0, column: 0 };
  #pressedAt: readonly [x: number, y: number] = [0, 0];
  #drag: { readonly x: number; readonly y: number; readonly span: MatrixSpan } | undefined;

  constructor(context: PanelContext) {
    this.#context = context;
    this.#matrices = matricesOf(context.network);
    this.#figure = new Figure(
      {
        id: 'matrix',
        title: 'Matrix',
        note: '',
        question: 'Which units and classes carry this matrix?',
        help:
          'Rows downwards, columns to the right; orange is positive, blue negative, grey zero. Stripes along rows or columns show which units or classes carry a matrix of rank one; ' +
          'where several cells share a pixel the one farthest from zero is shown. A click on an element of a parameter, or of its contribution, follows that weight to the optimizer’s step below. Drag moves, plus, minus or Ctrl and the wheel zoom, a double click shows all.',
        controls: [
          quietButton('Zoom out', 'matrix-zoom-out', 'zoom-out', () => this.#zoom(1 / ZOOM)),
          quietButton('Zoom in', 'matrix-zoom-in', 'zoom-in', () => this.#zoom(ZOOM)),
          quietButton('Whole matrix', 'matrix-whole', 'screen-full', () => this.#showAll()),
        ],
        keys: 'Arrow keys walk the cells, with Shift they move the picture; plus and minus zoom; 0 shows the whole matrix; Enter follows the weight to the optimizer’s step.',
        data: () => this.#data(),
        numbers: () => this.#matrix?.values.length ?? 0,
      },
      context,
    );
    this.element = this.#figure.element;
    this.#figure.legend.append(this.#norm, this.#reading, this.#legend.element);
    this.#figure.surface.append(this.#followedRow, this.#followedColumn, this.#caret);
    this.#figure.footer.append(this.#fact);
    this.#listen();
  }

  /** Shows a matrix of the time step; undefined while it is on its way. */
  update(matrix: Matrix | undefined, numbers: StepDetail): void {
    const { theme, state } = this.#context;
    const isHere = matrix !== undefined && isMatrixOf(this.#context.network, matrix, numbers);
    this.element.toggleAttribute('data-stale', !isHere);
    if (!isHere) return show(this.#fact, false);
    const { clientWidth } = this.#figure.surface;
    this.#showFact(matrix, numbers);
    this.follow();
    // A parameter is the same at every time step; one of millions of numbers is not drawn again for each of them.
    if (!this.#inputs.changed(matrix, theme, clientWidth, state.run?.description.facts)) return;
    if (this.#matrix?.name !== matrix.name || this.#matrix.rows !== matrix.rows) this.#span = wholeMatrix(matrix);
    this.#matrix = matrix;
    this.#largest = largestMagnitude(matrix.values);
    this.#at = {
      row: Math.min(this.#at.row, matrix.rows - 1),
      column: Math.min(this.#at.column, matrix.columns - 1),
    };
    this.#describe(matrix);
    this.#legend.update(this.#largest, theme);
    this.#draw();
  }

  #showFact(matrix: Matrix, numbers: StepDetail): void {
    const fact = matrixFact(this.#context.network, matrix, numbers);
    setText(this.#fact, fact ?? '');
    show(this.#fact, fact !== undefined);
  }

  #describe(matrix: Matrix): void {
    const description = this.#matrices.get(matrix.name);
    if (description === undefined) return;
    const { markup, rows, columns, meaning } = description;
    const name = mathText({ markup });
    const size = norm(matrix.values);
    this.#figure.setNote(
      `${name}: ${meaning}; ${matrix.rows} rows (${axisLabel(rows)}) × ${matrix.columns} columns (${axisLabel(columns)})`,
    );
    setText(this.#norm, `norm ${formatValue(size)}`);
    setAttribute(this.#norm, 'data-value', String(size));
    setAttribute(this.#norm, 'title', String(size));
    this.#figure.describe(`${name}, ${meaning}, ${matrix.rows} × ${matrix.columns}, norm ${formatValue(size)}`);
  }

  #draw(): void {
    const matrix = this.#matrix;
    if (matrix === undefined) return;
    const { clientWidth, clientHeight } = this.#figure.surface;
    const { fromRow, toRow, fromColumn, toColumn } = this.#span;
    const width = Math.min(toColumn - fromColumn, Math.round(clientWidth * devicePixelRatio));
    const height = Math.min(toRow - fromRow, Math.round(clientHeight * devicePixelRatio));
    const ground = groundOf(this.#context.theme.background);
    paintPixels(this.#figure.canvas, width, height, (pixels) =>
      paintMatrix(pixels, width, height, matrix, this.#span, this.#largest, ground),
    );
    this.#placeCaret();
    this.follow();
  }

  /** Marks the row and the column of the unit that is pointed at or followed. */
  follow(): void {
    const described = this.#matrix && this.#matrices.get(this.#matrix.name);
    const unit = markedUnit(this.#context.state);
    const { fromRow, toRow, fromColumn, toColumn } = this.#span;
    const place = (
      mark: HTMLElement,
      from: number,
      to: number,
      sides: readonly ['top' | 'left', 'height' | 'width'],
    ) => {
      const layer = mark === this.#followedRow ? described?.rowLayer : described?.columnLayer;
      const isHere = unit !== undefined && unit.layer === layer && unit.index >= from && unit.index < to;
      mark.hidden = !isHere;
      if (!isHere) return;
      mark.style[sides[0]] = `${((unit.index - from) / (to - from)) * 100}%`;
      mark.style[sides[1]] = `${100 / (to - from)}%`;
    };
    place(this.#followedRow, fromRow, toRow, ['top', 'height']);
    place(this.#followedColumn, fromColumn, toColumn, ['left', 'width']);
  }

  #placeCaret(): void {
    const { fromRow, toRow, fromColumn, toColumn } = this.#span;
    const { row, column } = this.#at;
    const isInSight = row >= fromRow && row < toRow && column >= fromColumn && column < toColumn;
    if (!isInSight) this.#caret.hidden = true;
    const { style } = this.#caret;
    style.left = `${((column - fromColumn) / (toColumn - fromColumn)) * 100}%`;
    style.top = `${((row - fromRow) / (toRow - fromRow)) * 100}%`;
    style.width = `${100 / (toColumn - fromColumn)}%`;
    style.height = `${100 / (toRow - fromRow)}%`;
  }

  #point(row: number, column: number): void {
    const matrix = this.#matrix;
    const description = matrix && this.#matrices.get(matrix.name);
    if (matrix === undefined || description === undefined) return;
    this.#at = { row, column };
    this.#caret.hidden = false;
    this.#placeCaret();
    const { rows, columns } = description;
    const symbolOf = symbolsOf(this.#context.state.run?.description.facts);
    const value = matrix.values[row * matrix.columns + column];
    setText(
      this.#reading,
      `row ${entryName(rows, row, symbolOf)}, column ${entryName(columns, column, symbolOf)}: ${formatValue(value)}`,
    );
    setAttribute(this.#reading, 'data-value', String(value));
    setAttribute(this.#reading, 'title', String(value));
    this.#legend.point(this.#largest === 0 ? 0 : value / this.#largest);
  }

  #leave(): void {
    this.#caret.hidden = true;
    setText(this.#reading, '');
    this.#legend.point(NaN);
  }

  #zoom(factor: number): void {
    if (this.#matrix === undefined) return;
    this.#span = zoomedMatrix(this.#span, this.#matrix, factor, this.#at.row, this.#at.column);
    this.#draw();
  }

  #showAll(): void {
    if (this.#matrix === undefined) return;
    this.#span = wholeMatrix(this.#matrix);
    this.#draw();
  }

  #listen(): void {
    const { surface } = this.#figure;
    surface.setAttribute('data-testid', 'matrix');
    surface.addEventListener('pointerdown', (event) => {
      surface.setPointerCapture(event.pointerId);
      this.#drag = { x: event.clientX, y: event.clientY, span: this.#span };
      this.#pressedAt = [event.clientX, event.clientY];
    });
    surface.addEventListener('pointermove', (event) => this.#pointerMove(event));
    for (const end of ['pointerup', 'pointercancel'] as const) {
      surface.addEventListener(end, () => (this.#drag = undefined));
    }
    surface.addEventListener('click', (event) => this.#click(event));
    surface.addEventListener('pointerleave', () => this.#leave());
    surface.addEventListener('blur', () => this.#leave());
    surface.addEventListener('dblclick', () => this.#showAll());
    surface.addEventListener('keydown', (event) => this.#keyDown(event));
    surface.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
  }

  #pointerMove(event: PointerEvent): void {
    const { left, top, width, height } = this.#figure.surface.getBoundingClientRect();
    const drag = this.#drag;
    if (drag !== undefined && this.#matrix !== undefined) {
      const { fromRow, toRow, fromColumn, toColumn } = drag.span;
      const down = Math.round(((drag.y - event.clientY) / height) * (toRow - fromRow));
      const right = Math.round(((drag.x - event.clientX) / width) * (toColumn - fromColumn));
      this.#span = movedMatrix(drag.span, this.#matrix, down, right);
      this.#draw();
    }
    const { row, column } = cellAt(this.#span, (event.clientY - top) / height, (event.clientX - left) / width);
    this.#point(row, column);
  }

  /** What ends a drag is no click. */
  #click({ clientX, clientY }: MouseEvent): void {
    const [x, y] = this.#pressedAt;
    if (Math.hypot(clientX - x, clientY - y) < DRAG_PIXELS) this.#followWeight();
  }

  /** Follows the update of the weight that is pointed at, where this is a parameter or its contribution. */
  #followWeight(): void {
    const { network, state } = this.#context;
    const name = this.#matrix?.name;
    const weight = network.parameters.find((parameter) =>
      [parameter.name, errorName(parameter.name)].includes(name ?? ''),
    );
    if (weight !== undefined) state.study.chooseWeight({ parameter: weight.name, element: { ...this.#at } });
  }

  #wheel(event: WheelEvent): void {
    if (!event.ctrlKey && !event.metaKey && !this.#figure.surface.matches(':focus')) return;
    event.preventDefault();
    this.#zoom(Math.exp(event.deltaY * ZOOM_PER_WHEEL_PIXEL));
  }

  #keyDown(event: KeyboardEvent): void {
    const matrix = this.#matrix;
    if (matrix === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const arrows: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
    };
    if (event.key in arrows) this.#step(matrix, arrows[event.key], event.shiftKey);
    else if (event.key === '+' || event.key === '=') this.#zoom(ZOOM);
    else if (event.key === '-') this.#zoom(1 / ZOOM);
    else if (event.key === '0') this.#showAll();
    else if (event.key === 'Enter') this.#followWeight();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #step(matrix: Matrix, [rows, columns]: readonly [number, number], isMoving: boolean): void {
    const { fromRow, toRow, fromColumn, toColumn } = this.#span;
    if (isMoving) {
      const byRows = Math.round(rows * (toRow - fromRow) * PAN_SHARE);
      const byColumns = Math.round(columns * (toColumn - fromColumn) * PAN_SHARE);
      this.#span = movedMatrix(this.#span, matrix, byRows, byColumns);
      return this.#draw();
    }
    const row = Math.min(Math.max(this.#at.row + rows, 0), matrix.rows - 1);
    const column = Math.min(Math.max(this.#at.column + columns, 0), matrix.columns - 1);
    this.#span = revealedCell(this.#span, matrix, row, column);
    this.#draw();
    this.#point(row, column);
  }

  #data(): PictureData | undefined {
    const { run } = this.#context.state;
    return run === undefined || this.#matrix === undefined ? undefined : matrixData(this.#matrix, run);
  }
}
