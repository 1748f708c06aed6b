import { interpolated } from '../../common/colorScale.ts';
import type { DecadeScale } from '../../common/decadeScale.ts';
import { luminance } from './divergingScale.ts';
import type { Sheet } from './tapeCanvas.ts';
import { symbolInCell } from './tapeSymbol.ts';
import { leftOf, numberEvery, stepsInSight, type TapeSpan } from './tapeLayout.ts';
import type { PathScale } from './pathScale.ts';
import { drawGates, drawPath, type PathNumbers } from './tapePaths.ts';
import { bottomOf, INPUT, LANE_GAP, NUMBERS, PREDICTED, type Strip, TARGET, type TapeRows } from './tapeRows.ts';
import type { ChartTheme } from './theme.ts';

/**
 * Draws the tape: of each time step its characters, coloured by the error that reaches it, and under them for every state what it
 * carries on from left to right and the error that flows from right to left.
 */

/** Room at the left for the names of the rows. */
export const TAPE_GUTTER = 76;

/** Below these widths of a cell its numbers, characters or arrowheads would run into each other. */
const NUMBER_PIXELS = 34;
const CHARACTER_PIXELS = 7;
const ARROW_PIXELS = 16;
const GAP = 1;

/** What is drawn of every time step. */
export interface TapeCells {
  /** Made visible. */
  readonly inputs: readonly string[];
  readonly targets: readonly string[];
  readonly predicted: readonly string[];
  readonly isRight: readonly boolean[];
  /** (T): the norm of the error that reaches the time step. */
  readonly errorNorm: ArrayLike<number>;
  /** As many as there are lanes of rows, from top to bottom. */
  readonly lanes: readonly TapeLane[];
}

/** What is drawn of one state. */
export interface TapeLane extends PathNumbers {
  readonly names: { readonly path: string; readonly gates: string; readonly future: string; readonly own: string };
  /** (T): the norms of the two parts of its error. */
  readonly ownNorm: ArrayLike<number>;
  readonly futureNorm: ArrayLike<number>;
}

export interface TapeMarks {
  readonly chosen: number | undefined;
  readonly pointed: number | null;
}

interface Drawing extends Sheet {
  readonly theme: ChartTheme;
  readonly span: TapeSpan;
  readonly cells: TapeCells;
  readonly rows: TapeRows;
  readonly scale: DecadeScale;
  readonly pathScale: PathScale;
}

export function drawTape(drawing: Drawing, marks: TapeMarks): void {
  const { context, span, width, height } = drawing;
  drawRowNames(drawing);
  context.save();
  context.beginPath();
  context.rect(TAPE_GUTTER, 0, width - TAPE_GUTTER, height);
  context.clip();
  const { from, to } = stepsInSight(span);
  for (let t = from; t < to; t++) drawCell(drawing, t);
  if (marks.pointed !== null) outline(drawing, marks.pointed, 1, drawing.theme.muted);
  if (marks.chosen !== undefined) outline(drawing, marks.chosen, 2, drawing.theme.ink);
  context.restore();
}

function drawRowNames({ context, theme, width, cells, rows, pathScale }: Drawing): void {
  context.font = `${theme.fontSize}px ${theme.font}`;
  context.fillStyle = theme.muted;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  const write = (name: string, { top, height }: Strip): void =>
    context.fillText(name, TAPE_GUTTER - 8, top + height / 2);
  write('t', NUMBERS);
  write('reads x(t)', INPUT);
  write('target y(t)', TARGET);
  write('predicts', PREDICTED);
  rows.lanes.forEach(({ path, gates, future, own }, index) => {
    const { names, state } = cells.lanes[index];
    if (path !== undefined) {
      write(names.path, { top: path.top, height: path.height / 2 });
      write(`0 … ${pathScale.top(state)}`, { top: path.top + path.height / 2, height: path.height / 2 });
      context.save();
      context.fillStyle = theme.grid;
      context.fillRect(0, path.top - LANE_GAP / 2, width, 1);
      context.restore();
    }
    if (gates !== undefined) write(names.gates, gates);
    write(names.future, future);
    write(names.own, own);
  });
}

function drawCell(drawing: Drawing, t: number): void {
  const { context, span, theme, cells } = drawing;
  const left = TAPE_GUTTER + leftOf(t, span);
  const middle = left + span.cell / 2;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  if (t % numberEvery(span.cell, NUMBER_PIXELS) === 0) {
    context.font = `${theme.fontSize}px ${theme.font}`;
    context.fillStyle = theme.muted;
    context.fillText(String(t), middle, NUMBERS.top + NUMBERS.height / 2);
  }
  drawInput(drawing, t, left, middle);
  drawPrediction(drawing, t, left, middle);
  const { scale, rows, pathScale } = drawing;
  rows.lanes.forEach(({ path, gates, future, own }, index) => {
    const lane = cells.lanes[index];
    if (path !== undefined) drawPath(drawing, lane, pathScale, path, t, left);
    if (gates !== undefined) drawGates(drawing, lane, gates, t, left);
    drawFlow(drawing, future, t, left, scale.position(lane.futureNorm[t]));
    drawOwn(drawing, own, left, scale.position(lane.ownNorm[t]));
  });
}

function drawInput({ context, span, theme, cells, scale }: Drawing, t: number, left: number, middle: number): void {
  const position = scale.position(cells.errorNorm[t]);
  const color = interpolated(Number.isNaN(position) ? 0 : position);
  const gap = span.cell > 4 ? GAP : 0;
  context.fillStyle = Number.isNaN(position) ? theme.grid : `rgb(${color.join(' ')})`;
  context.fillRect(left, INPUT.top, span.cell - gap, INPUT.height);
  if (span.cell < CHARACTER_PIXELS) return;
  // On the light half of the colours dark characters are read better.
  context.fillStyle = Number.isNaN(position) ? theme.ink : luminance(color) > 0.2 ? '#000' : '#fff';
  const at = { x: middle - gap / 2, y: INPUT.top + INPUT.height / 2 + 1 };
  drawSymbol(context, cells.inputs[t], at, {
    largest: theme.fontSize + 6,
    width: span.cell - gap,
    font: theme.monospace,
  });
}

/** The target, and under it the prediction with its mark: underlined where it is right, struck through where it is wrong. */
function drawPrediction({ context, span, theme, cells }: Drawing, t: number, left: number, middle: number): void {
  const isRight = cells.isRight[t];
  const mark = isRight ? theme.train : theme.validation;
  if (span.cell < CHARACTER_PIXELS) {
    context.fillStyle = mark;
    const top = isRight ? TARGET.top : PREDICTED.top;
    context.fillRect(left, top + 4, Math.max(1, span.cell - 0.5), 12);
    return;
  }
  const room = { largest: theme.fontSize + 2, width: span.cell, font: theme.monospace };
  context.fillStyle = theme.ink;
  drawSymbol(context, cells.targets[t], { x: middle, y: TARGET.top + TARGET.height / 2 }, room);
  context.fillStyle = isRight ? theme.ink : theme.muted;
  const line = PREDICTED.top + PREDICTED.height / 2;
  drawSymbol(context, cells.predicted[t], { x: middle, y: line }, room);
  context.strokeStyle = mark;
  context.lineWidth = 2;
  const half = Math.min(8, span.cell * 0.38);
  context.beginPath();
  if (isRight) {
    context.moveTo(middle - half, line + 9);
    context.lineTo(middle + half, line + 9);
  } else {
    context.moveTo(middle - half, line + 5);
    context.lineTo(middle + half, line - 5);
  }
  context.stroke();
}

/** A symbol in the middle of its cell, as large as there is room for; a byte as two digits under a line. */
function drawSymbol(
  context: CanvasRenderingContext2D,
  symbol: string,
  { x, y }: { readonly x: number; readonly y: number },
  { largest, width, font }: { readonly largest: number; readonly width: number; readonly font: string },
): void {
  const { text, isByte, size } = symbolInCell(symbol, largest, width);
  context.font = `${size}px ${font}`;
  context.fillText(text, x, y);
  if (!isByte) return;
  const half = context.measureText(text).width / 2;
  context.fillRect(x - half, Math.round(y - size * 0.62) - 0.5, 2 * half, 1);
}

/** The arrow from time step t+1 into t: as thick as the message is large. */
function drawFlow({ context, span, theme }: Drawing, strip: Strip, t: number, left: number, position: number): void {
  const center = strip.top + strip.height / 2;
  if (t === span.T - 1) return;
  const half = 0.75 + (Number.isNaN(position) ? 0 : position) * (strip.height / 2 - 5);
  const [red, green, blue] = interpolated(Number.isNaN(position) ? 0 : position);
  context.fillStyle = `rgb(${red} ${green} ${blue})`;
  const from = left + span.cell / 2;
  context.beginPath();
  if (span.cell < ARROW_PIXELS) {
    context.rect(from, center - half, span.cell + 0.5, 2 * half);
  } else {
    const head = Math.min(10, span.cell * 0.3);
    const flare = Math.min(half + 4, strip.height / 2);
    context.moveTo(from + 1, center);
    context.lineTo(from + 1 + head, center - flare);
    context.lineTo(from + 1 + head, center - half);
    context.lineTo(from + span.cell - 1, center - half);
    context.lineTo(from + span.cell - 1, center + half);
    context.lineTo(from + 1 + head, center + half);
    context.lineTo(from + 1 + head, center + flare);
    context.closePath();
  }
  context.fill();
  context.strokeStyle = theme.grid;
  context.lineWidth = 1;
  context.stroke();
}

/** The bar of the step's own error, on the same scale as the arrows. */
function drawOwn({ context, span, theme }: Drawing, strip: Strip, left: number, position: number): void {
  const share = Number.isNaN(position) ? 0 : position;
  const height = 1 + share * (strip.height - 1);
  const inset = span.cell > 8 ? span.cell * 0.25 : 0;
  const [red, green, blue] = interpolated(share);
  context.fillStyle = `rgb(${red} ${green} ${blue})`;
  context.fillRect(left + inset, strip.top + strip.height - height, span.cell - 2 * inset, height);
  context.strokeStyle = theme.grid;
  context.lineWidth = 1;
  if (span.cell > 8) context.strokeRect(left + inset, strip.top + strip.height - height, span.cell - 2 * inset, height);
}

function outline({ context, span, rows }: Drawing, t: number, lineWidth: number, color: string): void {
  context.strokeStyle = color;
  context.lineWidth = lineWidth;
  const width = Math.max(span.cell, 3);
  context.strokeRect(TAPE_GUTTER + leftOf(t, span) - 0.5, INPUT.top - 1, width, bottomOf(rows) - INPUT.top + 3);
}

/** Where the arrows into time step t begin and end, a lane each, in the pixels of the sheet: for what moves along them. */
export function flowPath(
  t: number,
  span: TapeSpan,
  { lanes }: TapeRows,
): { readonly from: number; readonly to: number; readonly ys: readonly number[] } {
  const middle = TAPE_GUTTER + leftOf(t, span) + span.cell / 2;
  return { from: middle + span.cell, to: middle, ys: lanes.map(({ future }) => future.top + future.height / 2) };
}
