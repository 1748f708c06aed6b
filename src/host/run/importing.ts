import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { l10n } from '../../common/l10n.ts';
import { InputError } from '../../common/inputError.ts';
import { importWarning, isLikelyRelu } from '../../protocol/imported.ts';
import { unusualNetwork } from '../../protocol/settings.ts';
import { MAX_RUN_NAME } from '../../common/limits.ts';
import { followed } from '../../runs/disk/files.ts';
import { ForeignWeights } from '../../runs/format/foreignWeights.ts';
import { importedStart, mayBeBytes, symbolsUnknown } from '../../runs/import/start.ts';
import { readVocabularyFile } from '../../runs/import/vocabularyFile.ts';
import {
  importNetworkFile,
  type ImportedNetwork,
  type ImportOrder,
  withNonlinearity,
} from '../../runs/import/stateDict.ts';
import { refuse, refuseFor, underNotification, warn } from '../message.ts';
import { readSettings } from './settings.ts';
import type { Session } from '../session/session.ts';
import { readTextSource, type TextSource } from '../session/textSource.ts';
import type { RunActions } from './runActions.ts';
import type { RunLauncher } from './runLauncher.ts';

/** What VS Code's dialog offers; PyTorch's own files are told how to be converted. */
const WEIGHTS = { [l10n.t('Weights')]: ['safetensors', 'pt', 'pth', 'bin'] };
const VOCABULARIES = { [l10n.t('Vocabularies')]: ['json', 'txt'] };

/**
 * *Import weights…*: a network that was trained elsewhere, paused on a text of the person's choice, to look into its gradients
 * and to train it on.
 */
export async function importWeights(launcher: RunLauncher): Promise<void> {
  const file = await pick(l10n.t('Import weights'), l10n.t('Import'), WEIGHTS);
  if (file === undefined) return;
  const name = basename(file.fsPath);
  const read = await readNetwork(file.fsPath);
  if (read === undefined) return;
  const text = await pick(l10n.t('The text that {name} is to read', { name }), l10n.t('Choose text'));
  if (text === undefined) return;
  const network = await withSymbols(read, file.fsPath);
  if (network === undefined) return;
  const source = await readTextSource(text, network.order === 'bytes' ? 'bytes' : network.vocabulary?.tokens);
  const session = beginImported(launcher, network, name, source);
  const refusal = await underNotification(
    l10n.t('Importing {name}: reading {text}', { name, text: source.name }),
    () => refusalOf(session),
    () => void session.stop(),
  );
  if (refusal === undefined && session.status.state !== 'stopped') {
    launcher.show(session);
    // Not waited for: the message may stay while the person does something else.
    void offerRelu(launcher, session, network, name, source).catch(refuseFor);
    return;
  }
  // Of a text that is not the network's, or that nobody wants to wait for, there is nothing to show.
  session.dispose();
  if (refusal !== undefined) throw new InputError(refusal);
}

/** Where tanh was assumed and ReLU does clearly better on the first window: says so, and begins another run with it if that is wished. */
async function offerRelu(
  launcher: RunLauncher,
  { description: { imported, facts } }: Session,
  network: ImportedNetwork,
  name: string,
  source: TextSource,
): Promise<void> {
  if (imported === undefined || facts === undefined || !isLikelyRelu(imported)) return;
  const again = l10n.t('Import with ReLU');
  const warning = importWarning(imported, facts.vocabulary.length);
  if (warning === undefined) return;
  if ((await warn(`${name}: ${warning}`, again)) !== again) return;
  launcher.show(beginImported(launcher, withNonlinearity(network, 'relu'), name, source));
}

/** Undefined where the file is of a format that must be converted first, which the person was told. */
async function readNetwork(path: string): Promise<ImportedNetwork | undefined> {
  try {
    return await importNetworkFile(path);
  } catch (error) {
    if (!(error instanceof ForeignWeights)) throw error;
    const copy = l10n.t('Copy the Python');
    // Not waited for: the message may stay while the person does something else.
    void refuse(error.message, copy).then((answer) => {
      if (answer === copy) void vscode.env.clipboard.writeText(error.conversion);
    });
    return undefined;
  }
}

/** The network with its symbols: as its file says, else as the person does. Undefined where they changed their mind. */
async function withSymbols(network: ImportedNetwork, path: string): Promise<ImportedNetwork | undefined> {
  if (network.vocabulary !== undefined) return network;
  const name = basename(path);
  const { vocabularyProblem } = network;
  if (vocabularyProblem !== undefined) {
    const another = l10n.t('Choose its symbols…');
    if ((await refuse(symbolsUnknown(network, name), another)) !== another) return undefined;
  }
  const answer = await vscode.window.showQuickPick(symbolChoices(network), {
    title: l10n.t('Import {name}', { name }),
    placeHolder: l10n.t('The file does not say what its {count} symbols are. What do its ids stand for?', {
      count: network.shape.V,
    }),
    ignoreFocusOut: true,
  });
  if (answer === undefined) return undefined;
  if (answer.order !== undefined) return { ...network, order: answer.order };
  const chosen = await pick(l10n.t('The symbols of {name}', { name }), l10n.t('Choose vocabulary'), VOCABULARIES);
  return chosen && importNetworkFile(path, { vocabulary: await readVocabularyFile(chosen.fsPath) });
}

interface SymbolChoice extends vscode.QuickPickItem {
  /** Undefined for a file. */
  readonly order: ImportOrder | undefined;
}

/** What the ids of a network may stand for whose file does not say it. */
export function symbolChoices(network: ImportedNetwork): SymbolChoice[] {
  const choices: SymbolChoice[] = [
    {
      label: l10n.t("The text's characters in the order of their code points"),
      detail: l10n.t('As sorted(set(text)) in Python gives them. Most programs do that.'),
      order: 'codepoints',
    },
    {
      label: l10n.t("The text's characters in the order in which they first appear"),
      detail: l10n.t('As dict.fromkeys(text) in Python gives them.'),
      order: 'appearance',
    },
    {
      label: l10n.t('A file with the vocabulary…'),
      detail: l10n.t('JSON: a list by id, {byCharacter} or {byId}. Or a text with one character a line.', {
        byCharacter: '{character: id}',
        byId: '{id: character}',
      }),
      order: undefined,
    },
  ];
  const bytes: SymbolChoice = {
    label: l10n.t('Bytes'),
    detail: l10n.t('Each id is the byte of that value, 0 to 255.'),
    order: 'bytes',
  };
  return mayBeBytes(network) ? [bytes, ...choices] : choices;
}

/** A run that begins, paused, with the parameters of an imported network. @param name of the file that it was in. */
export function beginImported(
  launcher: RunLauncher,
  network: ImportedNetwork,
  name: string,
  source: TextSource,
): Session {
  const { settings, from, imported } = importedStart(network, name, readSettings(source.uri));
  // Of a network that was imported twice, with one cell and the other, the two are told apart.
  const unusual = unusualNetwork(settings).join(', ');
  const ending = unusual && ` (${unusual})`;
  const runName =
    l10n.t('{name} on {text}', { name, text: source.name }).slice(0, MAX_RUN_NAME - ending.length) + ending;
  const session = launcher.start(source, settings, { from, imported, name: runName });
  const origin = { source, settings, imported, name: runName };
  launcher.keeper.begin(session, origin);
  for (const note of [...imported.assumptions, ...imported.notes]) launcher.log.info(`${name}: ${note}`);
  return session;
}

/** Resolves when the run has started, with nothing, or is over, with why it was refused. */
function refusalOf(session: Session): Promise<string | undefined> {
  return new Promise((resolve) => {
    const settle = (): void => {
      if (session.status.state === 'starting') return;
      subscription.dispose();
      resolve(session.status.failure?.message);
    };
    const subscription = session.onDidChange(settle);
    settle();
  });
}

/** *Open run folder…*: a run that lies elsewhere, such as one that a cluster writes to; it is followed while it grows. */
export async function openRunFolder(launcher: RunLauncher, runs: RunActions): Promise<void> {
  const picked = await vscode.window.showOpenDialog({
    title: l10n.t('Open run folder'),
    openLabel: l10n.t('Open'),
    canSelectFolders: true,
    canSelectFiles: false,
  });
  const chosen = picked?.[0]?.fsPath;
  if (chosen === undefined) return;
  const folder = await followed(chosen);
  const { runId } = await launcher.keeper.reading.readRunFile(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new InputError(
      l10n.t('{folder} holds no run: there is no run.json in it. Choose the folder of a run.', { folder }),
    );
  });
  if (basename(folder) !== runId) {
    throw new InputError(
      l10n.t(
        'The folder {folder} holds the run {run}. Rename the folder to "{run}" in {place}, so that it can be found again.',
        { folder: basename(folder), run: runId, place: dirname(folder) },
      ),
    );
  }
  await launcher.keeper.places.remember(folder);
  await runs.open(folder);
}

async function pick(
  title: string,
  openLabel: string,
  filters?: Record<string, string[]>,
): Promise<vscode.Uri | undefined> {
  const picked = await vscode.window.showOpenDialog({
    title,
    openLabel,
    canSelectMany: false,
    ...(filters && { filters: { ...filters, [l10n.t('All files')]: ['*'] } }),
  });
  return picked?.[0];
}
