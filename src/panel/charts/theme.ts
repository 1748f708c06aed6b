import { COLOR_KEYS, type ColorKey, LAYER_COLOR_KEYS, type LayerColorKey } from '../../network/lineStyles.ts';

/** Colours and fonts for the canvases, which cannot read style sheets themselves. */
export interface ChartTheme {
  readonly ink: string;
  readonly muted: string;
  readonly grid: string;
  readonly background: string;
  readonly font: string;
  readonly monospace: string;
  readonly fontSize: number;
  /** Of parameters by their role, and of errors. */
  readonly lines: Readonly<Record<ColorKey, string>>;
  /** Of whole layers. */
  readonly layers: Readonly<Record<LayerColorKey, string>>;
  readonly total: string;
  readonly totalBand: string;
  readonly train: string;
  readonly trainFaint: string;
  readonly trainBand: string;
  readonly validation: string;
  readonly reference: string;
  /** What a gate does not let through. */
  readonly heldBack: string;
}

/** Reads the style sheet's variables, resolved to colours, as they are on `<main>` now. */
export function readTheme(root: HTMLElement): ChartTheme {
  const probe = root.appendChild(document.createElement('span'));
  const color = (variable: string): string => {
    probe.style.color = `var(${variable})`;
    return getComputedStyle(probe).color;
  };
  const colors = <Key extends string>(keys: readonly Key[]): Record<Key, string> =>
    Object.fromEntries(keys.map((key) => [key, color(`--data-${key}`)])) as Record<Key, string>;
  const style = getComputedStyle(root);
  const theme: ChartTheme = {
    ink: color('--ink'),
    muted: color('--muted'),
    grid: color('--grid'),
    background: color('--ground'),
    font: style.fontFamily,
    monospace: style.getPropertyValue('--monospace') || 'monospace',
    fontSize: Math.max(10, Math.round(parseFloat(style.fontSize) * 0.85)),
    lines: colors(COLOR_KEYS),
    layers: colors(LAYER_COLOR_KEYS),
    total: color('--data-total'),
    totalBand: color('--data-total-band'),
    train: color('--data-train'),
    trainFaint: color('--data-train-faint'),
    trainBand: color('--data-train-band'),
    validation: color('--data-validation'),
    reference: color('--data-reference'),
    heldBack: color('--data-held-back'),
  };
  probe.remove();
  return theme;
}

/** Calls `changed` when VS Code changes the theme: it then changes the body's class and the root's variables. */
export function onThemeChange(changed: () => void): void {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'style'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['class', 'style'] });
}
