import type { Tensors } from '../../../../src/protocol/checkpoint.ts';
import { parseSettings, type RunSettings } from '../../../../src/protocol/settings.ts';
import { withSymbolsInOrder } from '../../../../src/network/symbolOrder.ts';
import { networkOf } from '../../../../src/network/network.ts';
import { RandomStream } from '../../../../src/common/random.ts';
import { clipFactor } from '../../../../src/model/clipping.ts';
import { importedStart } from '../../../../src/runs/import/start.ts';
import { type NamedTensor, writeSafetensors } from '../../../../src/runs/format/safetensors.ts';
import { type ImportedNetwork, importNetwork, type SaidOfNetwork } from '../../../../src/runs/import/stateDict.ts';
import { Streams } from '../../../../src/text/streams.ts';
import { TrainingRun } from '../../../../src/training/run.ts';
import { createKernels } from '../../kernels/built.ts';
import { flatten, trajectoryVector } from '../../model/vectors.ts';
import { idsOf } from '../../text/tokens.ts';
import { MACHINE, startRequest } from '../../training/helpers.ts';
import { PARAMETER_NAMES } from '../../../tanh.ts';

/**
 * A network of PyTorch's that has learnt its text: from the weights of a vector, trained as the vector was until the last time its streams
 * start again. PyTorch's loss of that iteration is that of the first window of the text, with a state of zeros.
 */
export const VECTOR = trajectoryVector('train-adam-h24-t20-b4');
const ITERATION = VECTOR.expected.stateResetAt.at(-1) ?? 0;
export const FIRST_LOSS = VECTOR.expected.loss[ITERATION];
export const { V, H, text: TEXT } = VECTOR;

export const SETTINGS: RunSettings = parseSettings({
  sequenceLength: VECTOR.T,
  batchSize: VECTOR.B,
  kernels: 'reference',
  reduction: 'mean',
  validationFraction: 0,
});

/** In the order of the vector's vocabulary, which is that of the code points. */
export const NETWORK: Tensors = trained();

function trained(): Tensors {
  const { T, B, optimizer, params } = VECTOR;
  const kernels = createKernels('reference', { V, H, T, B }, { reduction: 'mean', optimizer });
  for (const name of PARAMETER_NAMES) kernels.parameters[name].set(flatten(params[name]));
  const streams = new Streams(idsOf(Uint8Array.from(TEXT, (symbol) => VECTOR.vocabulary.indexOf(symbol))), T, B);
  for (let iteration = 0; iteration < ITERATION; iteration++) {
    if (streams.next(kernels.window)) kernels.resetState();
    kernels.forward();
    kernels.backward();
    kernels.update(VECTOR.learningRate, clipFactor(kernels.gradientNorms().total, VECTOR.clipNorm));
    kernels.carryState();
  }
  const copy = (name: string) => new Float64Array(kernels.parameters[name]);
  return { W_xh: copy('W_xh'), W_ah: copy('W_ah'), b_h: copy('b_h'), W_ao: copy('W_ao'), b_o: copy('b_o') };
}

/** The symbols in an order that is neither that of the code points nor that of the text. */
export const SHUFFLED: readonly string[] = shuffled(VECTOR.vocabulary);

function shuffled(symbols: readonly string[]): string[] {
  const random = RandomStream.seeded(5, 'text');
  const keys = new Map(symbols.map((symbol) => [symbol, random.normal()]));
  return [...symbols].sort((one, other) => (keys.get(one) ?? 0) - (keys.get(other) ?? 0));
}

/** The symbols as they first appear in the text. */
export const BY_APPEARANCE: readonly string[] = [...new Set(TEXT)];

/** The network as `safetensors.torch.save_file` writes the state_dict of a torch.nn.RNN, with the symbols in this order. */
export function fileOfNetwork(
  symbols: readonly string[],
  metadata: Readonly<Record<string, string>>,
  network: Tensors = NETWORK,
): Uint8Array<ArrayBuffer> {
  const before = symbols.map((symbol) => VECTOR.vocabulary.indexOf(symbol));
  const { W_xh, W_ah, b_h, W_ao, b_o } = withSymbolsInOrder(
    networkOf({ cell: 'tanh', layers: 1 }),
    network,
    { V, H },
    before,
  );
  const tensors: NamedTensor[] = [
    { name: 'rnn.weight_ih_l0', shape: [H, V], values: W_xh },
    { name: 'rnn.weight_hh_l0', shape: [H, H], values: W_ah },
    { name: 'rnn.bias_ih_l0', shape: [H], values: b_h },
    { name: 'rnn.bias_hh_l0', shape: [H], values: new Float64Array(H) },
    { name: 'fc.weight', shape: [V, H], values: W_ao },
    { name: 'fc.bias', shape: [V], values: b_o },
  ];
  return writeSafetensors(tensors, metadata);
}

/** The run that an import begins, at its beginning. */
export function runOf(network: ImportedNetwork, text = TEXT, settings = SETTINGS): TrainingRun {
  const { from, settings: own } = importedStart(network, 'net.safetensors', settings);
  return TrainingRun.create({ ...startRequest(), settings: own, text, name: 'text.txt', from }, MACHINE);
}

/** The loss of the first window after an import with these metadata; the ids of the file are in the order of `symbols`. */
export function firstLoss(
  symbols: readonly string[],
  metadata: Readonly<Record<string, string>>,
  said: SaidOfNetwork = {},
): number {
  return (
    runOf(importNetwork(fileOfNetwork(symbols, metadata), 'net.safetensors', said)).firstWindow?.firstLossNats ?? NaN
  );
}
