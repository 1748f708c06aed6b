import { formatNorm } from '../../../common/format.ts';

const DIGITS = 4;
/** So many are enough for a person to compute the next number again. */
const RECOMPUTABLE_DIGITS = 6;
/** A true minus sign, as wide as the digits. */
const MINUS = '−';

/** A number with four significant digits and its sign: 0.01234, −1.234e-5. Zero is 0. */
export function formatValue(value: number): string {
  return formatDigits(value, DIGITS);
}

/** The same with so many significant digits. */
export function formatDigits(value: number, digits: number): string {
  if (!Number.isFinite(value)) return formatNorm(value);
  if (value === 0) return '0';
  const magnitude = Math.abs(value);
  const plain = magnitude >= 1e-3 && magnitude < 10 ** digits - 0.5;
  const text = plain ? magnitude.toPrecision(digits) : magnitude.toExponential(digits - 1).replace('+', '');
  return value < 0 ? `${MINUS}${text}` : text;
}

/** The same with as many as it takes to recompute the next number by hand. */
export function formatRecomputable(value: number): string {
  return formatDigits(value, RECOMPUTABLE_DIGITS);
}

/** A share as per cent with one decimal, so that small parts are not rounded away. */
export function formatPercent(share: number): string {
  if (!Number.isFinite(share)) return formatNorm(share);
  const percent = share * 100;
  const text = percent > 0 && percent < 0.1 ? '< 0.1' : percent > 99.9 && percent < 100 ? '> 99.9' : percent.toFixed(1);
  return `${text}\u202f%`;
}

export function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

export type SortKey = 'index' | 'value' | 'magnitude';
export interface Sorting {
  readonly key: SortKey;
  readonly descending: boolean;
}

/** The indices of some values in the order asked for; equal ones by index, and those that are not numbers last. */
export function sortedIndices(values: ArrayLike<number>, { key, descending }: Sorting): number[] {
  const indices = Array.from({ length: values.length }, (_, index) => index);
  if (key === 'index') return descending ? indices.reverse() : indices;
  const of = (index: number): number => (key === 'value' ? values[index] : Math.abs(values[index]));
  return indices.sort((a, b) => {
    const missing = Number(Number.isNaN(values[a])) - Number(Number.isNaN(values[b]));
    if (missing !== 0) return missing;
    return (descending ? of(b) - of(a) : of(a) - of(b)) || a - b;
  });
}
