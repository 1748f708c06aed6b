import { CELLS } from '../../../../network/cells.ts';
import { type Activation, type Equation, readRef, type Ref } from '../../../../network/description.ts';
import { networkFrom, type NetworkEquation, type Parameter } from '../../../../network/network.ts';
import { type Place, placesOf, type TorchNetwork } from '../names.ts';

/** The equations of a network as `train.py` writes them: for people, and as Python. */

/** Where the parameters of an equation stand after it, at least. */
const COLUMN = 41;

/** The equations of a time step, and by what names PyTorch keeps their parameters. */
export function equationLines(network: TorchNetwork): string {
  const places = [...placesOf(network)];
  const lines = network.equations.flatMap((equation) => {
    if ('softmax' in equation) return [];
    const said = `${equation.gives}(t) = ${saidOf(equation)}`;
    const kept = places
      .filter(([{ of }]) => of === equation.gives)
      .map(([parameter, place]) => keptIn(parameter, place));
    return [{ said, kept: kept.join(', ') }];
  });
  const widths = lines.filter(({ kept }) => kept !== '').map(({ said }) => said.length + 2);
  const column = Math.max(COLUMN, ...widths);
  return lines.map(({ said, kept }) => `    ${kept === '' ? said : said.padEnd(column)}${kept}`).join('\n');
}

/** `rnn.weight_ih_l0 (H, V)`; of a stacked matrix with its rows, `rnn.weight_ih_l0[H:2H] (H, V)`. */
function keptIn({ axes }: Parameter, { tensor, block, blocks }: Place): string {
  const times = (count: number): string => (count === 0 ? '0' : count === 1 ? 'H' : `${count}H`);
  const rows = blocks === 1 ? '' : `[${times(block)}:${times(block + 1)}]`;
  return `${tensor}${rows} (${axes.join(', ')})`;
}

function saidOf(equation: Exclude<NetworkEquation, { softmax: unknown }>): string {
  if ('apply' in equation) return `${equation.apply} ${timed(equation.to)}`;
  if ('affine' in equation) {
    return [...equation.affine.map(([weight, of]) => `${weight} ${timed(of)}`), equation.bias].join(' + ');
  }
  return equation.sum.map((factors) => factors.map(timed).join(' * ')).join(' + ');
}

function timed(ref: Ref): string {
  const { name, isBefore, isLeft } = readRef(ref);
  const said = `${name}(${isBefore ? 't-1' : 't'})`;
  return isLeft ? `(1 - ${said})` : said;
}

/** What a time step is, by name, of whatever a parameter multiplies: `a(t-1)` of the step before. */
export function keyOf(ref: Ref): string {
  const { name, isBefore } = readRef(ref);
  return isBefore ? `${name}(t-1)` : name;
}

/** Each function in Python, and which of the numbers that it gave are saturated, as `model/activations.ts` says it. */
export const FUNCTIONS: Readonly<Record<Activation, string>> = {
  tanh: 'torch.tanh',
  sigmoid: 'torch.sigmoid',
  relu: 'torch.relu',
};

/** The quantities of every layer, by their plain names, in the order of the forward pass. */
export function layerEquations({ cell }: TorchNetwork): readonly Equation[] {
  return networkFrom(CELLS[cell], 1).layerEquations;
}

/** What a layer carries from one time step to the next, by its plain name. */
export function layerStates({ cell }: TorchNetwork): readonly string[] {
  return CELLS[cell].states;
}

/** The assignments of a time step of a layer, a line each; `W` has the layer's parameters. */
export function assignments(network: TorchNetwork): string[] {
  return layerEquations(network).map((equation) => `${equation.gives} = ${pythonOf(equation)}`);
}

function pythonOf(equation: Equation): string {
  if ('apply' in equation) return `${FUNCTIONS[equation.apply]}(${variable(equation.to)})`;
  if ('affine' in equation) {
    const products = equation.affine.map(([weight, of]) => `F.linear(${variable(of)}, W["${weight}"])`);
    return [...products, `W["${equation.bias}"]`].join(' + ');
  }
  return equation.sum.map((factors) => factors.map(variable).join(' * ')).join(' + ');
}

function variable(ref: Ref): string {
  const { name, isBefore, isLeft } = readRef(ref);
  const own = isBefore ? before(name) : name;
  return isLeft ? `(1 - ${own})` : own;
}

/** The variable of a state of the time step before. */
export function before(state: string): string {
  return `${state}_before`;
}

/** No line of Python is longer than this. */
const LINE = 120;

/**
 * The rest of a statement that begins with `start`: the items of a list or dict in brackets, on the same line or on as many as they need.
 * @param indent of the statement.
 */
export function bracketed(start: string, items: readonly string[], [open, close]: '[]' | '{}', indent = 0): string {
  const whole = `${' '.repeat(indent)}${start}${open}${items.join(', ')}${close}`;
  if (whole.length <= LINE) return whole;
  const lines: string[] = [];
  for (const item of items) {
    const last = lines.at(-1);
    const longer = `${last} ${item},`;
    if (last !== undefined && indent + 4 + longer.length <= LINE) lines[lines.length - 1] = longer;
    else lines.push(`${item},`);
  }
  const inner = lines.map((line) => `${' '.repeat(indent + 4)}${line}\n`).join('');
  return `${' '.repeat(indent)}${start}${open}\n${inner}${' '.repeat(indent)}${close}`;
}
