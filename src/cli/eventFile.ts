import { createReadStream } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import * as v from 'valibot';
import { fileReason } from '../common/fileReason.ts';
import { isBeyond, isRunEventType } from '../protocol/events.ts';
import { Settings } from '../protocol/run.ts';
import { SETTING_NAMES, type RunSettings } from '../protocol/settings.ts';
import type { StoredRun } from '../protocol/storedRun.ts';
import { writeAtomically } from '../runs/disk/atomicFile.ts';
import { followed } from '../runs/disk/files.ts';
import { settingsOverTime } from '../runs/recording/settingChanges.ts';
import { CommandError } from './errors.ts';

/** Files of events that are there already. */

/** What a line must say for its place to be known. */
const Line = v.looseObject({ type: v.string(), iteration: v.optional(v.number()) });
type Line = v.InferOutput<typeof Line>;

/** What the first line says of the run, as far as no resumption changes it. */
const Start = v.object({
  type: v.literal('start'),
  /** Not there in files of earlier versions, and of runs that are kept nowhere. */
  runId: v.optional(v.string()),
  seed: v.number(),
  vocabulary: v.array(v.string()),
  settings: Settings,
});
/** Those that are no part of what an iteration computes. */
const OF_NO_MATTER: ReadonlySet<string> = new Set(['maxEpochs', 'startPaused', 'threads', 'kernels']);

/** A first line holds the vocabulary. */
const MAX_START_BYTES = 16 * 2 ** 20;
/** So much is written at a time. */
const BLOCK_CHARACTERS = 2 ** 20;

/** What lies where events are to go: a file, which would be replaced, or something else, such as a pipe, which would not. */
export async function whatIsThere(path: string): Promise<'file' | 'other' | undefined> {
  try {
    return (await lstat(await followed(path))).isFile() ? 'file' : 'other';
  } catch {
    return undefined;
  }
}

/**
 * Before anything is done: whether a run can go on with what is there.
 * @throws {CommandError} where it is a file that does not begin as one of this run's events.
 */
export async function checkEvents(path: string, run: StoredRun): Promise<void> {
  const input = createReadStream(await followed(path), { end: MAX_START_BYTES });
  const ownFrom = run.forkedFrom?.ownFrom ?? 0;
  const other = new CommandError(`--events is "${path}", which holds the events of another run. Choose another file.`);
  let isBegun = false;
  try {
    for await (const text of createInterface({ input, crlfDelay: Infinity })) {
      const line = parsed(text);
      if (!isBegun) {
        const start = v.safeParse(Start, line);
        if (!start.success) break;
        if (!isStartOf(start.output, run)) throw other;
        isBegun = true;
        // Only a fork shares settings and text with another run whose events begin before its own.
        if (ownFrom === 0) return;
      } else if (line?.type === 'iteration') {
        if ((line.iteration ?? 0) < ownFrom) throw other;
        return;
      }
    }
    if (isBegun) return;
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`Cannot read "${path}": ${fileReason(error)}.`);
  } finally {
    input.destroy();
  }
  throw noEvents(path, 1);
}

/** Whether events began so with any of the settings that the run had one after the other, of a fork those of its own. */
function isStartOf(start: v.InferOutput<typeof Start>, run: StoredRun): boolean {
  if (start.runId !== undefined && start.runId !== run.runId) return false;
  const { settingChanges = [], forkedFrom, facts } = run;
  const own = settingChanges.filter(
    ({ iteration }) => forkedFrom === undefined || iteration > (forkedFrom.ownFrom ?? 0),
  );
  const names = SETTING_NAMES.filter((name) => !OF_NO_MATTER.has(name));
  const isSame = (had: RunSettings): boolean => names.every((name) => start.settings[name] === had[name]);
  if (!settingsOverTime({ ...run, settingChanges: own }).some(isSame)) return false;
  return facts === undefined || start.vocabulary.join('\n') === facts.vocabulary.join('\n');
}

/**
 * Takes a file of events back to iteration `iterations`, from which the run goes on: what was written of that iteration and later ones, and
 * the end, goes. The file is exchanged in one step.
 * @throws {CommandError} where it is no such file, or cannot be read or written.
 */
export async function takeBackEvents(path: string, iterations: number): Promise<void> {
  try {
    const target = await followed(path);
    await writeAtomically(
      target,
      keptLines(target, path, (line) => isBefore(line, iterations)),
    );
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`Cannot write "${path}": ${fileReason(error)}.`);
  }
}

/** Whether a line still holds for a run that goes on from an iteration. */
function isBefore({ type, iteration }: Line, iterations: number): boolean {
  if (type === 'end') return false;
  if (iteration === undefined) return true;
  if (isRunEventType(type)) return !isBeyond(type, iteration, iterations);
  // A checkpoint of iteration N is of the network from which iteration N starts.
  return type === 'checkpoint' ? iteration <= iterations : iteration < iterations;
}

/** @param path that the person gave, for messages. */
async function* keptLines(from: string, path: string, keeps: (line: Line) => boolean): AsyncGenerator<Uint8Array> {
  let block = '';
  let number = 0;
  let torn: number | undefined;
  for await (const text of createInterface({ input: createReadStream(from), crlfDelay: Infinity })) {
    number++;
    const line = parsed(text);
    if (torn !== undefined || (number === 1 && line?.type !== 'start')) throw noEvents(path, torn ?? number);
    // A process that was killed leaves half a line at the end, and only there.
    if (line === undefined) torn = number;
    else if (keeps(line)) block += `${text}\n`;
    if (block.length > BLOCK_CHARACTERS) {
      yield Buffer.from(block);
      block = '';
    }
  }
  if (number === 0) throw noEvents(path, 1);
  yield Buffer.from(block);
}

function parsed(text: string): Line | undefined {
  try {
    const result = v.safeParse(Line, JSON.parse(text));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}

function noEvents(path: string, line: number): CommandError {
  return new CommandError(
    `--events is "${path}", which is there already and holds no events of a run (line ${line}). Choose another file.`,
  );
}
