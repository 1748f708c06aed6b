import type { TensorEntry, TensorHeader } from '../format/safetensors.ts';
import { shown, type TensorSource, unusable } from '../format/tensorSource.ts';

/** Finds the recurrent layer among the tensors of a PyTorch module, by the names and shapes that PyTorch gives them. */

export interface RecurrentLayer {
  /** (H, V) */
  readonly inputWeight: TensorEntry;
  /** (H, H) */
  readonly stateWeight: TensorEntry;
  /** (H), both or none; PyTorch has two biases and adds them up. */
  readonly biases: readonly TensorEntry[];
  readonly H: number;
  readonly V: number;
}

/** A kind of recurrent layer: its weights have `gates` · H rows. */
interface LayerKind {
  readonly gates: number;
  readonly name: string;
  /** Whether the mathematics here can compute it. */
  readonly isKnown: boolean;
}
const KINDS: readonly LayerKind[] = [
  { gates: 1, name: 'RNN', isKnown: true },
  { gates: 3, name: 'GRU', isKnown: false },
  { gates: 4, name: 'LSTM', isKnown: false },
];

/** `weight_ih_l0` of `torch.nn.RNN`, or `weight_ih` of `torch.nn.RNNCell`, behind the names of the modules around it. */
const RECURRENT = /^(?:(.*)\.)?(weight|bias)_(ih|hh|hr)(?:_l(\d+))?(_reverse)?$/;

interface Part {
  readonly entry: TensorEntry;
  readonly module: string;
  /** Such as `weight_ih`. */
  readonly role: string;
  readonly layer: number;
  readonly isReverse: boolean;
}

/** @throws {InputError} where there is none, more than one, or another kind than can be computed here, by what it is. */
export function findRecurrentLayer({ tensors }: TensorHeader, source: TensorSource): RecurrentLayer {
  const parts = [...tensors.values()].map(partOf).filter((part) => part !== undefined);
  if (parts.length === 0) {
    throw unusable(
      source,
      `has no recurrent layer: none of its tensors (${namesOf([...tensors.keys()])}) is called weight_ih_l0`,
    );
  }
  refuseStructure(parts, source);
  const byRole = new Map(parts.map((part) => [part.role, part.entry]));
  const inputWeight = byRole.get('weight_ih');
  const stateWeight = byRole.get('weight_hh');
  if (inputWeight === undefined || stateWeight === undefined) {
    throw unusable(
      source,
      `has ${namesOf(parts.map(({ entry }) => entry.name))} and lacks weight_${inputWeight ? 'hh' : 'ih'}_l0`,
    );
  }
  const H = hiddenSize(stateWeight, source);
  if (inputWeight.shape.length !== 2 || inputWeight.shape[0] !== H) throw misshapen(inputWeight, `[${H}, V]`, source);
  const biases = [byRole.get('bias_ih'), byRole.get('bias_hh')].filter((entry) => entry !== undefined);
  if (biases.length === 1) throw unusable(source, `has ${shown(biases[0].name)} without the other bias of its layer`);
  for (const bias of biases) {
    if (bias.shape.length !== 1 || bias.shape[0] !== H) throw misshapen(bias, `[${H}]`, source);
  }
  return { inputWeight, stateWeight, biases, H, V: inputWeight.shape[1] };
}

export function namesOf(names: readonly string[]): string {
  const few = names.slice(0, 8).map(shown).join(', ');
  return names.length > 8 ? `${few} and ${names.length - 8} more` : few;
}

export function misshapen({ name, shape }: TensorEntry, expected: string, source: TensorSource): Error {
  return unusable(source, `has ${shown(name)} of shape ${shown(shape)}, where ${expected} is expected`);
}

function partOf(entry: TensorEntry): Part | undefined {
  const match = RECURRENT.exec(entry.name);
  if (match === null) return undefined;
  const [, module = '', kind, side, layer = '0', reverse] = match;
  return { entry, module, role: `${kind}_${side}`, layer: Number(layer), isReverse: reverse !== undefined };
}

function refuseStructure(parts: readonly Part[], source: TensorSource): void {
  const reverse = parts.find(({ isReverse }) => isReverse);
  if (reverse !== undefined) {
    throw unusable(
      source,
      `is a bidirectional network (${shown(reverse.entry.name)}), which cannot be read symbol by symbol`,
    );
  }
  const modules = [...new Set(parts.map(({ module }) => module))];
  if (modules.length > 1) throw unusable(source, `has ${modules.length} recurrent modules: ${namesOf(modules)}`);
  const layers = parts.reduce((most, { layer }) => Math.max(most, layer), 0) + 1;
  if (layers > 1)
    throw unusable(source, `has ${layers} recurrent layers (num_layers=${layers}), of which one is known here`);
  const projection = parts.find(({ role }) => role.endsWith('_hr'));
  if (projection !== undefined)
    throw unusable(source, `is an LSTM with a projection (${shown(projection.entry.name)})`);
  const roles = new Set<string>();
  const twice = parts.find(({ role }) => roles.size === roles.add(role).size);
  if (twice !== undefined)
    throw unusable(source, `has two tensors for ${twice.role}, one of them ${shown(twice.entry.name)}`);
}

function hiddenSize(stateWeight: TensorEntry, source: TensorSource): number {
  const { shape } = stateWeight;
  const [rows, H] = shape;
  const kind = shape.length === 2 ? KINDS.find(({ gates }) => rows === gates * H && H > 0) : undefined;
  if (kind === undefined) throw misshapen(stateWeight, '[H, H]', source);
  if (!kind.isKnown) {
    throw unusable(
      source,
      `is ${kind.name === 'LSTM' ? 'an' : 'a'} ${kind.name}: ${shown(stateWeight.name)} has ${kind.gates} · ${H} rows`,
    );
  }
  return H;
}
