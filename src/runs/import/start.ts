import { InputError } from '../../common/inputError.ts';
import { MAX_FILE_NAME } from '../../common/limits.ts';
import type { Checkpoint, VocabularyCodes } from '../../protocol/checkpoint.ts';
import type { Imported } from '../../protocol/imported.ts';
import { parseSettings, type RunSettings } from '../../protocol/settings.ts';
import type { StartingPoint } from '../../protocol/worker.ts';
import type { ImportedNetwork, ImportOrder } from './stateDict.ts';

/** How a run with an imported network begins. */
export interface ImportedStart {
  readonly settings: RunSettings;
  readonly from: StartingPoint;
  readonly imported: Imported;
}

const BYTES = 256;

/**
 * A run that begins, paused, with the parameters of an imported network.
 * @param name of the file that it was in.
 * @param wished settings; what the network decides of them is set.
 * @throws {InputError} where nothing says what its symbols are, or they cannot be what was said.
 */
export function importedStart(network: ImportedNetwork, name: string, wished: RunSettings): ImportedStart {
  const { vocabulary, order, assumptions, notes, cell, layers, shape, isTanhAssumed } = network;
  const symbols = vocabulary ?? (order === 'bytes' ? allBytes(shape.V, name) : undefined);
  if (symbols === undefined && order === undefined) throw new InputError(symbolsUnknown(network, name));
  const settings = parseSettings({
    ...wished,
    cell,
    layers,
    hiddenSize: shape.H,
    ...(symbols && { tokens: symbols.tokens }),
  });
  return {
    settings,
    from: {
      checkpoint: checkpointOf(network, settings),
      ...(symbols && { vocabulary: symbols }),
      mode: 'fitting',
      isPaused: true,
      imported: { ...(order !== undefined && order !== 'bytes' && { order }), isTanhAssumed },
    },
    imported: {
      fileName: name.slice(0, MAX_FILE_NAME),
      assumptions: [
        ...(vocabulary === undefined && order !== undefined ? [orderAssumption(order, settings)] : []),
        ...assumptions,
      ],
      notes: [...notes],
    },
  };
}

/** Why a network cannot begin without a word of a person. A sentence. */
export function symbolsUnknown({ vocabularyProblem, shape }: ImportedNetwork, name: string): string {
  return vocabularyProblem === undefined
    ? `${name} does not say what its ${shape.V} symbols are.`
    : `${name} has a vocabulary that cannot be its own. ${vocabularyProblem}`;
}

/** Only of 256 symbols each can be a byte. */
export function mayBeBytes({ shape }: ImportedNetwork): boolean {
  return shape.V === BYTES;
}

function allBytes(V: number, name: string): VocabularyCodes {
  if (V !== BYTES)
    throw new InputError(`${name} has ${V} symbols; only a network with ${BYTES} can have one for every byte.`);
  return { tokens: 'bytes', codes: Array.from({ length: BYTES }, (_, byte) => byte) };
}

function orderAssumption(order: ImportOrder, { tokens }: RunSettings): string {
  const symbols = tokens === 'bytes' ? 'bytes' : 'characters';
  const codes = tokens === 'bytes' ? 'their values' : 'their code points';
  switch (order) {
    case 'codepoints':
      return `Its ids are taken to stand for the ${symbols} of the text in the order of ${codes}, as was chosen at the import.`;
    case 'appearance':
      return `Its ids are taken to stand for the ${symbols} of the text in the order in which they first appear, as was chosen at the import.`;
    case 'bytes':
      return 'Each of its ids is taken to be the byte of that value, as was chosen at the import.';
  }
}

/** The network before its first iteration here: without an optimizer's state, at the beginning of the text. */
function checkpointOf({ cell, layers, parameters, shape }: ImportedNetwork, settings: RunSettings): Checkpoint {
  const { batchSize: B, sequenceLength: T, optimizer } = settings;
  return {
    iteration: 0,
    parameters,
    moments: {},
    states: {},
    optimizerStep: 0,
    carriesState: false,
    position: 0,
    lastValidationAt: 0,
    samplingRandom: [],
    elapsedMs: 0,
    cell,
    layers,
    shape: { ...shape, T, B },
    optimizer,
    kernels: 'scalar',
    best: null,
  };
}
