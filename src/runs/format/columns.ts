import * as v from 'valibot';
import { MAX_COLUMN_NAME, MAX_COLUMNS } from '../../common/limits.ts';
import { networkOf, type Network } from '../../network/network.ts';
import { metricNamesOf } from '../../protocol/run.ts';

/** What the numbers in the records of a file are, by name. */
export interface Columns {
  /** Of a row; the loss is among them. A bucket has these and the smoothed loss. */
  readonly rows: readonly string[];
  /** The quantities whose norms an inspection has at every time step. */
  readonly stepNorm: readonly string[];
  /** The parameters whose cosines it has. */
  readonly stepCosine: readonly string[];
}

export interface ColumnsRecord extends Columns {
  readonly type: 'columns';
}

const known = new WeakMap<readonly string[], Columns>();

/** The columns of a run of this network: the same object for the same network. */
export function columnsOf(network: Pick<Network, 'parameterNames' | 'stepQuantities'>): Columns {
  const { parameterNames, stepQuantities } = network;
  const columns = known.get(parameterNames) ?? {
    rows: metricNamesOf(network),
    stepNorm: stepQuantities,
    stepCosine: parameterNames,
  };
  known.set(parameterNames, columns);
  return columns;
}

/** Those of the files that need not say them: as long as there were no networks but with these, no file did. */
export const UNSAID_COLUMNS = columnsOf(networkOf({ cell: 'tanh', layers: 1 }));

/** More than the longest record of columns has, whose names are plain. */
export const MAX_COLUMNS_BYTES = 3 * MAX_COLUMNS * (MAX_COLUMN_NAME + 8);

/** Its length is looked at before its names are. */
const Names = v.custom<string[]>(
  (value) =>
    Array.isArray(value) &&
    value.length <= MAX_COLUMNS &&
    value.every((name) => typeof name === 'string' && name.length > 0 && name.length <= MAX_COLUMN_NAME) &&
    new Set(value).size === value.length,
);

export const ColumnsRecord = v.object({
  type: v.literal('columns'),
  rows: v.pipe(
    Names,
    v.check((names) => names.includes('lossNats')),
  ),
  stepNorm: Names,
  stepCosine: Names,
});

export function areSameNames(some: readonly string[], others: readonly string[]): boolean {
  return some === others || (some.length === others.length && some.every((name, index) => name === others[index]));
}

export function areSameColumns(some: Columns, others: Columns): boolean {
  return (
    areSameNames(some.rows, others.rows) &&
    areSameNames(some.stepNorm, others.stepNorm) &&
    areSameNames(some.stepCosine, others.stepCosine)
  );
}
