import { join } from 'node:path';
import * as vscode from 'vscode';
import { InputError } from '../../common/inputError.ts';
import { fileReason } from '../../common/fileReason.ts';
import { parseSettings, SETTINGS, type RunSettings } from '../../protocol/settings.ts';
import type { StoredRun } from '../../protocol/storedRun.ts';
import { CheckpointFolder, type NewestCheckpoint } from '../../runs/checkpoints.ts';
import { continuedRun } from '../../runs/continuedRun.ts';
import { describeOwner, type Owner } from '../../runs/lock.ts';
import { RunRecorder } from '../../runs/recorder.ts';
import { readRun } from '../../runs/runReader.ts';
import { readTextSource, type TextSource } from '../textSource.ts';
import { forkRun } from './forking.ts';
import { restoredRun } from './restore.ts';
import type { Stage } from './stage.ts';
import { digestOf, digestOfFile } from './textDigest.ts';

/** What a run goes on with, as the person decided; undefined where they changed their mind or something else was begun. */
interface Decision {
  readonly source: TextSource;
  readonly settings: RunSettings;
  readonly maxIterations: number | undefined;
}

/**
 * Goes on with a run from its newest checkpoint, to the bit.
 * @param isPaused brings the network back and waits.
 * @throws {InputError} where somebody else owns the run, or there is no checkpoint.
 */
export function resumeRun(stage: Stage, runId: string, isPaused: boolean): Promise<void> {
  return stage.once(runId, () => resume(stage, runId, isPaused));
}

async function resume(stage: Stage, runId: string, isPaused: boolean): Promise<void> {
  const shown = stage.sessionOf(runId);
  if (shown?.isUnderWay === true) {
    shown.control('resume');
    return;
  }
  await stage.keeper.settled(runId);
  const found = await stage.keeper.places.find(runId);
  if (found?.summary.run === undefined) {
    throw new InputError(found?.summary.problem ?? `The run ${runId} is not there any more. Train again on its file.`);
  }
  const { folder, run, owner } = found.summary;
  if (owner !== undefined) throw belongsTo(owner);
  if (run.source === 'train.py') {
    throw new InputError(
      'The run is one of train.py: it goes on there. Import its model.safetensors to train on with its weights here.',
    );
  }
  const checkpoints = new CheckpointFolder(folder);
  const newest = await checkpoints.newestReadable();
  if (newest?.vocabulary === undefined) {
    throw new InputError('The run has no checkpoint to go on from. Train again on its file.');
  }
  for (const problem of newest.problems) stage.log.warn(problem);
  const decision = await decide(stage, run, folder, newest, isPaused);
  if (decision !== undefined) await goOn(stage, folder, newest, decision, isPaused);
}

/** Owns the folder, takes the run back to the checkpoint and starts it. */
async function goOn(
  stage: Stage,
  folder: string,
  { checkpoint, vocabulary }: NewestCheckpoint,
  { source, settings, maxIterations }: Decision,
  isPaused: boolean,
): Promise<void> {
  const owned = await stage.keeper.own(folder);
  if ('heldBy' in owned) throw belongsTo(owned.heldBy);
  try {
    const before = await readRun(folder);
    const recorder = await RunRecorder.continueAt(
      folder,
      continuedRun({ ...before.run, settings }, checkpoint),
      checkpoint.iteration,
      stage.keeper.recorderOptions(),
    );
    const earlier = restoredRun(await readRun(folder));
    const { runId } = earlier.description;
    const text = before.run.text;
    const session = stage.start(source, settings, {
      earlier: { ...earlier, description: { ...earlier.description, settings } },
      from: {
        checkpoint,
        ...(vocabulary && { vocabulary }),
        mode: 'exact',
        isPaused,
        ...(text && { text: { bytes: text.bytes, sha256: text.sha256 } }),
      },
      ...(maxIterations !== undefined && { maxIterations }),
    });
    stage.keeper.goOn(session, { ...owned, recorder });
    tellOfOtherKernels(session, checkpoint.kernels);
    stage.show(session, stage.sessionOf(runId));
  } catch (error) {
    await owned.lock.release();
    throw error;
  }
}

function belongsTo(owner: Owner): InputError {
  return new InputError(`The run belongs to ${describeOwner(owner)}. Pause or stop it there first.`);
}

/** Only the same kernels give the same numbers to the bit: where this machine lacks them, the person is told. */
function tellOfOtherKernels(session: ReturnType<Stage['start']>, before: string): void {
  const subscription = session.onDidReceive((event) => {
    if (event.type !== 'started') return;
    subscription.dispose();
    if (event.facts.kernels === before) return;
    void vscode.window.showInformationMessage(
      `The run went on with the kernels "${event.facts.kernels}"; before, it was computed with "${before}". From here on its losses may differ in their last digits from those of an uninterrupted run.`,
    );
  });
}

/** Finds the text, and asks what only the person can decide. */
async function decide(
  stage: Stage,
  run: StoredRun,
  folder: string,
  newest: NewestCheckpoint,
  isPaused: boolean,
): Promise<Decision | undefined> {
  const settings = run.state === 'finished' && !isPaused ? await withMoreEpochs(run) : run.settings;
  if (settings === undefined) return undefined;
  const maxIterations = run.state === 'finished' ? undefined : run.maxIterations;
  const source = await textFor(stage, run, folder, newest);
  return source && { source, settings, maxIterations };
}

/** A run that finished goes on for more passes over its text. */
async function withMoreEpochs({ settings }: StoredRun): Promise<RunSettings | undefined> {
  const { maximum } = SETTINGS.maxEpochs;
  const answer = await vscode.window.showInputBox({
    title: 'Train on',
    prompt: `The run finished after ${settings.maxEpochs} epochs. For how many epochs in all?`,
    value: String(Math.min(maximum, 2 * settings.maxEpochs)),
    validateInput: (text) =>
      Number(text) > settings.maxEpochs && Number(text) <= maximum
        ? undefined
        : `Enter a number above ${settings.maxEpochs}, up to ${maximum}.`,
  });
  return answer === undefined ? undefined : parseSettings({ ...settings, maxEpochs: Number(answer) });
}

/** The text as it was, from its file or from what was kept of it; else what the person decides. */
async function textFor(
  stage: Stage,
  run: StoredRun,
  folder: string,
  newest: NewestCheckpoint,
): Promise<TextSource | undefined> {
  const { text } = run;
  if (text === undefined) throw new InputError('The run never read its text. Train again on its file.');
  const uri = vscode.Uri.parse(text.uri);
  const current = await readTextSource(uri).catch((error: unknown) => fileReason(error));
  if (typeof current !== 'string' && (await digestOf(current)).sha256 === text.sha256) return current;
  const kept = await keptText(run, folder, uri);
  const problem = typeof current === 'string' ? current : `${text.fileName} changed since the run began.`;
  const onOld = 'Go on with the text as it was';
  const onNew = 'Continue on the new text';
  const anew = 'Start anew';
  const answer = await vscode.window.showWarningMessage(
    problem,
    { modal: true, detail: explain(kept !== undefined, typeof current !== 'string') },
    ...(kept ? [onOld] : []),
    ...(typeof current === 'string' ? [] : [onNew, anew]),
  );
  if (answer === onOld) return kept;
  if (typeof current === 'string') return undefined;
  if (answer === onNew) await forkRun(stage, { run, folder, newest, source: current, settings: run.settings });
  if (answer === anew) stage.show(stage.begin(current, run.settings), stage.sessionOf(run.runId));
  return undefined;
}

function explain(isKept: boolean, isThere: boolean): string {
  const old = isKept
    ? 'The text as it was is kept with the run: with it the run goes on to the bit.'
    : 'The text as it was is not kept (rnnInspector.runs.keepTextMB), so the run cannot go on to the bit.';
  if (!isThere) return old;
  return `${old} Continuing on the new text begins a new run with this network; its vocabulary must hold every character of the text. Starting anew begins with a new network.`;
}

async function keptText({ text }: StoredRun, folder: string, uri: vscode.Uri): Promise<TextSource | undefined> {
  if (text?.isKept !== true) return undefined;
  const path = join(folder, 'text');
  const digest = await digestOfFile(path).catch(() => undefined);
  if (digest?.sha256 !== text.sha256) return undefined;
  const { encoding } = text;
  return { uri, name: text.fileName, content: { file: { path, ...(encoding !== undefined && { encoding }) } } };
}
