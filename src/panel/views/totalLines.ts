import type { Metrics } from '../../history/metrics.ts';
import { valueAt } from '../../history/metrics.ts';
import { layerStyleOf, lineStyleOf } from '../../network/lineStyles.ts';
import { labelOf, titleOf } from '../../network/names.ts';
import type { Network } from '../../network/network.ts';
import { parametersOfLayer, rootOfSquares } from '../../network/norms.ts';
import type { MetricName } from '../../protocol/run.ts';
import type { Line } from '../charts/plot.ts';
import { legendWords } from '../network/quantities.ts';
import { LegendEntry } from './legend.ts';
import type { PanelContext } from './view.ts';

/** A line of the chart of totals: what it is of, and how it looks. */
export interface Total {
  /** All parameters, those of a layer or of the output, or a single one. */
  readonly of: 'all' | 'output' | { readonly layer: number } | { readonly parameter: string };
  /** The norm is the root of the sum of the squares of these. */
  readonly columns: readonly [MetricName, ...MetricName[]];
  readonly label: string;
  readonly color: (theme: PanelContext['theme']) => string;
  readonly line: Line;
  readonly entry: LegendEntry;
}

export function totalsOf(network: Network): Total[] {
  const all: Total = {
    of: 'all',
    columns: ['gradNorm'],
    label: 'all',
    color: (theme) => theme.total,
    line: { data: [], borderWidth: 2 },
    entry: new LegendEntry('line', 'total', 'all'),
  };
  const layers = network.layers === 1 ? [] : [...layersOf(network), outputOf(network)];
  return [all, ...layers, ...network.parameterNames.map((name) => ofParameter(network, name))];
}

/** The norm of a total at an iteration. */
export function totalAt(metrics: Metrics, { columns }: Pick<Total, 'columns'>, iteration: number): number {
  return rootOfSquares(columns.map((column) => valueAt(metrics, column, iteration)));
}

function ofParameter(network: Network, name: string): Total {
  const label = labelOf(network, name);
  const { color, dash, mark } = lineStyleOf(network, name);
  const entry = new LegendEntry(mark, color, label);
  entry.describe(legendWords(network, name));
  entry.element.title = titleOf(network, name);
  return {
    of: { parameter: name },
    columns: [`gradNorm_${name}`],
    label,
    color: (theme) => theme.lines[color],
    line: { data: [], borderWidth: 1.25, borderDash: [...dash] },
    entry,
  };
}

function layersOf(network: Network): Total[] {
  return Array.from({ length: network.layers }, (_, index): Total => {
    const layer = index + 1;
    const { color, dash, mark } = layerStyleOf(layer);
    const label = `layer ${layer}`;
    return {
      of: { layer },
      columns: columnsOf(parametersOfLayer(network, layer)),
      label,
      color: (theme) => theme.layers[color],
      line: { data: [], borderWidth: 1.75, borderDash: [...dash] },
      entry: new LegendEntry(mark, color, label),
    };
  });
}

function outputOf(network: Network): Total {
  return {
    of: 'output',
    columns: columnsOf(parametersOfLayer(network, 'output')),
    label: 'output',
    color: (theme) => theme.lines.output,
    line: { data: [], borderWidth: 1.25 },
    entry: new LegendEntry('line', 'output', 'output'),
  };
}

/** @throws {RangeError} where nothing has parameters. */
function columnsOf(parameters: readonly string[]): [MetricName, ...MetricName[]] {
  const [first, ...others] = parameters.map((name): MetricName => `gradNorm_${name}`);
  if (first === undefined) throw new RangeError('A layer has at least one parameter.');
  return [first, ...others];
}
