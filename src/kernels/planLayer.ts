import type { Activation } from '../network/description.ts';
import type { Addresses } from './addresses.ts';
import { ENUMERATIONS, type Code } from './layout.ts';
import type { PlannedContributions } from './planContributions.ts';
import type { Factor, LayerProgram, Place, ProductUse, RowOperation, Stage } from './program/program.ts';
import type { MemoryPlan, ValuesOf } from './records.ts';

export interface PlannedLayer {
  /** Address of its record. */
  readonly address: number;
  /** Whether it multiplies what a layer below gives. */
  readonly hasInputs: boolean;
}

/** What the program of a layer refers to. */
interface References {
  /** Address of the network's record. */
  readonly network: number;
  readonly memory: MemoryPlan;
  readonly places: Addresses;
  readonly contributions: PlannedContributions;
}

/** The program of a layer as records. */
export function planLayer(layer: LayerProgram, references: References): PlannedLayer {
  const { network, memory, places } = references;
  const atLast = (of: string): Place => ({ side: 'error', of, isBefore: false });
  const address = memory.list('Layer', [
    {
      network,
      forwardInputs: planUses(layer.inputs.forward, references),
      backwardInputs: planUses(layer.inputs.backward, references),
      inputCount: layer.inputs.forward.length,
      forward: planStages(layer.forward, references),
      forwardCount: layer.forward.length,
      backward: planStages(layer.backward, references),
      backwardCount: layer.backward.length,
      zeros: memory.list(
        'Address',
        layer.endsWithZeros.map((of) => ({ address: places.ofLast(atLast(of)) })),
      ),
      zeroCount: layer.endsWithZeros.length,
    },
  ]);
  return { address, hasInputs: layer.inputs.forward.length > 0 };
}

function planUses(uses: readonly ProductUse[], { memory, contributions }: References): number {
  return memory.list(
    'Use',
    uses.map(({ product, adds }) => ({
      contribution: contributions.addressOf(product.weight.name),
      adds: Number(adds),
    })),
  );
}

function planStages(stages: readonly Stage[], references: References): number {
  return references.memory.list(
    'Stage',
    stages.map((stage): ValuesOf<'Stage'> => {
      if (stage.kind === 'products') {
        return {
          kind: ENUMERATIONS.StageKind.indexOf('Products'),
          list: planUses(stage.products, references),
          count: stage.products.length,
          isBefore: Number(stage.isBefore),
        };
      }
      const operations = operationsOf(stage.operations, references);
      return {
        kind: ENUMERATIONS.StageKind.indexOf('Rows'),
        list: references.memory.list('Operation', operations),
        count: operations.length,
        isBefore: 0,
      };
    }),
  );
}

function operationsOf(operations: readonly RowOperation[], references: References): ValuesOf<'Operation'>[] {
  const planned: ValuesOf<'Operation'>[] = [];
  operations.forEach((operation, at) => {
    const before = at === 0 ? undefined : operations[at - 1];
    if (before !== undefined && isApplied(operation, before)) {
      const affine = planned[planned.length - 1];
      planned[planned.length - 1] = { ...affine, code: codeOf(AFFINE[operation.apply]) };
    } else planned.push(operationOf(operation, references));
  });
  return planned;
}

/** Whether it overwrites what an affine equation gave with a function of it, so that both are one pass over the row. */
function isApplied(
  operation: RowOperation,
  before: RowOperation,
): operation is Extract<RowOperation, { kind: 'apply' }> {
  return (
    operation.kind === 'apply' &&
    before.kind === 'affine' &&
    [operation.from, operation.to].every(({ of }) => of === before.to.of)
  );
}

const APPLIED: Readonly<Record<Activation, Code>> = { tanh: 'Tanh', sigmoid: 'Sigmoid', relu: 'Relu' };
const AFFINE: Readonly<Record<Activation, Code>> = {
  tanh: 'AffineTanh',
  sigmoid: 'AffineSigmoid',
  relu: 'AffineRelu',
};
const SLOPES: Readonly<Record<Activation, Code>> = { tanh: 'TanhSlope', sigmoid: 'SigmoidSlope', relu: 'ReluSlope' };

function codeOf(code: Code): number {
  return ENUMERATIONS.Code.indexOf(code);
}

/** A factor as it is. */
const ITSELF = { factorOfX: 1, partOfX: 0, factorOfY: 1, partOfY: 0 } as const;

function operationOf(operation: RowOperation, { places, contributions }: References): ValuesOf<'Operation'> {
  const common = { to: places.of(operation.to), isBefore: Number(operation.to.isBefore), ...ITSELF };
  switch (operation.kind) {
    case 'affine':
      return {
        ...common,
        code: codeOf('Affine'),
        adds: Number(operation.adds),
        x: operation.columnOf === undefined ? 0 : contributions.columnsOf(operation.columnOf),
        y: contributions.biasAt(operation.bias),
      };
    case 'apply':
      return { ...common, code: codeOf(APPLIED[operation.apply]), adds: 0, x: places.of(operation.from), y: 0 };
    case 'slope':
      return {
        ...common,
        code: codeOf(SLOPES[operation.apply]),
        adds: Number(operation.adds),
        x: places.of(operation.gave),
        y: places.of(operation.error),
      };
    case 'multiply': {
      const [first, second] = operation.factors;
      const [factorOfX, partOfX] = lineOf(first, operation.isNegative ? -1 : 1);
      const [factorOfY, partOfY] = second === undefined ? [1, 0] : lineOf(second, 1);
      return {
        ...common,
        code: codeOf('Multiply'),
        adds: Number(operation.adds),
        x: places.of(first.place),
        y: second === undefined ? 0 : places.of(second.place),
        ...{ factorOfX, partOfX, factorOfY, partOfY },
      };
    }
    default:
      return operation satisfies never;
  }
}

/** Factor and part of ±x or ±(1 − x). */
function lineOf({ isLeft }: Factor, sign: number): [factor: number, part: number] {
  return isLeft ? [-sign, sign] : [sign, 0];
}
