import { lineStyleOf, type ColorKey } from '../../../network/lineStyles.ts';
import type { Network } from '../../../network/network.ts';

/** Colours of data after Okabe and Ito (2008), on light ground and on dark: by the job of a quantity, as in the panel. */
const COLORS: Readonly<Record<ColorKey, { readonly light: string; readonly dark: string }>> = {
  input: { light: '#0072b2', dark: '#56b4e9' },
  recurrent: { light: '#c9500a', dark: '#f08b3c' },
  bias: { light: '#00805c', dark: '#1fbf94' },
  output: { light: '#a8457f', dark: '#d98ab5' },
  outputBias: { light: '#8a7400', dark: '#e8dc52' },
  error: { light: '#50565e', dark: '#c3c8d0' },
  stateError: { light: '#7c8490', dark: '#8f98a6' },
};

/** The name of a quantity's colour in the style sheet, where a dot would end it. */
export function colorOf(quantity: string): string {
  return `q-${quantity.replace('.', '-')}`;
}

/** The colours of all that has a norm at every time step, as the style sheet says them. */
export function colorRules(network: Network, ground: 'light' | 'dark'): string {
  return network.stepQuantities
    .map((quantity) => `--${colorOf(quantity)}: ${COLORS[lineStyleOf(network, quantity).color][ground]};`)
    .join(' ');
}

/** How a line is dashed, as SVG says it, where others have its colour: all but the first of them. Empty of a full line. */
export function dashOf(network: Network, quantity: string): string {
  const { mark } = lineStyleOf(network, quantity);
  return typeof mark === 'string' ? '' : mark.join(' ');
}
