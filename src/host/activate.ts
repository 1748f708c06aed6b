import * as vscode from 'vscode';
import { DisposableStore } from '../common/disposable.ts';
import { InputError } from '../common/inputError.ts';
import { l10n } from '../common/l10n.ts';
import { sampleText } from '../text/sampleText.ts';
import { keepContextKeys } from './session/contextKeys.ts';
import { EditorInspection } from './editor/editorInspection.ts';
import type { EditorStudy } from './editor/study.ts';
import { ComparePanels } from './compare/comparePanels.ts';
import { startByHand } from './run/byHand.ts';
import { RunsToCompare } from './run/runsToCompare.ts';
import { offerAfterCrash } from './run/crashOffer.ts';
import { exportStored } from './run/exporting.ts';
import { importWeights, openRunFolder } from './run/importing.ts';
import { KeptTours } from './run/keptTours.ts';
import { learn } from './run/learn.ts';
import { followLost } from './run/opening.ts';
import { replaceOrphans } from './panel/orphanPanels.ts';
import { revealText } from './run/textInFront.ts';
import { RunActions } from './run/runActions.ts';
import { RunKeeper } from './run/runKeeper.ts';
import { RunLauncher } from './run/runLauncher.ts';
import { registerRuns } from './runsView/registerRuns.ts';
import { followMovedTexts } from './session/movedTexts.ts';
import type { PanelIntents } from './panel/panel.ts';
import { Panels } from './panel/panels.ts';
import type { ControlAction, Session } from './session/session.ts';
import { savePicture } from './panel/save.ts';
import { pickSession } from './session/pickSession.ts';
import { Sessions } from './session/sessions.ts';
import { openSettings } from './run/settings.ts';
import { ShownRuns } from './panel/shownRuns.ts';
import { StatusBar } from './session/statusBar.ts';
import { TrainCommand } from './run/trainCommand.ts';
import { refuseFor } from './message.ts';

const CONTROL_ACTIONS: readonly ControlAction[] = ['pause', 'step', 'stop'];
/** The path of a file to train on as soon as VS Code is up; `npm start` sets it. */
const TRAIN_VARIABLE = 'RNN_INSPECTOR_TRAIN';

export interface ActiveHost extends vscode.Disposable {
  /** Saves what is under way, before everything is disposed of. */
  shutDown(): Promise<void>;
}

/** Makes every part of the extension and wires them together; what it returns ends them all. */
export function activateHost(context: vscode.ExtensionContext): ActiveHost {
  const owned = new DisposableStore();
  const log = owned.add(vscode.window.createOutputChannel('RNN Inspector', { log: true }));
  const sessions = owned.add(new Sessions());
  const keeper = owned.add(new RunKeeper(context, sessions, log));
  const launcher = new RunLauncher(context, sessions, keeper, () => panels, log);
  owned.add(keeper.onDidLose((session) => reported(followLost(launcher, session))));
  const train = new TrainCommand(context, launcher);
  const intents: PanelIntents = {
    again: (session, withRemedy, panel) => reported(train.again(session, withRemedy, panel)),
    resume: (session, isPaused) => resumeShown(session, isPaused),
    manage: (session, action) => reported(manage(session, action)),
    reveal: (uri) => reported(revealText(uri)),
    trainFile: () => void vscode.commands.executeCommand('rnnInspector.train'),
    importWeights: () => void vscode.commands.executeCommand('rnnInspector.importWeights'),
    openSettings: () => void openSettings(context.extension.id),
    showLog: () => log.show(),
    save: (picture, session) => savePicture(picture, session?.uri),
    report: (message) => log.error(message),
    tours: new KeptTours(context.workspaceState),
  };
  const reported = (work: Thenable<unknown>): void => {
    work.then(undefined, (error: unknown) => {
      log.error(error instanceof Error ? error : String(error));
      refuseFor(error);
    });
  };
  const manage = async ({ folder }: Session, action: 'fork' | 'compare' | 'export'): Promise<void> => {
    if (folder === undefined)
      throw new InputError(l10n.t('This run is not kept on the disk, so there is nothing to work with.'));
    if (action === 'compare') await vscode.commands.executeCommand('rnnInspector.runs.compareWith', folder);
    else await runs[action](folder);
  };
  const resumeShown = (session: Session, isPaused = false): void => {
    const { folder } = session;
    if (folder !== undefined) reported(runs.resume(folder, isPaused));
    // One that is not kept has nothing to go on from but itself.
    else session.control('resume');
  };
  const comparisons = owned.add(
    new ComparePanels(context.extensionUri, owned.add(new RunsToCompare(launcher)), {
      open: (folder) => reported(runs.open(folder)),
      save: (picture) => savePicture(picture, undefined),
      report: (message) => log.error(message),
    }),
  );
  const runs: RunActions = new RunActions(launcher, {
    export: (summary, session) => exportStored(keeper, summary, session),
    compare: (folders) => Promise.resolve(void comparisons.show(folders)),
  });
  const storage = context.storageUri ?? context.globalStorageUri;
  const shown = new ShownRuns(vscode.Uri.joinPath(storage, 'shownRuns.json').fsPath, vscode.env.sessionId);
  const panels: Panels = owned.add(
    new Panels(context.extensionUri, sessions, (run) => runs.sessionIfThere(run), shown, intents),
  );
  reported(replaceOrphans(panels, shown, (run) => runs.sessionIfThere(run)));
  owned.add(registerRuns(context, runs, log));
  owned.add(followMovedTexts(sessions));
  owned.add(showInEditors(sessions, context.globalState, log));
  owned.add(new StatusBar(sessions));
  owned.add(keepContextKeys(sessions));

  const command = (name: string, run: (...values: unknown[]) => unknown): void => {
    owned.add(vscode.commands.registerCommand(`rnnInspector.${name}`, run));
  };
  command('train', (uri) => train.run(uri instanceof vscode.Uri ? uri : undefined));
  for (const action of CONTROL_ACTIONS) command(action, () => sessions.current?.control(action));
  command('resume', () => sessions.current && resumeShown(sessions.current));
  command('showPanel', async () => {
    const session = await pickSession(sessions);
    if (session !== undefined) panels.reveal(session);
  });
  command('generate', () => sessions.current && panels.reveal(sessions.current).focusPrompt());
  command('openSample', () => openSample());
  command('trainByHand', () => reported(startByHand(train, 'tanh')));
  command('learn', () => reported(learn(train)));
  command('importWeights', () => reported(importWeights(launcher)));
  command('openRunFolder', () => reported(openRunFolder(launcher, runs)));

  trainFromEnvironment(train, context.globalState, log);
  reported(
    offerAfterCrash(keeper, context.globalState, {
      resume: (folder) => reported(runs.resume(folder)),
      show: (folder) => reported(runs.open(folder)),
    }),
  );
  return {
    dispose: () => owned.dispose(),
    shutDown: () => Promise.all([keeper.shutDown(), shown.settled()]).then(() => undefined),
  };
}

/** The file of every run whose network is there shows it in its editors. */
function showInEditors(sessions: Sessions, memory: vscode.Memento, log: vscode.LogOutputChannel): vscode.Disposable {
  const owned = new DisposableStore();
  const editors = owned.add(new EditorInspection(memory, log));
  const shown = new Map<Session, vscode.Disposable>();
  owned.add(
    sessions.onDidAdd((session) => {
      if (session.hasNetwork) shown.set(session, editors.add(editorStudyOf(session)));
    }),
  );
  owned.add(sessions.onDidChangeCurrent((session) => session && editors.prefer(session)));
  owned.add(
    sessions.onDidRemove((session) => {
      shown.get(session)?.dispose();
      shown.delete(session);
    }),
  );
  return owned;
}

function editorStudyOf(session: Session): EditorStudy {
  const { study } = session;
  return {
    session,
    get isShown() {
      return study.isShown;
    },
    onDidChangeShown: study.onDidChangeShown,
    get tape() {
      return study.tape;
    },
    get step() {
      return study.step;
    },
    onDidChangeTape: study.onDidChangeTape,
    onDidChooseStep: study.onDidChooseStep,
    score: (before, text) => study.score(before, text),
    chooseStep: (t) => study.chooseStep(t),
  };
}

async function openSample(): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ language: 'plaintext', content: sampleText() });
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One });
}

function trainFromEnvironment(train: TrainCommand, memory: vscode.Memento, log: vscode.LogOutputChannel): void {
  const path = process.env[TRAIN_VARIABLE];
  if (path === undefined || path === '') return;
  // Once for each start of VS Code: a reloaded window shows the run as it was instead of starting another.
  const started = `${path}@${process.ppid}`;
  if (memory.get('rnnInspector.startedFromEnvironment') === started) return;
  void memory.update('rnnInspector.startedFromEnvironment', started);
  const uri = vscode.Uri.file(path);
  log.info(`${TRAIN_VARIABLE} asks to train on ${path}`);
  void vscode.commands.executeCommand('vscode.open', uri, { preview: false }).then(
    () => train.runWithoutAsking(uri),
    (error: unknown) => log.error(error instanceof Error ? error : String(error)),
  );
}
