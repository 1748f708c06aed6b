import type { Network, Role } from './network.ts';
import { parametersOfRole } from './quantities.ts';

/** Norms of several parameters together. Their gradients are parts of one vector, so squares add up. */

/** The parameters of a layer; of the output those that belong to no layer. */
export function parametersOfLayer({ parameters }: Network, layer: number | 'output'): string[] {
  const wanted = layer === 'output' ? undefined : layer;
  return parameters.filter((parameter) => parameter.layer === wanted).map(({ name }) => name);
}

/** The parameters of a role; with a layer those of that layer, but the output's, which belong to none, always. */
export function parametersOfRoleIn(network: Network, role: Role, layer: number | null): string[] {
  const isOutput = role === 'output' || role === 'outputBias';
  return parametersOfRole(network, role, isOutput || layer === null ? undefined : layer);
}

/** ‖(u, v, …)‖ of the norms of u, v, …: the root of the sum of their squares. */
export function rootOfSquares(norms: readonly number[]): number {
  return norms.length === 1 ? norms[0] : Math.sqrt(norms.reduce((sum, norm) => sum + norm * norm, 0));
}

/** The same at every place of rows that are equally long. */
export function rootsOfSquares(rows: readonly ArrayLike<number>[]): number[] {
  return Array.from({ length: rows[0]?.length ?? 0 }, (_, i) => rootOfSquares(rows.map((row) => row[i])));
}
