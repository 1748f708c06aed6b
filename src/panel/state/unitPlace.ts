/** One hidden unit: its layer, counted from 1, and its index in it. */
export interface UnitPlace {
  readonly layer: number;
  readonly index: number;
}

/** As it is remembered: `1/12`. */
export function unitName({ layer, index }: UnitPlace): string {
  return `${layer}/${index}`;
}

/** The unit of a name; undefined where the name is none, as one that is kept may be of another version. */
export function unitPlace(name: string | null | undefined): UnitPlace | undefined {
  const [, layer, index] = /^([1-9]\d*)\/(\d+)$/.exec(name ?? '') ?? [];
  return index === undefined ? undefined : { layer: Number(layer), index: Number(index) };
}
