import { shownLine } from '../common/foreignText.ts';
import { InputError } from '../common/inputError.ts';
import { MOMENT_NAMES } from '../common/optimizers.ts';
import { groupDigits } from '../common/written.ts';
import { operandsAt } from '../inspection/operands.ts';
import { clipFactor } from '../model/clipping.ts';
import { optimizerStep } from '../model/optimizer.ts';
import type { StreamPass } from '../model/streamPass.ts';
import type { Parameters } from '../model/tensors.ts';
import { parameterOf } from '../network/names.ts';
import { shapeOf, type Parameter } from '../network/network.ts';
import type { Asks } from '../protocol/measures.ts';
import type { Capture, WeightUpdate } from '../protocol/study.ts';
import { momentsAt } from './windowStudyCaptures.ts';
import type { BatchGradient } from './windowStudyPasses.ts';

interface Element {
  readonly parameter: Parameter;
  readonly row: number;
  readonly column: number;
}

/**
 * What the update of a captured iteration does with one element of one parameter.
 * @param pass that of the stream whose contributions are told step by step.
 * @throws {InputError} for an element that is not there, and where the optimizer's moments were not captured.
 */
export function updateNumbers(
  capture: Capture,
  pass: StreamPass,
  { gradients, totalNorm }: BatchGradient,
  asked: Pick<Asks<'update'>, 'parameter' | 'element'>,
): Omit<WeightUpdate, 'iteration' | 'stream'> {
  const { parameter, row, column } = elementOf(pass, gradients, asked);
  const { name } = parameter;
  const [rows, columns = 1] = shapeOf(parameter, pass.shape);
  const index = row * columns + column;
  const gradient = gradients[name][index];
  const { name: optimizer, learningRate, clipNorm, step } = capture.optimizer;
  const factor = clipFactor(totalNorm, clipNorm);
  const momentsBefore = momentsAt(capture, placeOf(pass, name) + index);
  // One number goes through the very step that all of them take, from 0: what comes of it is the change.
  const number = (value: number): Parameters<Float64Array> => ({ [name]: Float64Array.of(value) });
  const moments = Object.fromEntries(Object.entries(momentsBefore).map(([moment, value]) => [moment, number(value)]));
  const state = { name: optimizer, step, moments };
  const moved = number(0);
  optimizerStep(state, moved, number(gradient), learningRate, factor);
  const change = moved[name][0];
  const weightBefore = pass.parameters[name][index];
  return {
    parameter: name,
    row,
    column,
    rows,
    columns,
    N: pass.N,
    streams: capture.shape.B,
    isRead: parameter.times !== 'x' || capture.inputs.includes(column),
    byStep: Float64Array.from({ length: pass.shape.T }, (_, t) => contributionAt(pass, { parameter, row, column }, t)),
    gradient,
    totalNorm,
    clipNorm,
    clipFactor: factor,
    clipped: factor * gradient,
    optimizer,
    learningRate,
    step: state.step,
    momentsBefore,
    momentsAfter: Object.fromEntries(MOMENT_NAMES[optimizer].map((moment) => [moment, state.moments[moment][name][0]])),
    weightBefore,
    change,
    weightAfter: weightBefore + change,
  };
}

/** The element that is asked about, or the one with the largest gradient where none is named. */
function elementOf(
  { network, shape }: StreamPass,
  gradients: BatchGradient['gradients'],
  { parameter: name, element }: Pick<Asks<'update'>, 'parameter' | 'element'>,
): Element {
  if (name === null) {
    const largest = network.parameters.map((parameter) => largestOf(parameter, gradients, shape));
    return largest.reduce((best, one) => (one.size > best.size ? one : best));
  }
  const parameter = parameterOf(network, name);
  if (parameter === undefined) throw new InputError(`The network of this run has no parameter "${shownLine(name)}".`);
  if (element === null) return largestOf(parameter, gradients, shape);
  const [rows, columns = 1] = shapeOf(parameter, shape);
  const { row, column } = element;
  if (row < rows && column < columns) return { parameter, row, column };
  throw new InputError(
    `${name} has no element ${row}, ${column}: it has ${groupDigits(rows)} × ${groupDigits(columns)}, counted from 0.`,
  );
}

function largestOf(
  parameter: Parameter,
  gradients: BatchGradient['gradients'],
  shape: StreamPass['shape'],
): Element & { readonly size: number } {
  const gradient = gradients[parameter.name];
  const [, columns = 1] = shapeOf(parameter, shape);
  let at = 0;
  for (let i = 1; i < gradient.length; i++) if (Math.abs(gradient[i]) > Math.abs(gradient[at])) at = i;
  return { parameter, row: Math.floor(at / columns), column: at % columns, size: Math.abs(gradient[at]) };
}

/** Where a parameter begins among all of them, one after another. */
function placeOf({ network, parameters }: StreamPass, name: string): number {
  const before = network.parameterNames.slice(0, network.parameterNames.indexOf(name));
  return before.reduce((sum, one) => sum + parameters[one].length, 0);
}

/** The element of ∂P(t): uᵢ vⱼ, of the input's one-hot v the error itself in one column, of a bias u alone. */
function contributionAt(pass: StreamPass, { parameter, row, column }: Element, t: number): number {
  const { u, v } = operandsAt(pass, parameter, t);
  if (v === undefined) return u[row];
  if (v instanceof Int32Array) return v[0] === column ? u[row] : 0;
  return u[row] * v[column];
}
