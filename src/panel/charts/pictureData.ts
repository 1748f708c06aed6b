import type { MirroredRun } from '../state/mirror.ts';

export type PictureValue = string | number | null;

/** The numbers of a picture as a table, to be saved as CSV or JSON. */
export interface PictureData {
  /** The stem of the file's name: letters, digits, hyphens and underscores. */
  readonly name: string;
  /** What the numbers belong to: file, iteration, stream, units. */
  readonly about: Readonly<Record<string, PictureValue>>;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly PictureValue[])[];
}

/** A name and the protocol's limit of it leave room for the extension. */
const LONGEST_NAME = 100;

/** The stem of a file's name for a picture of a run: "sample-loss-1684". */
export function pictureName(run: MirroredRun, ...parts: readonly (string | number)[]): string {
  const file = run.description.fileName.replace(/\.[^.]*$/, '');
  return safeName([file, ...parts].join('-'));
}

/** A name of letters, digits, hyphens and underscores alone; what else stands in it becomes a hyphen. */
export function safeName(name: string): string {
  return (
    name
      .replaceAll(/[^\w-]+/g, '-')
      .replaceAll(/-{2,}/g, '-')
      .replaceAll(/^-+|-+$/g, '')
      .slice(0, LONGEST_NAME) || 'picture'
  );
}

/** The run that the numbers of a picture come from: with these settings and this file it can be trained again. */
export function aboutRun({ description }: MirroredRun): Record<string, PictureValue> {
  const { settings, facts, fileName } = description;
  return {
    file: fileName,
    V: facts?.vocabulary.length ?? null,
    cell: settings.cell,
    H: settings.hiddenSize,
    T: settings.sequenceLength,
    B: settings.batchSize,
    optimizer: settings.optimizer,
    learning_rate: settings.learningRate,
    clip_norm: settings.clipNorm,
    reduction: settings.reduction,
    seed: settings.seed,
  };
}
