import { CELL_NAMES, CELLS } from '../../network/cells.ts';
import type { Cell, Torch } from '../../network/description.ts';
import { MAX_LAYERS } from '../../network/network.ts';
import type { TorchKind } from '../../network/torch.ts';
import type { TensorEntry, TensorHeader } from '../format/safetensors.ts';
import { shown, type TensorSource, unusable } from '../format/tensorSource.ts';

/** Finds the recurrent module among the tensors of a PyTorch network, by the names and shapes that PyTorch gives them. */

export interface RecurrentLayers {
  readonly module: Torch['module'];
  /** Blocks of H rows in each of its tensors. */
  readonly gates: number;
  readonly H: number;
  readonly V: number;
  /** The tensors of each layer, from the one that reads the symbols; of its two biases both or none. */
  readonly layers: readonly LayerTensors[];
  /** Those that were modules of their own in a list, in the order in which they are taken to read one another. */
  readonly listed: readonly string[];
}
export type LayerTensors = Readonly<Partial<Record<TorchKind, TensorEntry>>>;

/** The modules that a cell is described for; the rows of their tensors, (gates · H), tell them apart. */
const MODULES = CELL_NAMES.flatMap((name) => {
  const { torch }: Cell = CELLS[name];
  return torch === undefined ? [] : [{ module: torch.module, gates: torch.gates.length }];
}).filter(({ module }, index, all) => all.findIndex((other) => other.module === module) === index);

/** `weight_ih_l0` of `torch.nn.RNN`, or `weight_ih` of `torch.nn.RNNCell`, behind the names of the modules around it. */
const RECURRENT = /^(?:(.*)\.)?(weight|bias)_(ih|hh|hr)(?:_l(\d+))?(_reverse)?$/;
/** A module in a `ModuleList`. */
const LISTED = /^(?:(.*)\.)?(\d+)$/;

interface Part {
  readonly entry: TensorEntry;
  readonly module: string;
  /** Such as `weight_ih`. */
  readonly role: string;
  /** Counted from 0, as in its name. */
  readonly layer: number;
  readonly isReverse: boolean;
}

/** @throws {InputError} where there is none, more than one, or another kind than can be computed here, by what it is. */
export function findRecurrentLayers({ tensors }: TensorHeader, source: TensorSource): RecurrentLayers {
  const named = [...tensors.values()].map(partOf).filter((part) => part !== undefined);
  if (named.length === 0) {
    throw unusable(
      source,
      `has no recurrent layer: none of its tensors (${namesOf([...tensors.keys()])}) is called weight_ih_l0`,
    );
  }
  const { parts, listed } = layered(named, source);
  refuseStructure(parts, source);
  const count = parts.reduce((most, { layer }) => Math.max(most, layer), 0) + 1;
  if (count > MAX_LAYERS) throw tooMany(count, source);
  const layers = Array.from({ length: count }, (_, layer) => tensorsOfLayer(parts, layer, source));
  const [first] = layers;
  const { module, gates, H } = moduleOf(first.weight_hh, source);
  const V = first.weight_ih.shape[1];
  layers.forEach((layer, index) =>
    checkShapes(layer, { rows: gates * H, H, reads: index === 0 ? undefined : H }, source),
  );
  return { module, gates, H, V, layers, listed };
}

function tooMany(count: number, source: TensorSource): Error {
  return unusable(
    source,
    `has ${count} recurrent layers (num_layers=${count}), where at most ${MAX_LAYERS} are possible`,
  );
}

/** A module with its article, as it stands in a sentence: an LSTM. */
export function aModule(module: Torch['module']): string {
  return `${module === 'GRU' ? 'a' : 'an'} ${module}`;
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

/** Several modules of one layer in a list, `cells.0`, `cells.1`, are its layers; other ones are not known to be one network. */
function layered(parts: readonly Part[], source: TensorSource): { parts: readonly Part[]; listed: readonly string[] } {
  const modules = [...new Set(parts.map(({ module }) => module))];
  if (modules.length === 1) return { parts, listed: [] };
  const inList = modules.map((module) => ({ module, match: LISTED.exec(module) }));
  const lists = new Set(inList.map(({ match }) => (match === null ? undefined : (match[1] ?? ''))));
  if (lists.has(undefined) || lists.size > 1 || parts.some(({ layer }) => layer > 0)) {
    throw unusable(source, `has ${modules.length} recurrent modules: ${namesOf(modules)}`);
  }
  if (modules.length > MAX_LAYERS) throw tooMany(modules.length, source);
  const listed = inList
    .toSorted((one, other) => Number(one.match?.[2]) - Number(other.match?.[2]))
    .map(({ module }) => module);
  return { parts: parts.map((part) => ({ ...part, layer: listed.indexOf(part.module) })), listed };
}

function refuseStructure(parts: readonly Part[], source: TensorSource): void {
  const reverse = parts.find(({ isReverse }) => isReverse);
  if (reverse !== undefined) {
    throw unusable(
      source,
      `is a bidirectional network (${shown(reverse.entry.name)}), which cannot be read symbol by symbol`,
    );
  }
  const projection = parts.find(({ role }) => role.endsWith('_hr'));
  if (projection !== undefined)
    throw unusable(source, `is an LSTM with a projection (${shown(projection.entry.name)})`);
  const places = new Set<string>();
  const twice = parts.find(({ role, layer }) => places.size === places.add(`${role} ${layer}`).size);
  if (twice !== undefined)
    throw unusable(source, `has two tensors for ${twice.role}, one of them ${shown(twice.entry.name)}`);
}

/** What a layer must have, by what it is. */
type WithWeights = LayerTensors & Required<Pick<LayerTensors, 'weight_ih' | 'weight_hh'>>;

function tensorsOfLayer(parts: readonly Part[], layer: number, source: TensorSource): WithWeights {
  const own = parts.filter((part) => part.layer === layer);
  const { weight_ih, weight_hh, bias_ih, bias_hh }: LayerTensors = Object.fromEntries(
    own.map(({ role, entry }) => [role, entry]),
  );
  if (weight_ih === undefined || weight_hh === undefined) {
    const missing = `weight_${weight_ih ? 'hh' : 'ih'}_l${layer}`;
    const others = namesOf((own.length > 0 ? own : parts).map(({ entry }) => entry.name));
    throw unusable(source, `has ${others} and lacks ${missing}`);
  }
  const single = bias_ih ?? bias_hh;
  if (single === undefined) return { weight_ih, weight_hh };
  if (bias_ih === undefined || bias_hh === undefined) {
    throw unusable(source, `has ${shown(single.name)} without the other bias of its layer`);
  }
  return { weight_ih, weight_hh, bias_ih, bias_hh };
}

/** Without a projection a state weight has H columns, so that its rows say which module it is of. */
function moduleOf(stateWeight: TensorEntry, source: TensorSource): Pick<RecurrentLayers, 'module' | 'gates' | 'H'> {
  const { shape } = stateWeight;
  const [rows, H] = shape;
  const found = shape.length === 2 && H > 0 ? MODULES.find(({ gates }) => rows === gates * H) : undefined;
  if (found !== undefined) return { ...found, H };
  const known = MODULES.map(({ module, gates }) => `[${gates === 1 ? '' : `${gates} `}H, H] of ${aModule(module)}`);
  throw misshapen(stateWeight, known.join(' or '), source);
}

/** @param sizes `reads`: how many numbers the layer below gives; undefined of the lowest, which reads symbols. */
function checkShapes(
  { weight_ih, weight_hh, bias_ih, bias_hh }: WithWeights,
  { rows, H, reads }: { readonly rows: number; readonly H: number; readonly reads: number | undefined },
  source: TensorSource,
): void {
  const others = reads === undefined ? '' : ', as all layers must have the hidden size and the module of the first,';
  const check = (entry: TensorEntry, shape: readonly (number | string)[]): void => {
    const { length } = entry.shape;
    if (length === shape.length && shape.every((axis, at) => axis === 'V' || axis === entry.shape[at])) return;
    throw misshapen(entry, `[${shape.join(', ')}]${others}`, source);
  };
  check(weight_hh, [rows, H]);
  check(weight_ih, [rows, reads ?? 'V']);
  for (const bias of [bias_ih, bias_hh]) if (bias !== undefined) check(bias, [rows]);
}
