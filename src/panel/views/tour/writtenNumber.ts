import { formatRecomputable } from '../tape/values.ts';

/** A number to be computed with by hand: with six digits, or one that has fewer, such as a setting, as it is. */
export function formatWritten(value: number): string {
  const isShort = Number.isFinite(value) && String(Math.abs(value)).length < 6;
  return isShort ? String(value).replace('-', '−') : formatRecomputable(value);
}

/** A scalar product, term by term: `0.5 · 0.1 + 0.2 · −0.3`. */
export function dotWritten(u: Float64Array, v: ArrayLike<number>): string {
  return Array.from(u, (value, i) => `${formatWritten(value)} · ${formatWritten(v[i])}`).join(' + ');
}
