import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sampleText, sampleTextEntropyNats } from '../text/sampleText.ts';
import type { TrainCommand, TrainText } from './arguments.ts';
import { CommandError } from './errors.ts';
import { whatIsThere } from './eventFile.ts';
import { checkReadable, isSameFile } from './files.ts';
import { formatLoss } from './format.ts';
import { trainToTheEnd, type RunPlan, type TrainEnvironment } from './headlessRun.ts';
import { newFolder, runIdOf, type NewRun } from './newFolder.ts';

/** Of a run that is kept nowhere. */
const NO_RUN_ID = 'headless';

/**
 * Trains on a text until the run is over or interrupted; returns the exit code.
 * @throws {CommandError | InputError} where the text cannot be trained on, the run fails or cannot be kept, or its events cannot
 * be written.
 */
export async function train(command: TrainCommand, environment: TrainEnvironment): Promise<number> {
  const { settings, maxIterations, inspection, eventsFile, keep } = command;
  const text = await textOf(command.text);
  await checkNewEventsFile(eventsFile, 'path' in text.source ? text.source.path : undefined);
  const { file, source, stored, note } = text;
  const run: NewRun = { settings, maxIterations, file, text: stored, source };
  const folder = keep && (await newFolder(run, keep, environment.version));
  const plan: RunPlan = {
    runId: keep === undefined ? NO_RUN_ID : runIdOf(keep.folder),
    file,
    source,
    settings,
    maxIterations,
    inspection,
    eventsFile,
    ...(note !== undefined && { notes: [note] }),
    ...(folder && { folder: folder.plan }),
  };
  return trainToTheEnd(plan, environment, folder?.losable);
}

/** What is trained on: for messages, to be read, and to be found again. */
interface TextToTrain extends Pick<RunPlan, 'file' | 'source'> {
  readonly stored: NewRun['text'];
  readonly note?: string;
}

async function textOf(text: TrainText): Promise<TextToTrain> {
  if (text === 'sample') {
    return {
      file: 'sample.txt',
      source: { text: sampleText() },
      // As the address of a text that is in no file.
      stored: { uri: 'untitled:sample.txt', fileName: 'sample.txt' },
      note:
        'sample.txt is the sample text that comes with this program: sentences of a small grammar, always the same. No network ' +
        `can come below its entropy, ${formatLoss(sampleTextEntropyNats)}.`,
    };
  }
  const { path: file, encoding } = text;
  await checkReadable(file);
  const said = encoding === undefined ? {} : { encoding };
  const path = resolve(file);
  return { file, source: { path, ...said }, stored: { ...storedPlace(path), ...said } };
}

/** How a file is found again. */
export function storedPlace(path: string): Pick<NewRun['text'], 'uri' | 'fileName'> {
  return { uri: pathToFileURL(path).href, fileName: basename(path) };
}

/** @throws {CommandError} where the events would go where something is already. */
export async function checkNewEventsFile(eventsFile: string | undefined, text: string | undefined): Promise<void> {
  await checkEventsFile(eventsFile, text);
  if (eventsFile === undefined || (await whatIsThere(eventsFile)) !== 'file') return;
  throw new CommandError(`--events is "${eventsFile}", which is there already. Choose another file, or remove it.`);
}

/** @throws {CommandError} where the events would go where the text is. */
export async function checkEventsFile(eventsFile: string | undefined, text: string | undefined): Promise<void> {
  if (eventsFile === undefined || text === undefined || !(await isSameFile(text, eventsFile))) return;
  throw new CommandError(`--events would overwrite the text "${text}". Choose another file.`);
}
