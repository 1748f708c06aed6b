import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pytorchFiles } from '../../../../src/runs/export/pytorch/files.ts';
import { writeExportFolder } from '../../../../src/runs/export/writeExport.ts';
import type { Checkpoint, Tensors, VocabularyCodes } from '../../../../src/protocol/checkpoint.ts';
import type { Validation, Vitals } from '../../../../src/protocol/events.ts';
import type { Inspection } from '../../../../src/protocol/run.ts';
import { parseSettings, type RunSettings } from '../../../../src/protocol/settings.ts';
import type { StoredRun } from '../../../../src/protocol/storedRun.ts';
import { sampleText } from '../../../../src/text/sampleText.ts';
import { TrainingRun } from '../../../../src/training/run.ts';
import { finish } from '../../../../src/common/work.ts';
import { MACHINE } from '../../training/helpers.ts';

/** Iterations before the export, and those that both sides then do. One pass over the text takes 46. */
export const BEFORE = 25;
export const AFTER = 30;
export const END = BEFORE + AFTER;
export const INSPECT_EVERY = 10;

export interface Case {
  readonly name: string;
  readonly settings: Partial<RunSettings>;
  /** Bytes of the text's file. */
  readonly text: Uint8Array;
  /** Of the file, where it has no mark and is not UTF-8. */
  readonly encoding?: string;
}

const LATIN = sampleText().slice(0, 1500);
/** Two and three bytes in UTF-8, and a code point of two UTF-16 units. */
const MIXED = Array.from(LATIN)
  .map((character, at) => (at % 7 === 0 ? 'é' : at % 11 === 0 ? '語' : at % 13 === 0 ? '😀' : character))
  .join('');

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const utf16 = (text: string): Uint8Array => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);

/** U+8A9E and U+FF5E among Latin letters; older tables of the same name have U+301C for the second. */
const shiftJis = (text: string): Uint8Array =>
  Uint8Array.from(
    Array.from(text).flatMap((letter, at) =>
      at % 7 === 0 ? [0x8c, 0xea] : at % 11 === 0 ? [0x81, 0x60] : [letter.charCodeAt(0)],
    ),
  );

/** Every optimizer, and among them every module of PyTorch's and several layers, both reductions, both kinds of tokens, texts in five encodings and none, clipping and none. */
export const CASES: readonly Case[] = [
  {
    name: 'sgd',
    settings: { optimizer: 'sgd', learningRate: 0.5, clipNorm: 0.3 },
    text: shiftJis(LATIN),
    encoding: 'shift_jis',
  },
  {
    name: 'momentum',
    settings: { optimizer: 'momentum', learningRate: 0.001, reduction: 'sum', clipNorm: 20, kernels: 'scalar' },
    text: Buffer.from(LATIN.replaceAll('e', '\x80').replaceAll('a', '\x81'), 'latin1'),
    encoding: 'windows-1252',
  },
  {
    name: 'adagrad',
    settings: { optimizer: 'adagrad', learningRate: 0.05, initialization: 'orthogonal' },
    text: utf16(`${MIXED}\ud800`),
  },
  {
    name: 'rmsprop',
    settings: { optimizer: 'rmsprop', learningRate: 0.005, tokens: 'bytes', clipNorm: 0 },
    text: Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), utf8(MIXED.slice(0, 1000))]),
  },
  {
    // No UTF-8, with NUL, and with a mark of UTF-16 that is none.
    name: 'any-bytes',
    settings: { optimizer: 'adam', learningRate: 0.003, tokens: 'bytes' },
    text: Uint8Array.from({ length: 1501 }, (_, at) =>
      at < 2 ? 0xff - at : at % 3 === 0 ? (at * at) & 0xff : 65 + (at % 7),
    ),
  },
  { name: 'relu', settings: { cell: 'relu', optimizer: 'adagrad', learningRate: 0.05 }, text: utf8(LATIN) },
  { name: 'lstm', settings: { cell: 'lstm', optimizer: 'adam', learningRate: 0.02 }, text: utf8(LATIN) },
  {
    name: 'gru-2',
    settings: { cell: 'gru', layers: 2, optimizer: 'adam', learningRate: 0.02, clipNorm: 0.5 },
    text: utf8(LATIN),
  },
  {
    name: 'lstm-2',
    settings: { cell: 'lstm', layers: 2, optimizer: 'momentum', learningRate: 0.05, kernels: 'scalar' },
    text: utf8(LATIN),
  },
  { name: 'tanh-3', settings: { layers: 3, optimizer: 'rmsprop', learningRate: 0.005 }, text: utf8(LATIN) },
  { name: 'adam', settings: { optimizer: 'adam', learningRate: 0.01, kernels: 'scalar' }, text: utf8(LATIN) },
];

export interface Exported {
  readonly folder: string;
  readonly run: StoredRun;
  readonly checkpoint: Checkpoint;
  readonly vocabulary: VocabularyCodes;
  /** What the run itself does in the iterations after the export. */
  readonly rows: readonly Float64Array[];
  readonly inspections: readonly Inspection[];
  readonly vitals: readonly Vitals[];
  readonly atExport: Validation;
  readonly atEnd: Validation;
  readonly parametersAtEnd: Tensors;
}

/** Trains, exports into a folder of the case's name, and trains on. */
export async function exportCase({ name, settings, text, encoding }: Case, root: string): Promise<Exported> {
  const folder = join(root, name);
  const path = join(root, `${name}.txt`);
  await mkdir(folder);
  await writeFile(path, text);
  // Five streams of the validation text, which do not divide it.
  const all = parseSettings({ hiddenSize: 7, sequenceLength: 9, batchSize: 5, kernels: 'reference', ...settings });
  const file = { path, ...(encoding !== undefined && { encoding }) };
  const training = TrainingRun.create(
    { type: 'start', runId: `run-${name}`, settings: all, name: `${name}.txt`, file },
    MACHINE,
  );
  for (let iteration = 0; iteration < BEFORE; iteration++) training.iterate();
  const { validation: atExport } = finish(training.validate());
  const checkpoint = training.checkpoint(1234);
  const run: StoredRun = {
    format: 'rnn-gradient-inspector-run',
    version: 1,
    runId: `run-${name}`,
    isPinned: false,
    source: 'inspector',
    settings: all,
    text: {
      uri: `file://${path}`,
      fileName: `${name}.txt`,
      ...training.text,
      isKept: true,
      ...(encoding !== undefined && { encoding }),
    },
    facts: training.facts,
    versions: {},
    createdAt: '2026-01-01T00:00:00.000Z',
    changedAt: '2026-01-01T00:00:00.000Z',
    state: 'paused',
    iterations: BEFORE,
    elapsedMs: 1234,
  };
  const { vocabulary } = training;
  const files = pytorchFiles({ run, checkpoint, vocabulary, textFileName: `${name}.txt`, text });
  await writeExportFolder(folder, files);
  const continued = goOn(training);
  const { validation: atEnd } = finish(training.validate());
  const { parameters: parametersAtEnd } = training.checkpoint(0);
  training.close();
  return { folder, run, checkpoint, vocabulary, atExport, atEnd, parametersAtEnd, ...continued };
}

function goOn(training: TrainingRun): Pick<Exported, 'rows' | 'inspections' | 'vitals'> {
  const rows: Float64Array[] = [];
  const inspections: Inspection[] = [];
  const vitals: Vitals[] = [];
  for (let iteration = BEFORE; iteration < END; iteration++) {
    const isInspected = iteration % INSPECT_EVERY === 0 || iteration === END - 1;
    const result = training.iterate({ measures: isInspected });
    rows.push(result.row);
    if (isInspected) inspections.push(training.inspect({ cosines: true }));
    for (const { type, value } of result.measured) if (type === 'vitals') vitals.push(value);
  }
  return { rows, inspections, vitals };
}
