import type { Kernels } from '../kernels/kernels.ts';
import type { Vector } from '../model/tensors.ts';
import type { RunSettings } from '../protocol/settings.ts';
import { MOST_MOMENT_BYTES, type Capture, type Excerpt } from '../protocol/study.ts';
import type { IdSource } from '../text/ids.ts';
import { MAX_FITTED_SYMBOLS } from '../text/ngrams.ts';
import type { Streams } from '../text/streams.ts';
import type { Vocabulary } from '../text/vocabulary.ts';
import { MOMENT_NAMES } from '../common/optimizers.ts';
import { carriedStates, ownCopy, zerosLike } from './checkpoint.ts';

/**
 * All that the next iteration starts from; nothing changes.
 * @param carriesState whether the iteration goes on from the state after the one before.
 */
export function captureNext(
  kernels: Kernels,
  streams: Streams,
  { learningRate, clipNorm }: Pick<RunSettings, 'learningRate' | 'clipNorm'>,
  { iteration, carriesState }: { readonly iteration: number; readonly carriesState: boolean },
): Capture {
  const { network, shape, reduction, parameters } = kernels;
  const { T, B } = shape;
  const window = { inputs: new Int32Array(T * B), targets: new Int32Array(T * B) };
  const isFromStart = streams.peek(window);
  const carried = Object.values(carriedStates(kernels, carriesState && !isFromStart ? ownCopy : zerosLike));
  return {
    iteration,
    cell: network.cell,
    layers: network.layers,
    shape: { ...shape },
    reduction,
    parameters: packed(network.parameterNames.map((name) => parameters[name])),
    states: packed(carried),
    ...window,
    positions: streams.nextPositions(),
    optimizer: { ...optimizerOf(kernels), learningRate, clipNorm },
  };
}

function optimizerOf({ network, optimizerState }: Kernels): Pick<Capture['optimizer'], 'name' | 'step' | 'moments'> {
  const { name, step, moments } = optimizerState;
  const tensors = MOMENT_NAMES[name].flatMap((moment) => network.parameterNames.map((one) => moments[moment][one]));
  const numbers = tensors.reduce((sum, { length }) => sum + length, 0);
  const fits = numbers * Float32Array.BYTES_PER_ELEMENT <= MOST_MOMENT_BYTES;
  return { name, step, moments: fits ? packed(tensors) : null };
}

function packed(tensors: readonly Vector[]): Float32Array<ArrayBuffer> {
  const all = new Float32Array(tensors.reduce((sum, { length }) => sum + length, 0));
  let from = 0;
  for (const tensor of tensors) {
    all.set(tensor, from);
    from += tensor.length;
  }
  return all;
}

/** The end of the training part and the validation part as ids, and what these are. */
export function excerptOf(vocabulary: Vocabulary, training: IdSource, validation: IdSource): Excerpt {
  const count = Math.min(training.length, MAX_FITTED_SYMBOLS);
  return {
    tokens: vocabulary.tokens,
    codes: [...vocabulary.codes],
    training: idsOf(training, training.length - count, count),
    trainingCharacters: training.length,
    validation: idsOf(validation, 0, validation.length),
  };
}

function idsOf(source: IdSource, start: number, count: number): Uint16Array<ArrayBuffer> {
  const ids = new Uint16Array(count);
  const piece = new Int32Array(2 ** 16);
  for (let done = 0; done < count; done += piece.length) {
    const part = piece.subarray(0, Math.min(piece.length, count - done));
    source.read(start + done, part);
    ids.set(part, done);
  }
  return ids;
}
