import * as vscode from 'vscode';
import { l10n } from '../../common/l10n.ts';
import { InputError } from '../../common/inputError.ts';
import { parseSettings, SETTINGS, type RunSettings } from '../../protocol/settings.ts';
import type { StoredRun } from '../../protocol/storedRun.ts';
import { CheckpointFolder, type NewestCheckpoint } from '../../runs/disk/checkpoints.ts';
import { continuedRun } from '../../runs/recording/continuedRun.ts';
import { describeOwner, type Owner } from '../../runs/disk/lock.ts';
import { RunRecorder } from '../../runs/recording/recorder.ts';
import { withSettings } from '../../runs/recording/settingChanges.ts';
import type { TextSource } from '../session/textSource.ts';
import { forkRun } from './forking.ts';
import type { OwnedLock } from './keptRun.ts';
import { own, ownByForce } from './owning.ts';
import { restoredRun } from './restore.ts';
import type { RunLauncher } from './runLauncher.ts';
import { type AskPerson, NO_CHECKPOINT, wayInto } from './takingOver.ts';
import { chooseText } from './textChoice.ts';
import { ask, tell } from '../message.ts';

/** What a run goes on with, as the person decided; undefined where they changed their mind or something else was begun. */
interface Decision {
  readonly source: TextSource;
  readonly settings: RunSettings;
  readonly maxIterations: number | undefined;
}

/**
 * Goes on with a run from its newest checkpoint, to the bit. Where another program owns it, the person is asked whether to take it over.
 * @param isPaused brings the network back and waits.
 * @throws {InputError} where there is no checkpoint, or somebody takes the run at the same moment.
 */
export function resumeRun(
  launcher: RunLauncher,
  folder: string,
  isPaused: boolean,
  asks: AskPerson = ask,
): Promise<void> {
  return launcher.once(folder, () => resume(launcher, folder, isPaused, asks));
}

async function resume(launcher: RunLauncher, folder: string, isPaused: boolean, asks: AskPerson): Promise<void> {
  const shown = launcher.sessionOf(folder);
  if (shown?.isUnderWay === true) {
    shown.control('resume');
    return;
  }
  await launcher.keeper.settled(folder);
  await readRunOfOurs(launcher, folder);
  const wayIn = await wayInto(folder, asks);
  if (wayIn === undefined) return;
  const interrupted = await readInterrupted(launcher, folder);
  for (const problem of interrupted.newest.problems) launcher.log.warn(problem);
  // Before anybody loses the run: who changes their mind here has changed nothing.
  const decision = await decide(launcher, interrupted, isPaused);
  if (decision === undefined) return;
  const taken = wayIn === 'taken over' ? await ownByForce(folder) : undefined;
  try {
    // Whoever owned it wrote until it was lost.
    const present = taken === undefined ? interrupted : await readInterrupted(launcher, folder);
    await launcher.keeper.places.use(folder);
    await goOn(launcher, present, decision, isPaused, taken);
  } catch (error) {
    await taken?.lock.release();
    throw error;
  }
}

/** @throws {InputError} where there is no such run any more, it cannot go on, or is another program's. */
async function readInterrupted(launcher: RunLauncher, folder: string): Promise<Interrupted> {
  const run = await readRunOfOurs(launcher, folder);
  const newest = await new CheckpointFolder(folder).newestReadable();
  if (newest?.vocabulary === undefined) throw new InputError(NO_CHECKPOINT);
  return { folder, run, newest };
}

/** @throws {InputError} where there is no such run any more, it cannot be read, or is another program's. */
async function readRunOfOurs(launcher: RunLauncher, folder: string): Promise<StoredRun> {
  const found = await launcher.keeper.places.find(folder);
  const run = found?.summary.run;
  if (run === undefined) {
    throw new InputError(
      found?.summary.problem ??
        l10n.t(
          'The run in {folder} is not there any more: it was deleted or moved. The command “Bring back deleted run” brings back what was deleted here; else train again on its file.',
          { folder },
        ),
    );
  }
  if (run.source !== 'train.py') return run;
  throw new InputError(
    l10n.t(
      'The run is one of train.py: it goes on there. Import its model.safetensors to train on with its weights here.',
    ),
  );
}

/** A run as it was when the person was asked. */
interface Interrupted {
  readonly folder: string;
  readonly run: StoredRun;
  readonly newest: NewestCheckpoint;
}

/** Owns the folder and starts the run; once it has started, the folder is taken back to the checkpoint. */
async function goOn(
  launcher: RunLauncher,
  { folder, run, newest: { checkpoint, vocabulary } }: Interrupted,
  { source, settings, maxIterations }: Decision,
  isPaused: boolean,
  taken: OwnedLock | undefined,
): Promise<void> {
  const owned = taken ?? (await own(folder));
  if ('heldBy' in owned) throw belongsTo(owned.heldBy);
  try {
    const before = await launcher.keeper.reading.readRun(folder, { upTo: checkpoint.iteration });
    // While the person was asked, another window may have gone on with it: what it did must not become void.
    if (before.run.changedAt !== run.changedAt) {
      throw new InputError(l10n.t('The run went on in another window meanwhile. Resume it again.'));
    }
    const earlier = restoredRun(folder, before);
    // What a person has just typed may not be on the disk.
    const { sampling } = launcher.sessionOf(folder)?.description ?? earlier.description;
    const { text } = run;
    const session = launcher.start(source, settings, {
      earlier: { ...earlier, description: { ...earlier.description, settings, sampling } },
      from: {
        checkpoint,
        ...(vocabulary && { vocabulary }),
        mode: 'exact',
        isPaused,
        ...(text && { text: { bytes: text.bytes, sha256: text.sha256 } }),
      },
      ...(maxIterations !== undefined && { maxIterations }),
    });
    launcher.keeper.goOn(session, owned, async (options) => {
      // Its name may have changed meanwhile.
      const stored = await launcher.keeper.reading.readRunFile(folder);
      // A limit that is reached would end every later resumption at once.
      delete stored.maxIterations;
      const limited = { ...stored, ...(maxIterations !== undefined && { maxIterations }) };
      const continued = withSettings(continuedRun(limited, checkpoint), settings, checkpoint.iteration);
      return RunRecorder.continueAt(folder, continued, checkpoint.iteration, options);
    });
    tellOfOtherKernels(session, checkpoint.kernels);
    launcher.show(session, launcher.sessionOf(folder));
  } catch (error) {
    await owned.lock.release();
    throw error;
  }
}

function belongsTo(owner: Owner): InputError {
  return new InputError(
    l10n.t('The run belongs to the {owner}. Pause or stop it there first.', {
      owner: describeOwner(owner),
    }),
  );
}

/** Only the same kernels give the same numbers to the bit: where this machine lacks them, the person is told. */
function tellOfOtherKernels(session: ReturnType<RunLauncher['start']>, before: string): void {
  const subscription = session.onDidReceive((event) => {
    if (event.type !== 'started') return;
    subscription.dispose();
    if (event.facts.kernels === before) return;
    void tell(
      l10n.t(
        'The run went on with the kernels "{kernels}"; before, it was computed with "{before}". From here on its losses may differ in their last digits from those of an uninterrupted run.',
        { kernels: event.facts.kernels, before },
      ),
    );
  });
}

/** Finds the text, and asks what only the person can decide. */
async function decide(
  launcher: RunLauncher,
  { run, folder, newest }: Interrupted,
  isPaused: boolean,
): Promise<Decision | undefined> {
  const settings = run.state === 'finished' && !isPaused ? await withMoreEpochs(run) : run.settings;
  if (settings === undefined) return undefined;
  const maxIterations = run.state === 'finished' ? undefined : run.maxIterations;
  const choice = await chooseText(run, folder);
  if (choice?.kind === 'new')
    await forkRun(launcher, { run, folder, newest, source: choice.source, settings: run.settings });
  if (choice?.kind === 'anew') launcher.show(launcher.begin(choice.source, run.settings), launcher.sessionOf(folder));
  return choice?.kind === 'same' ? { source: choice.source, settings, maxIterations } : undefined;
}

/** A run that finished goes on for more passes over its text. */
async function withMoreEpochs({ settings, facts, iterations }: StoredRun): Promise<RunSettings | undefined> {
  const planned = Math.ceil(settings.maxEpochs * (facts?.iterationsPerEpoch ?? 0));
  // It was to do a number of iterations only: its epochs are not over.
  if (iterations < planned) return settings;
  const { maximum } = SETTINGS.maxEpochs;
  const answer = await vscode.window.showInputBox({
    title: l10n.t('Train on'),
    prompt: l10n.t('The run finished after {epochs} epochs. For how many epochs in all?', {
      epochs: settings.maxEpochs,
    }),
    value: String(Math.min(maximum, 2 * settings.maxEpochs)),
    validateInput: (text) =>
      Number(text) > settings.maxEpochs && Number(text) <= maximum
        ? undefined
        : l10n.t('Enter a number above {least}, up to {most}.', { least: settings.maxEpochs, most: maximum }),
  });
  return answer === undefined ? undefined : parseSettings({ ...settings, maxEpochs: Number(answer) });
}
