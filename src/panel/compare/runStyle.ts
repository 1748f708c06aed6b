import type { ChartTheme } from '../charts/theme.ts';
import { readTheme } from '../charts/theme.ts';
import { MOST_COMPARED } from '../../protocol/compare.ts';

/** How runs are told apart: by colour, by dashes, by markers and by a letter. */
export interface CompareTheme extends ChartTheme {
  /** One colour a slot. */
  readonly runs: readonly string[];
}

/** Dashes of the lines in line widths of 1.75, one pattern a slot. */
export const DASHES: readonly (readonly number[])[] = [
  [],
  [8, 3],
  [2, 2.5],
  [10, 3, 2, 3],
  [16, 4],
  [6, 2, 2, 2, 2, 2],
  [4, 4],
  [16, 3, 3, 3],
];

/** Markers of validations, one a slot: names and turns (degrees) as Chart.js has them. */
export const MARKERS: readonly { readonly style: string; readonly turn: number }[] = [
  { style: 'circle', turn: 0 },
  { style: 'rect', turn: 0 },
  { style: 'triangle', turn: 0 },
  { style: 'rectRot', turn: 0 },
  { style: 'triangle', turn: 180 },
  { style: 'crossRot', turn: 0 },
  { style: 'cross', turn: 0 },
  { style: 'star', turn: 0 },
];

export function readCompareTheme(root: HTMLElement): CompareTheme {
  const probe = root.appendChild(document.createElement('span'));
  const runs = Array.from({ length: MOST_COMPARED }, (_, slot) => {
    probe.style.color = `var(--data-run-${slot})`;
    return getComputedStyle(probe).color;
  });
  probe.remove();
  return { ...readTheme(root), runs };
}

/** A colour as the browser computed it, let through. */
export function withAlpha(color: string, alpha: number): string {
  const numbers = /^rgba?\(([^)]*)\)$/.exec(color)?.[1]?.split(/[\s,/]+/);
  if (numbers === undefined || alpha === 1) return color;
  const [red, green, blue, own = '1'] = numbers;
  return `rgba(${red}, ${green}, ${blue}, ${Number(own) * alpha})`;
}
