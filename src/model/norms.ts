import type { Vector } from './tensors.ts';

/** ‖x‖² of the numbers from `start` to before `end`. */
export function sumOfSquares(x: Vector, start = 0, end = x.length): number {
  let sum = 0;
  for (let i = start; i < end; i++) sum += x[i] * x[i];
  return sum;
}
