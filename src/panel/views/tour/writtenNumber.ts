import { formatRecomputable } from '../tape/values.ts';

/** A number to be computed with by hand: with six digits, or one that has fewer, such as a setting, as it is. */
export function formatWritten(value: number): string {
  const isShort = Number.isFinite(value) && String(Math.abs(value)).length < 6;
  return isShort ? String(value).replace('-', '−') : formatRecomputable(value);
}
