import { RandomStream } from '../../../../src/common/random.ts';
import type { Checkpoint, NetworkState, Tensor, Tensors } from '../../../../src/protocol/checkpoint.ts';
import { encodeCheckpoint } from '../../../../src/runs/format/checkpointFile.ts';
import { MOMENT_NAMES } from '../../../../src/common/optimizers.ts';
import type { CheckpointExtras } from '../../../../src/runs/format/checkpointMetadata.ts';
import { PARAMETER_NAMES } from '../../../tanh.ts';

export interface FixtureOptions {
  readonly cell?: Checkpoint['cell'];
  readonly layers?: number;
  readonly shape?: Checkpoint['shape'];
  readonly optimizer?: Checkpoint['optimizer'];
  readonly kernels?: Checkpoint['kernels'];
  readonly iteration?: number;
  readonly hasValidation?: boolean;
  readonly seed?: number;
}

const TINY = { V: 3, H: 2, T: 4, B: 2 };

/** A checkpoint of seeded normal numbers. */
export function checkpointFixture(options: FixtureOptions = {}): Checkpoint {
  const { shape = TINY, optimizer = 'adam', kernels = 'simd', iteration = 500, hasValidation = false } = options;
  const random = RandomStream.seeded(options.seed ?? 1, 'text');
  const tensor = (length: number): Tensor => {
    const values = kernels === 'reference' ? new Float64Array(length) : new Float32Array(length);
    return values.map(() => random.normal());
  };
  const { V, H, B } = shape;
  const sizes: Readonly<Record<string, number>> = { W_xh: H * V, W_ah: H * H, b_h: H, W_ao: V * H, b_o: V };
  const tensors = (): Tensors => Object.fromEntries(PARAMETER_NAMES.map((name) => [name, tensor(sizes[name])]));
  const network = (done: number): NetworkState => ({
    iteration: done,
    parameters: tensors(),
    moments: Object.fromEntries(MOMENT_NAMES[optimizer].map((moment) => [moment, tensors()])),
    optimizerStep: done,
    states: { a: tensor(B * H) },
    carriesState: true,
    position: 4 * done,
    lastValidationAt: Math.max(0, done - 20),
    samplingRandom: [...random.state()],
    elapsedMs: 1234.000_000_000_1,
  });
  return {
    ...network(iteration),
    cell: options.cell ?? 'tanh',
    layers: options.layers ?? 1,
    shape,
    optimizer,
    kernels,
    best: { iteration: 3, lossNats: 0.1 + 0.2 },
    ...(hasValidation && {
      pendingValidation: { network: network(iteration - 1), windows: 7, lossSum: 12.5, states: { a: tensor(H) } },
    }),
  };
}

/** The header of a safetensors file as JSON, and where its data begin. */
export function headerOf(bytes: Uint8Array): { readonly json: string; readonly dataStart: number } {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  return { json: new TextDecoder().decode(bytes.subarray(8, 8 + length)), dataStart: 8 + length };
}

/** A file with this header and these data. */
export function fileOf(json: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const header = new TextEncoder().encode(json);
  const bytes = new Uint8Array(8 + header.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  bytes.set(data, 8 + header.length);
  return bytes;
}

export interface HeaderObject {
  readonly __metadata__: Record<string, unknown>;
  readonly tensors: Record<string, { dtype: string; shape: number[]; data_offsets: number[] }>;
}

/** The file of a checkpoint with a changed header, and without the checksum: as another program could have written it. */
export function changedFile(
  change: (header: HeaderObject) => void,
  options: FixtureOptions & CheckpointExtras = {},
): Uint8Array<ArrayBuffer> {
  const { vocabulary, settings } = options;
  const bytes = encodeCheckpoint(checkpointFixture(options), { vocabulary, settings });
  const { json, dataStart } = headerOf(bytes);
  const { __metadata__, ...tensors } = JSON.parse(json) as HeaderObject['tensors'] & Pick<HeaderObject, '__metadata__'>;
  Reflect.deleteProperty(__metadata__, 'checksum');
  change({ __metadata__, tensors });
  return fileOf(JSON.stringify({ __metadata__, ...tensors }), bytes.subarray(dataStart));
}

/** The file without one tensor and its bytes; the others moved together. */
export function fileWithout(name: string): Uint8Array<ArrayBuffer> {
  const bytes = changedFile(() => undefined, { hasValidation: true });
  const { json, dataStart } = headerOf(bytes);
  const header = JSON.parse(json) as HeaderObject['tensors'];
  const [begin, end] = header[name].data_offsets;
  Reflect.deleteProperty(header, name);
  for (const entry of Object.values(header)) {
    if (!Array.isArray(entry.data_offsets) || entry.data_offsets[0] < end) continue;
    entry.data_offsets = entry.data_offsets.map((offset) => offset - (end - begin));
  }
  const data = [...bytes.subarray(dataStart)];
  data.splice(begin, end - begin);
  return fileOf(JSON.stringify(header), Uint8Array.from(data));
}

/** The file with an entry of no bytes more in its header, whose name is written as it is given. */
export function fileWithEntry(name: string): Uint8Array<ArrayBuffer> {
  const bytes = changedFile(() => undefined);
  const { json, dataStart } = headerOf(bytes);
  const entry = `${name}:{"dtype":"F32","shape":[0],"data_offsets":[0,0]}`;
  return fileOf(`${json.slice(0, -1)},${entry}}`, bytes.subarray(dataStart));
}
