import type { ValueRange } from '../../common/ranges.ts';

/** The complex plane of eigenvalues. Pure functions. */

export interface Eigenvalue {
  readonly re: number;
  readonly im: number;
  readonly modulus: number;
  /** Radians, −π … π. */
  readonly angle: number;
}

/** One eigenvalue of a list (H, 2) of real and imaginary parts. */
export function eigenvalueAt(eigenvalues: Float64Array, index: number): Eigenvalue {
  const re = eigenvalues[2 * index];
  const im = eigenvalues[2 * index + 1];
  return { re, im, modulus: Math.hypot(re, im), angle: Math.atan2(im, re) };
}

/**
 * Ranges of both axes for a plot of so many pixels: circles stay circles, the unit circle and a circle of `radius` around 0 are
 * inside.
 */
export function planeRanges(radius: number, width: number, height: number): { x: ValueRange; y: ValueRange } {
  const half = 1.12 * Math.max(1, radius);
  const shorter = Math.max(1, Math.min(width, height));
  const x = (half * Math.max(width, 1)) / shorter;
  const y = (half * Math.max(height, 1)) / shorter;
  return { x: { min: -x, max: x }, y: { min: -y, max: y } };
}

/** The eigenvalue nearest to a place of the plane, and undefined where none is within `reach`. */
export function nearestEigenvalue(
  eigenvalues: Float64Array,
  re: number,
  im: number,
  reach: number,
): number | undefined {
  let nearest: number | undefined;
  let least = reach;
  for (let index = 0; 2 * index < eigenvalues.length; index++) {
    const distance = Math.hypot(eigenvalues[2 * index] - re, eigenvalues[2 * index + 1] - im);
    if (distance <= least) {
      least = distance;
      nearest = index;
    }
  }
  return nearest;
}

/** The number of eigenvalues outside the unit circle. */
export function outsideUnitCircle(eigenvalues: Float64Array): number {
  let count = 0;
  for (let index = 0; 2 * index < eigenvalues.length; index++)
    if (eigenvalueAt(eigenvalues, index).modulus > 1) count++;
  return count;
}

/** λ = 0.83 + 0.41i: |λ| = 0.926, angle 26.3°, a turn in 13.7 steps. */
export function eigenvalueText(eigenvalue: Eigenvalue): string {
  const { re, im, modulus, angle } = eigenvalue;
  const imaginary = im === 0 ? '' : ` ${im < 0 ? '−' : '+'} ${Math.abs(im).toFixed(3)}i`;
  return `λ = ${signed(re)}${imaginary}: |λ| = ${modulus.toFixed(3)}, ${turnText(angle)}`;
}

function signed(value: number): string {
  return `${value < 0 ? '−' : ''}${Math.abs(value).toFixed(3)}`;
}

/** What the angle of an eigenvalue does to its part of the state. */
function turnText(angle: number): string {
  if (angle === 0) return 'angle 0°: it keeps its direction';
  const degrees = `angle ${angle < 0 ? '−' : ''}${Math.abs((angle * 180) / Math.PI).toFixed(1)}°`;
  const period = (2 * Math.PI) / Math.abs(angle);
  return Math.abs(angle) === Math.PI
    ? `${degrees}: it changes its sign with every step`
    : `${degrees}: a turn in ${period < 1000 ? period.toPrecision(3) : Math.round(period)} steps`;
}
