/**
 * The language in which a network is described: quantities of one time step, and the equations that give them. A new cell is one
 * {@link Cell}; everything else (parameters, shapes, the steps of the backward pass, names on screen and in files) follows from it
 * in network.ts.
 */

/** What the hidden units of a layer are passed through. */
export type Activation = 'tanh' | 'sigmoid' | 'relu';

/**
 * What an equation reads: `x`, the input of the layer; a quantity of this time step that an earlier equation gives; a state of the
 * time step before, as `a⁻`; or what is left of a quantity to one, as `1−z`.
 */
export type Ref = string;

/** One equation of a time step. All of its vectors have the hidden size H. */
export type Equation =
  /** h = W_xh x + W_ah a⁻ + b_h: each weight with what it multiplies, and the bias. */
  | { readonly gives: string; readonly affine: readonly (readonly [weight: string, of: Ref])[]; readonly bias: string }
  /** a = tanh h */
  | { readonly gives: string; readonly apply: Activation; readonly to: Ref }
  /** c = f ⊙ c⁻ + i ⊙ g: terms that are added, each of one factor or of two. */
  | { readonly gives: string; readonly sum: readonly (readonly Ref[])[] };

export interface Cell {
  /** Quantities that the next time step reads. The first one is what the layer gives to the layer above, or to the output. */
  readonly states: readonly [string, ...string[]];
  /** In the order of the forward pass. */
  readonly equations: readonly Equation[];
  /** What each quantity and each parameter is, for help and hovers. */
  readonly words: Readonly<Record<string, string>>;
  /** What it is, in a sentence, for whoever chooses. */
  readonly says: string;
  /** The module of `torch.nn` that computes the same, where there is one. */
  readonly torch?: Torch;
  /** What biases are usually begun with where that is not what the others are, such as `{ b_f: 1 }`. */
  readonly initialBias?: Readonly<Record<string, number>>;
  /** The biases of the gates that decide how long a unit remembers: 1 of a gate that keeps what was, −1 of one that lets in what comes. */
  readonly timescaleBias?: Readonly<Record<string, 1 | -1>>;
}

/** A module of `torch.nn`, which keeps the weights of all affine equations of a layer in two stacked matrices, one below the other. */
export interface Torch {
  readonly module: 'RNN' | 'GRU' | 'LSTM';
  /** What `torch.nn.RNN` is told; the others have their own functions. */
  readonly nonlinearity?: 'tanh' | 'relu';
  /**
   * The blocks of rows in its order, each by what its equations give: one, or two where one reads the input and the other the state. The
   * bias of an equation that reads the input is in `bias_ih`, that of one that does not in `bias_hh`, whose other rows are zero.
   */
  readonly gates: readonly (readonly string[])[];
}

/** The state of the time step before. */
const BEFORE = '⁻';
const LEFT = '1−';

/** A reference taken apart. */
export interface ReadRef {
  readonly name: string;
  /** Whether it is that of the time step before. */
  readonly isBefore: boolean;
  /** Whether what is left of it to one is meant. */
  readonly isLeft: boolean;
}

export function readRef(ref: Ref): ReadRef {
  const isLeft = ref.startsWith(LEFT);
  const isBefore = ref.endsWith(BEFORE);
  return { name: ref.slice(isLeft ? LEFT.length : 0, isBefore ? -BEFORE.length : undefined), isBefore, isLeft };
}

export function writeRef({ name, isBefore, isLeft }: ReadRef): Ref {
  return `${isLeft ? LEFT : ''}${name}${isBefore ? BEFORE : ''}`;
}

/** The same reference to another name. */
export function renamed(ref: Ref, rename: (name: string) => string): Ref {
  const read = readRef(ref);
  return writeRef({ ...read, name: rename(read.name) });
}

/** Whether a reference is to something, itself or what is left of it to one. */
export function isRefTo(ref: Ref, { name, isBefore }: Pick<ReadRef, 'name' | 'isBefore'>): boolean {
  const read = readRef(ref);
  return read.name === name && read.isBefore === isBefore;
}

/** All that an equation reads, in its order; more than once where it does so. */
export function refsOf(equation: Equation): readonly Ref[] {
  if ('affine' in equation) return equation.affine.map(([, of]) => of);
  if ('apply' in equation) return [equation.to];
  return equation.sum.flat();
}
