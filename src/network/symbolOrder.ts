import { type Network, shapeOf } from './network.ts';

type Numbers = Float32Array | Float64Array;

/**
 * The same network with its symbols in another order: of every parameter that has an axis of symbols, its rows or its columns.
 * @param before (V): for each id of the new order, the id that its symbol has in `parameters`.
 */
export function withSymbolsInOrder<A extends Numbers>(
  network: Pick<Network, 'parameters'>,
  parameters: Readonly<Record<string, A>>,
  sizes: { readonly V: number; readonly H: number },
  before: ArrayLike<number>,
): Readonly<Record<string, A>> {
  const picked = { ...parameters };
  for (const parameter of network.parameters) {
    const { name, axes } = parameter;
    if (!axes.includes('V')) continue;
    const [, columns = 1] = shapeOf(parameter, sizes);
    const isInRows = axes[0] === 'V';
    const tensor = parameters[name];
    picked[name] = tensor.slice() as A;
    for (let i = 0; i < tensor.length; i++) {
      const [row, column] = [Math.floor(i / columns), i % columns];
      picked[name][i] = tensor[isInRows ? before[row] * columns + column : row * columns + before[column]];
    }
  }
  return picked;
}
