import { counted } from '../common/written.ts';

/** Numbers as a person reads them on a terminal. */

const BITS_PER_NAT = 1 / Math.LN2;

export function inBits(nats: number): number {
  return nats * BITS_PER_NAT;
}

/** What a run reads one after the other. */
export type Unit = 'character' | 'byte';

export function formatLoss(nats: number, unit: Unit = 'character'): string {
  return `${nats.toFixed(3)} nats per ${unit} (${inBits(nats).toFixed(3)} bits)`;
}

export function formatCount(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}

/** Such as 1 iteration, 12,000 iterations. */
export function formatIterations(count: number): string {
  return counted(count, 'iteration', formatCount);
}

/** @param perSecond characters or bytes. */
export function formatRate(perSecond: number, unit: Unit = 'character'): string {
  return `${formatCount(perSecond)} ${unit === 'byte' ? 'bytes' : 'chars'}/s`;
}

/** Such as 0:07, 12:30, 1:02:03. */
export function formatDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (n: number) => String(n).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** A sampled text without the control characters that a terminal would act on; its line ends and tabs stay, and the joiners of its script. */
export function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what this looks for
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, (control) => {
    return `\\x${control.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}
