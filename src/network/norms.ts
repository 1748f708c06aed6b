import type { Network } from './network.ts';

/** Norms of several parameters together. Their gradients are parts of one vector, so squares add up. */

/** The parameters of a layer; of the output those that belong to no layer. */
export function parametersOfLayer({ parameters }: Network, layer: number | 'output'): string[] {
  const wanted = layer === 'output' ? undefined : layer;
  return parameters.filter((parameter) => parameter.layer === wanted).map(({ name }) => name);
}

/** ‖(u, v, …)‖ of the norms of u, v, …: the root of the sum of their squares. */
export function rootOfSquares(norms: readonly number[]): number {
  return norms.length === 1 ? norms[0] : Math.sqrt(norms.reduce((sum, norm) => sum + norm * norm, 0));
}

/** The same at every place of rows that are equally long. */
export function rootsOfSquares(rows: readonly ArrayLike<number>[]): number[] {
  return Array.from({ length: rows[0]?.length ?? 0 }, (_, i) => rootOfSquares(rows.map((row) => row[i])));
}
