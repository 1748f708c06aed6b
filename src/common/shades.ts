/** Shades of sampled characters, from none for the likely ones; each holds from its least probability on. */
export const SHADES = [
  { least: 0.8, label: '≥ 0.8' },
  { least: 0.4, label: '≥ 0.4' },
  { least: 0.2, label: '≥ 0.2' },
  { least: 0.1, label: '≥ 0.1' },
  { least: 0.03, label: '≥ 0.03' },
  { least: 0, label: 'less' },
] as const;

/** The index in SHADES for a probability. */
export function shadeOf(probability: number): number {
  const shade = SHADES.findIndex(({ least }) => probability >= least);
  return shade < 0 ? SHADES.length - 1 : shade;
}
