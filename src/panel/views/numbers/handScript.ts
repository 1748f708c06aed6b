import { readRef, type Activation, type Ref } from '../../../network/description.ts';
import {
  errorName,
  readersOf,
  shapeOf,
  type Network,
  type NetworkEquation,
  type Parameter,
} from '../../../network/network.ts';
import type { Numbers } from '../../../protocol/study.ts';
import { pythonArray, pythonName, pythonText } from './pythonWords.ts';

/** What the script says of where its numbers come from. */
export interface HandScriptOrigin {
  readonly fileName: string;
  readonly symbols: readonly string[];
  readonly reduction: string;
}

const FUNCTIONS: Readonly<Record<Activation, string>> = { tanh: 'np.tanh', sigmoid: 'sigmoid', relu: 'relu' };
/** The slope of each function, from what it gave. */
const SLOPES: Readonly<Record<Activation, (gave: string) => string>> = {
  tanh: (gave) => `(1 - ${gave} ** 2)`,
  sigmoid: (gave) => `${gave} * (1 - ${gave})`,
  relu: (gave) => `(${gave} > 0)`,
};
const DEFINITIONS: Readonly<Record<Activation, string>> = {
  tanh: '',
  sigmoid: 'def sigmoid(h):\n    return 1 / (1 + np.exp(-h))\n\n\n',
  relu: 'def relu(h):\n    return np.maximum(h, 0)\n\n\n',
};

/**
 * A Python script that needs NumPy alone: it holds every number of a window, computes both sides anew from the parameters, the text and the
 * states that came in, and compares what it finds with what the panel shows. Each equation stands in it as the network has it.
 */
export function handScript(
  network: Network,
  numbers: Numbers,
  { fileName, symbols, reduction }: HandScriptOrigin,
): string {
  const [{ gives: logits }, { gives: probabilities }] = network.output;
  const sizes = { V: symbols.length, H: numbers.carriedIn[network.states[0]].length };
  const used = network.layerEquations.flatMap((equation) => ('apply' in equation ? [equation.apply] : []));
  const definitions = [...new Set(used)].map((activation) => DEFINITIONS[activation]).join('');
  const quantities = network.quantities.map(({ name }) => name);
  return `# Iteration ${numbers.iteration}, stream ${numbers.stream} of ${pythonText(fileName)}: every number of the window, computed anew.
# Run it with Python 3 and NumPy. It ends with an error where a number is not the one that the panel shows.
import numpy as np

# ---- What the window starts from ----
symbols = [${symbols.map(pythonText).join(', ')}]
inputs = [${numbers.inputs.join(', ')}]  # x(t), as the place of a symbol in the list: ${said(numbers.inputs, symbols)}
targets = [${numbers.targets.join(', ')}]  # what comes next: ${said(numbers.targets, symbols)}
T = ${numbers.T}
N = ${numbers.N}  # what the sum of the losses is divided by: the loss is the ${reduction}

# The parameters before the update.
${network.parameters.map((parameter) => `${pythonName(parameter.name)} = ${pythonArray(numbers.parameters[parameter.name], columnsOf(parameter, sizes))}`).join('\n')}

# The states that come in.
${network.states.map((state) => `${pythonName(state)} = {-1: ${pythonArray(numbers.carriedIn[state])}}`).join('\n')}


${definitions}def softmax(o):
    powers = np.exp(o - o.max())
    return powers / powers.sum()


# ---- Side A, forward ----
${dictionaries([...quantities.filter((name) => !network.states.includes(name)), 'L'])}
for t in range(T):
    x = np.eye(len(symbols))[inputs[t]]
${network.equations.map((equation) => `    ${pythonName(equation.gives)}[t] = ${forwardOf(equation)}`).join('\n')}
    L[t] = -np.log(${pythonName(probabilities)}[t][targets[t]])
loss = sum(L.values()) / N

# ---- Side B, backward: d is the derivative of the loss ----
${dictionaries(quantities.filter((name) => name !== probabilities).map(errorName))}
# What goes to a state of the time step before; nothing comes from after the window.
${network.states.map((state) => `${messageOf(state)} = {T: np.zeros_like(${pythonName(state)}[-1])}`).join('\n')}
# The gradients: the sum over the time steps.
${network.parameterNames.map((name) => `${pythonName(errorName(name))} = np.zeros_like(${pythonName(name)})`).join('\n')}
for t in reversed(range(T)):
    x = np.eye(len(symbols))[inputs[t]]
    y = np.eye(len(symbols))[targets[t]]
${backwardLines(network, logits, probabilities)
  .map((line) => `    ${line}`)
  .join('\n')}

# ---- What the panel shows ----
shown = {
${shownLines(network, numbers, sizes).join('\n')}
}
found = {
${foundLines(network).join('\n')}
}
for name, number in found.items():
    difference = np.abs(np.asarray(number) - shown[name]).max()
    print(f"{name:12} {difference:.1e} is the largest difference")
    assert np.allclose(number, shown[name], rtol=1e-9, atol=1e-12), name
print(f"loss {loss:.6g}: every number is the one that the panel shows")
`;
}

/** Tables by time step, empty. */
function dictionaries(names: readonly string[]): string {
  return `${names.map(pythonName).join(', ')} = ({} for _ in range(${names.length}))`;
}

function said(ids: Int32Array, symbols: readonly string[]): string {
  return pythonText(Array.from(ids, (id) => symbols[id]).join(''));
}

function columnsOf(parameter: Parameter, sizes: Readonly<Record<'V' | 'H', number>>): number | undefined {
  const [, columns] = shapeOf(parameter, sizes);
  return columns;
}

/** What an equation reads, at this time step or the one before. */
function valueOf(ref: Ref): string {
  if (ref === 'x') return ref;
  const { name, isBefore, isLeft } = readRef(ref);
  const value = `${pythonName(name)}[t${isBefore ? ' - 1' : ''}]`;
  return isLeft ? `(1 - ${value})` : value;
}

function forwardOf(equation: NetworkEquation): string {
  if ('softmax' in equation) return `softmax(${valueOf(equation.softmax)})`;
  if ('apply' in equation) return `${FUNCTIONS[equation.apply]}(${valueOf(equation.to)})`;
  if ('sum' in equation) return equation.sum.map((factors) => factors.map(valueOf).join(' * ')).join(' + ');
  const products = equation.affine.map(([weight, of]) => `${pythonName(weight)} @ ${valueOf(of)}`);
  return [...products, pythonName(equation.bias)].join(' + ');
}

/** The steps of a time step in their order, from the logits on: errors, contributions, messages. */
function backwardLines(network: Network, logits: string, probabilities: string): string[] {
  return network.steps.flatMap((step): string[] => {
    switch (step.kind) {
      case 'loss':
        return [];
      case 'error': {
        if (step.of === probabilities) return [];
        const error = `${pythonName(errorName(step.of))}[t]`;
        if (step.of === logits) return [`${error} = (${pythonName(probabilities)}[t] - y) / N`];
        const { now } = readersOf(network, step.of);
        const own = now.flatMap((reader) => sentBack(reader, step.of, false));
        const future = network.states.includes(step.of) ? [`${messageOf(step.of)}[t + 1]`] : [];
        return [`${error} = ${sumOf([...own, ...future])}`];
      }
      case 'contribution': {
        const u = `${pythonName(errorName(step.u))}[t]`;
        const gradient = pythonName(errorName(step.to));
        return [`${gradient} += ${step.v === undefined ? u : `np.outer(${u}, ${valueOf(step.v)})`}`];
      }
      case 'message': {
        const { next } = readersOf(network, step.to);
        return [`${messageOf(step.to)}[t] = ${sumOf(next.flatMap((reader) => sentBack(reader, step.to, true)))}`];
      }
      default:
        return step satisfies never;
    }
  });
}

function messageOf(state: string): string {
  return `to_${pythonName(state)}`;
}

function sumOf(terms: readonly string[]): string {
  return terms.join(' + ').replaceAll(' + -', ' - ');
}

/** What an equation sends back to a quantity that it reads, of this time step or, as a state, of the one before. */
function sentBack(reader: NetworkEquation, name: string, isBefore: boolean): string[] {
  const isIt = (ref: Ref): boolean => {
    const read = readRef(ref);
    return read.name === name && read.isBefore === isBefore;
  };
  const error = `${pythonName(errorName(reader.gives))}[t]`;
  if ('softmax' in reader) return [];
  if ('apply' in reader) return [`${SLOPES[reader.apply](`${pythonName(reader.gives)}[t]`)} * ${error}`];
  if ('affine' in reader) {
    return reader.affine.flatMap(([weight, of]) => (isIt(of) ? [`${pythonName(weight)}.T @ ${error}`] : []));
  }
  return reader.sum.flatMap((factors) =>
    factors.flatMap((ref, index) => {
      if (!isIt(ref)) return [];
      const others = factors.filter((_, other) => other !== index).map(valueOf);
      return [`${readRef(ref).isLeft ? '-' : ''}${[...others, error].join(' * ')}`];
    }),
  );
}

function shownLines(network: Network, numbers: Numbers, sizes: Readonly<Record<'V' | 'H', number>>): string[] {
  const line = (name: string, values: Float64Array, columns?: number): string =>
    `    ${pythonText(name)}: ${pythonArray(values, columns)},`;
  const [, { gives: probabilities }] = network.output;
  return [
    line('L', numbers.lossNats),
    ...network.quantities.map(({ name, axis }) => line(name, numbers.quantities[name], sizes[axis])),
    ...network.quantities
      .filter(({ name }) => name !== probabilities)
      .map(({ name, axis }) => line(errorName(name), numbers.errors[name], sizes[axis])),
    ...network.parameters.map((parameter) =>
      line(errorName(parameter.name), numbers.gradients[parameter.name], columnsOf(parameter, sizes)),
    ),
  ];
}

function foundLines(network: Network): string[] {
  const ofSteps = (name: string): string => `    ${pythonText(name)}: [${pythonName(name)}[t] for t in range(T)],`;
  const [, { gives: probabilities }] = network.output;
  const errors = network.quantities.filter(({ name }) => name !== probabilities).map(({ name }) => errorName(name));
  return [
    ofSteps('L'),
    ...network.quantities.map(({ name }) => ofSteps(name)),
    ...errors.map(ofSteps),
    ...network.parameterNames.map((name) => `    ${pythonText(errorName(name))}: ${pythonName(errorName(name))},`),
  ];
}
