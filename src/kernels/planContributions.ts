import type { Parameter } from '../network/network.ts';
import type { ParameterName } from '../network/names.ts';
import type { Addresses } from './addresses.ts';
import type { NetworkRequest } from './kernels.ts';
import { ENUMERATIONS, type Kind } from './layout.ts';
import { Operands } from './operands.ts';
import type { Product, Program } from './program/program.ts';
import { recordBytes, type MemoryPlan, type ValuesOf } from './records.ts';

/** A network's memory, as far as it is planned. */
export interface InMemory {
  readonly request: NetworkRequest;
  readonly program: Program;
  readonly memory: MemoryPlan;
  readonly places: Addresses;
  readonly parametersAt: (name: ParameterName) => number;
  readonly gradientsAt: (name: ParameterName) => number;
  readonly panelNumbers: (K: number, N: number) => number;
}

export interface PlannedContributions {
  addressOf(parameter: ParameterName): number;
  /** Addresses of the tables from which the columns of one-hot inputs are read, and of the biases. */
  columnsOf(weight: ParameterName): number;
  biasAt(bias: ParameterName): number;
  readonly fields: Pick<
    ValuesOf<'Network'>,
    'output' | 'contributions' | 'contributionCount' | 'operands' | 'operandCount' | 'errors' | 'errorCount'
  >;
}

/** The records of all contributions, with the memory for what is packed of their weights, and of what is measured on them. */
export function planContributions(inMemory: InMemory): PlannedContributions {
  const { request, program, memory, places } = inMemory;
  const { network, shape } = request;
  const weights = new Map(network.parameters.map((parameter) => [parameter.name, packed(parameter, inMemory)]));
  const operands = new Operands(network);
  const contributions = memory.list(
    'Contribution',
    network.parameters.map((parameter) => contributionOf(parameter, weights, operands, inMemory)),
  );
  const addressOf = (name: ParameterName): number =>
    contributions + network.parameterNames.indexOf(name) * recordBytes('Contribution');
  const errors = network.layerEquations.map(({ gives }) => ({ side: 'error', of: gives, isBefore: false }) as const);
  return {
    addressOf,
    columnsOf: (weight) => weights.get(weight)?.forwardPanels ?? 0,
    biasAt: (bias) => inMemory.parametersAt(bias),
    fields: {
      output: addressOf(program.output.weight.name),
      contributions,
      contributionCount: network.parameters.length,
      operands: memory.list(
        'Operand',
        operands.list.map((place) => ({
          address: places.of(place),
          n: place.of === program.output.u.of ? shape.V : shape.H,
          later: operands.laterOf(place),
        })),
      ),
      operandCount: operands.list.length,
      errors: memory.list(
        'MeasuredError',
        errors.map((place) => ({ address: places.of(place), operand: operands.indexOf(place) })),
      ),
      errorCount: errors.length,
    },
  };
}

/** What a weight multiplies, how, and where it is packed. */
interface PackedWeight {
  readonly kind: Kind;
  readonly product: Product | undefined;
  readonly forwardPanels: number;
  readonly backwardPanels: number;
  readonly gradientPanels: number;
}

function packed(parameter: Parameter, { request, program, memory, panelNumbers }: InMemory): PackedWeight {
  const { shape, forwardOnly } = request;
  const sideB = forwardOnly !== true;
  const { kind, product } = kindOf(parameter, program);
  const [m, n] = sizesOf(parameter, request);
  const isByRows = kind === 'OneHot' || (kind === 'Sequential' && shape.B === 1);
  return {
    kind,
    product,
    forwardPanels: memory.floats(isByRows ? m * n : panelNumbers(n, m)),
    backwardPanels: memory.floats(panelNumbers(m, n), sideB && product !== undefined && !isByRows),
    gradientPanels: memory.floats(product === undefined ? m * n : panelNumbers(m, n), sideB),
  };
}

function sizesOf({ axes }: Parameter, { shape }: NetworkRequest): [m: number, n: number] {
  return [shape[axes[0]], axes.length > 1 ? shape[axes[1]] : 0];
}

function kindOf({ name, times }: Parameter, { layers, output }: Program): { kind: Kind; product: Product | undefined } {
  const isOf = ({ weight }: Product): boolean => weight.name === name;
  const whole = [...layers.flatMap(({ inputs }) => inputs.forward.map(({ product }) => product)), output].find(isOf);
  if (whole !== undefined) return { kind: 'Whole', product: whole };
  const sequential = layers
    .flatMap(({ forward }) => forward.flatMap((stage) => (stage.kind === 'products' ? stage.products : [])))
    .map(({ product }) => product)
    .find(isOf);
  if (sequential !== undefined) return { kind: 'Sequential', product: sequential };
  return { kind: times === undefined ? 'Bias' : 'OneHot', product: undefined };
}

function contributionOf(
  parameter: Parameter,
  weights: ReadonlyMap<ParameterName, PackedWeight>,
  operands: Operands,
  inMemory: InMemory,
): ValuesOf<'Contribution'> {
  const { request, places } = inMemory;
  const { network, shape } = request;
  const { name, of } = parameter;
  const { kind, product, ...panels } = weights.get(name) ?? packed(parameter, inMemory);
  const [m, n] = sizesOf(parameter, request);
  const u = { side: 'error', of, isBefore: false } as const;
  // A bias is summed from the columns of its equation's one-hot inputs, where there are any, and else from all rows.
  const columns = network.parameters.find((one) => one.of === of && weights.get(one.name)?.kind === 'OneHot');
  const table = columns && weights.get(columns.name)?.gradientPanels;
  return {
    kind: ENUMERATIONS.Kind.indexOf(kind),
    m,
    n,
    W: inMemory.parametersAt(name),
    dW: inMemory.gradientsAt(name),
    to: product === undefined ? 0 : places.of(product.to),
    v: product === undefined ? 0 : places.of(product.v),
    u: places.of(u),
    dv: product === undefined ? 0 : places.of(product.errorOfV),
    ...panels,
    summed: table ?? places.of(u),
    summedRows: table === undefined ? shape.T * shape.B : shape.V,
    ofU: operands.indexOf(u),
    ofV: product === undefined ? 0 : operands.indexOf(product.v),
  };
}
