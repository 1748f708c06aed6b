import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { InputError } from '../../common/inputError.ts';
import type { Checkpoint } from '../../protocol/checkpoint.ts';
import { parseSettings, type RunSettings } from '../../protocol/settings.ts';
import { followed } from '../../runs/files.ts';
import { readRunFile } from '../../runs/runFile.ts';
import { importNetworkFile, type ImportedNetwork } from '../../runs/stateDict.ts';
import { readSettings } from '../settings.ts';
import type { Session } from '../session.ts';
import { readTextSource, type TextSource } from '../textSource.ts';
import type { RunActions } from './runActions.ts';
import type { Stage } from './stage.ts';

const MAX_NAME_LENGTH = 200;

/**
 * *Import weights…*: a network that was trained elsewhere, paused on a text of the person's choice, to look into its gradients
 * and to train it on.
 */
export async function importWeights(stage: Stage): Promise<void> {
  const file = await pick('Import weights', 'Import', { safetensors: ['safetensors'] });
  if (file === undefined) return;
  const network = await importNetworkFile(file.fsPath);
  const text = await pick(`The text that ${basename(file.fsPath)} is to read`, 'Choose text');
  if (text === undefined) return;
  stage.show(
    beginImported(stage, network, basename(file.fsPath), await readTextSource(text, network.vocabulary?.tokens)),
  );
}

/** A run that begins, paused, with the parameters of an imported network. @param name of the file that it was in. */
export function beginImported(stage: Stage, network: ImportedNetwork, name: string, source: TextSource): Session {
  const { vocabulary, notes } = network;
  const settings = parseSettings({
    ...readSettings(source.uri),
    hiddenSize: network.shape.H,
    ...(vocabulary && { tokens: vocabulary.tokens }),
  });
  const session = stage.start(source, settings, {
    from: {
      checkpoint: checkpointOf(network, settings),
      ...(vocabulary && { vocabulary }),
      mode: 'fitting',
      isPaused: true,
    },
  });
  stage.keeper.begin(session, { source, settings, name: `${name} on ${source.name}`.slice(0, MAX_NAME_LENGTH) });
  for (const note of notes) stage.log.info(`${name}: ${note}`);
  return session;
}

/** The network before its first iteration here: without an optimizer's state, at the beginning of the text. */
function checkpointOf({ parameters, shape }: ImportedNetwork, settings: RunSettings): Checkpoint {
  const { batchSize: B, sequenceLength: T, optimizer } = settings;
  return {
    iteration: 0,
    parameters,
    moments: {},
    optimizerStep: 0,
    state: new Float32Array(B * shape.H),
    carriesState: false,
    position: 0,
    lastValidationAt: 0,
    samplingRandom: [],
    elapsedMs: 0,
    shape: { ...shape, T, B },
    optimizer,
    kernels: 'scalar',
    best: null,
  };
}

/** *Open run folder…*: a run that lies elsewhere, such as one that a cluster writes to; it is followed while it grows. */
export async function openRunFolder(stage: Stage, runs: RunActions): Promise<void> {
  const picked = await vscode.window.showOpenDialog({
    title: 'Open run folder',
    openLabel: 'Open',
    canSelectFolders: true,
    canSelectFiles: false,
  });
  const chosen = picked?.[0]?.fsPath;
  if (chosen === undefined) return;
  const folder = await followed(chosen);
  const { runId } = await readRunFile(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new InputError(`${folder} holds no run: there is no run.json in it. Choose the folder of a run.`);
  });
  if (basename(folder) !== runId) {
    throw new InputError(
      `The folder ${basename(folder)} holds the run ${runId}. Rename the folder to "${runId}" in ${dirname(folder)}, so that it can be found again.`,
    );
  }
  await stage.keeper.places.remember(folder);
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
    ...(filters && { filters: { ...filters, 'All files': ['*'] } }),
  });
  return picked?.[0];
}
