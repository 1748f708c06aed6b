import { l10n } from './l10n.ts';
import { groupDigits, isolated, THIN_SPACE, visibleSymbol } from './written.ts';

export { groupDigits, visibleSymbol } from './written.ts';

/** Numbers and characters as they are written in the panel and in reports. Every function is pure, so that the same thing is said everywhere. */

export type LossUnit = 'nats' | 'bits';

const SUPERSCRIPTS = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];

/** A loss given in nats, in the unit asked for, with three decimals; one beyond all sense as a norm is written. */
export function formatLoss(lossNats: number, unit: LossUnit): string {
  const loss = inUnit(lossNats, unit);
  return Math.abs(loss) < 1000 ? loss.toFixed(3) : formatNorm(loss);
}

export function inUnit(lossNats: number, unit: LossUnit): number {
  return unit === 'bits' ? lossNats / Math.LN2 : lossNats;
}

/** The unit as it stands behind a number. */
export function unitName(unit: LossUnit): string {
  return unit === 'bits' ? 'bits/char' : 'nats';
}

/** A norm or another positive number with three significant digits: 0.812, 1 170, 3.21e-5. */
export function formatNorm(value: number): string {
  if (!Number.isFinite(value)) return notFiniteText(value);
  if (value === 0) return '0';
  const magnitude = Math.abs(value);
  if (magnitude >= 1e-3 && magnitude < 999.5) return value.toPrecision(3);
  if (magnitude >= 1 && magnitude < 99_950) return groupDigits(Number(value.toPrecision(3)));
  return value.toExponential(2).replace('+', '');
}

/** A number on a linear axis whose ticks are `step` apart. */
export function formatTick(value: number, step: number): string {
  if (Math.abs(value) >= 10_000) {
    const digits = Math.max(0, Math.floor(Math.log10(Math.abs(value))) - Math.floor(Math.log10(step) + 1e-9));
    return value.toExponential(digits).replace('+', '');
  }
  return value.toFixed(Math.min(4, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9))));
}

/** A probability: two significant digits, and never 1 or 0 for what is only near it. */
export function formatProbability(probability: number): string {
  if (!Number.isFinite(probability)) return notFiniteText(probability);
  if (probability === 0 || probability === 1) return String(probability);
  if (probability > 0.995) return '> 0.99';
  return probability >= 0.01 ? probability.toFixed(2) : probability.toExponential(0);
}

/** A share between 0 and 1 as whole per cent; a share that is not none is never written as 0 %. */
export function formatShare(share: number): string {
  if (share > 0 && share < 0.01) return `<${THIN_SPACE}1${THIN_SPACE}%`;
  return `${Math.round(share * 100)}${THIN_SPACE}%`;
}

/** Time as m:ss, or h:mm:ss from an hour on. */
export function formatDuration(elapsedMs: number): string {
  const seconds = Math.floor(elapsedMs / 1000);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const tail = `${String(minutes).padStart(hours > 0 ? 2 : 1, '0')}:${String(seconds % 60).padStart(2, '0')}`;
  return hours > 0 ? `${hours}:${tail}` : tail;
}

/** Characters per second with three significant digits, so that the last digits do not flicker. */
export function formatRate(charactersPerSecond: number): string {
  if (!(charactersPerSecond >= 1)) return '0';
  const step = 10 ** Math.max(0, Math.floor(Math.log10(charactersPerSecond)) - 2);
  return groupDigits(Math.round(charactersPerSecond / step) * step);
}

/** A power of ten as it is written: 10⁻³. */
export function powerOfTen(exponent: number): string {
  const digits = Array.from(String(Math.abs(exponent)), (digit) => SUPERSCRIPTS[Number(digit)] ?? digit).join('');
  return `10${exponent < 0 ? '⁻' : ''}${digits}`;
}

/** A power of ten, or 2 or 5 times one, as axes and legends write it. */
export function decadeLabel(value: number): string {
  const exponent = Math.floor(Math.log10(value) + 1e-9);
  const mantissa = Math.round(value / 10 ** exponent);
  if (exponent >= -3 && exponent <= 3) return String(Number(value.toPrecision(1)));
  return mantissa === 1 ? powerOfTen(exponent) : `${mantissa}·${powerOfTen(exponent)}`;
}

/** A symbol between quotation marks, for sentences: ‘e’. */
export function quotedSymbol(symbol: string): string {
  return `‘${isolated(visibleSymbol(symbol))}’`;
}

function notFiniteText(value: number): string {
  return Number.isNaN(value) ? l10n.t('not a number') : value > 0 ? l10n.t('infinite') : l10n.t('−infinite');
}
