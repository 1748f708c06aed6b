type Numbers = Float32Array | Float64Array;

/** The parameters of a network that are by its symbols: W_xh (H, V), W_ao (V, H), b_o (V). */
interface BySymbol {
  readonly W_xh: Numbers;
  readonly W_ao: Numbers;
  readonly b_o: Numbers;
}

/**
 * The same network with its symbols in another order: the columns of W_xh, and the rows of W_ao and b_o.
 * @param before (V): for each id of the new order, the id that its symbol has in `parameters`.
 */
export function withSymbolsInOrder<P extends BySymbol>(
  parameters: P,
  { V, H }: { readonly V: number; readonly H: number },
  before: ArrayLike<number>,
): P {
  const picked = (tensor: Numbers, from: (index: number) => number): Numbers => {
    const result = tensor.slice();
    for (let i = 0; i < result.length; i++) result[i] = tensor[from(i)];
    return result;
  };
  return {
    ...parameters,
    W_xh: picked(parameters.W_xh, (i) => Math.floor(i / V) * V + before[i % V]),
    W_ao: picked(parameters.W_ao, (i) => before[Math.floor(i / H)] * H + (i % H)),
    b_o: picked(parameters.b_o, (i) => before[i]),
  };
}
