import { l10n } from '../common/l10n.ts';
import type { ReadingProgress } from './worker.ts';

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'];

/** How much of a file was read, as everybody is told: `34 % of 2.1 GB`. */
export function readingShare({ bytesRead, bytesTotal }: ReadingProgress): string {
  // What is not all read yet never shows as 100 %.
  const percent = bytesTotal === 0 ? 100 : Math.floor((100 * bytesRead) / bytesTotal);
  return l10n.t('{percent} % of {size}', { percent: Math.min(100, percent), size: formatBytes(bytesTotal) });
}

/** A number of bytes with two digits at least: 640 kB, 2.1 GB. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`;
}
