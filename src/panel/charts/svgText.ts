/** What stands in an SVG file so that every viewer reads it: colours, fonts, texts and numbers. Pure functions. */

const GENERIC = /(?:^|,\s*)(?:sans-serif|serif|monospace)\s*$/i;
const MONOSPACE = /mono|code|consol|courier|menlo/i;

/**
 * A colour as hex digits or `rgba(…)`, which viewers of SVG 1.1 know too.
 * @param color as a canvas writes it: `#rrggbb`, `rgba(r, g, b, a)` or `color(srgb r g b / a)`; others stay as they are.
 */
export function plainColor(color: string): string {
  const match = /^color\(srgb ([\d.e+-]+) ([\d.e+-]+) ([\d.e+-]+)(?: \/ ([\d.e+-]+))?\)$/.exec(color);
  if (match === null) return color;
  const [red, green, blue] = match
    .slice(1, 4)
    .map((share) => Math.round(Math.min(Math.max(Number(share), 0), 1) * 255));
  return `rgba(${red}, ${green}, ${blue}, ${Number(Number(match[4] ?? 1).toFixed(4))})`;
}

/** The attributes of a text. @param font as a canvas writes it: `italic 600 12px Inter, sans-serif`. */
export function fontParts(font: string): Record<string, string> {
  const match = /^(?:(italic|oblique)\S*\s+)?(?:small-caps\s+)?(?:(bold|\d+)\s+)?([\d.]+px)\s+(.+)$/.exec(font);
  if (match === null) throw new RangeError(`"${font}" is no font of a canvas`);
  const [, style, weight, size, family] = match;
  return {
    'font-family': withFallback(family),
    'font-size': size,
    ...(style !== undefined && { 'font-style': style }),
    ...(weight !== undefined && { 'font-weight': weight }),
  };
}

/** The list of families, and at its end one that is on every machine. */
function withFallback(families: string): string {
  if (GENERIC.test(families)) return families;
  // The browser's font for formulas has a name of its own elsewhere.
  if (/(?:^|,\s*)math\s*$/.test(families)) return `${families}, "STIX Two Math", "Cambria Math", serif`;
  return `${families}, ${MONOSPACE.test(families) ? 'monospace' : 'sans-serif'}`;
}

/** Whether XML's readers would change the space in a text. */
export function hasFreeSpace(text: string): boolean {
  return /^\s|\s$|\s\s|[\t\n]/.test(text);
}

/** A text without what must not stand in XML. */
export function withoutControls(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these are what it is about
  return text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd');
}

/** Numbers with two decimals: a hundredth of a pixel. */
export function roundedNumbers(attribute: string): string {
  return attribute.replaceAll(/-?\d+\.\d+(?:e[+-]?\d+)?|-?\d+e[+-]?\d+/g, (number) =>
    String(Math.round(Number(number) * 100) / 100 || 0),
  );
}
