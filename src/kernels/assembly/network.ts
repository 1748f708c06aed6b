/**
 * What the kernels know of a network, as records in shared memory: sizes, the addresses of its tensors, and its program. They are
 * written by src/kernels/plan.ts in the order of layout.ts, four bytes a field. Tensors are row-major; the address of one that has
 * time steps is that of its row at t = 0, which of a state is its second slot, and of a state or an error of the time step before
 * the slot ahead.
 */
@unmanaged
export class Network {
  V: i32;
  H: i32;
  T: i32;
  B: i32;
  /** 1/N. */
  inverseN: f32;
  inputs: usize; // (T, B) int32
  targets: usize; // (T, B) int32
  outputBias: usize; // (V)
  yhat: usize; // (T, B, V)
  dO: usize; // (T, B, V)
  rowLoss: usize; // (T, B) float64
  /** The contribution of the output's weights. */
  output: usize;
  /** Contributions, one a parameter, in the order of the parameters. */
  contributions: usize;
  contributionCount: i32;
  /** Measured: operands of the contributions, those of the time step before first. */
  operands: usize;
  operandCount: i32;
  /** Measured: errors, in the order in which they follow the parameters in `stepNorm`. */
  errors: usize;
  errorCount: i32;
  /** All parameters, gradients and moments lie in blocks of this many numbers, with zeros between the tensors. */
  blockSize: i32;
  parameters: usize; // (blockSize)
  gradients: usize; // (blockSize)
  firstMoment: usize; // (blockSize), where the optimizer has one
  secondMoment: usize; // (blockSize), where the optimizer has two
  squares: usize; // (blockSize / SQUARES_BLOCK) float64
  stepNorm: usize; // (contributions and errors, T) float64: first their squares
  stepInner: usize; // (contributions, T) float64: ⟨∂P(t), ∂P⟩
  /** Memory of each worker for what it packs. */
  scratch: usize;
  scratchBytes: usize;
  learningRate: f32;
  clipFactor: f32;
  /** Adam's learning rate corrected for the bias of its first moment, and what corrects the root of its second. */
  stepSize: f32;
  rootCorrection: f32;
}

/** What a parameter multiplies, and when. */
export enum Kind {
  /** A one-hot input: nothing is multiplied, a column is read. */
  OneHot,
  /** What the time step itself or the one before gives: step by step. */
  Sequential,
  /** What the layer below gives, or the highest one: over all rows at once. */
  Whole,
  Bias,
}

/** A parameter W (m, n) or b (m), with what its equation gives and its gradient ∂W = Σ ∂u vᵀ is made of. */
@unmanaged
export class Contribution {
  kind: Kind;
  m: i32;
  n: i32;
  W: usize; // (m, n)
  dW: usize; // (m, n)
  to: usize; // (T, B, m): W v is added to it
  v: usize; // (T, B, n)
  u: usize; // (T, B, m): ∂ of what the equation gives
  dv: usize; // (T, B, n): Wᵀ ∂u is added to it
  /** Panels of Wᵀ; of one-hot inputs Wᵀ (V, m), and where a single stream multiplies step by step Wᵀ (n, m). */
  forwardPanels: usize;
  /** Panels of W, where rows of several streams are multiplied. */
  backwardPanels: usize;
  /** Panels of ∂W; of one-hot inputs ∂Wᵀ (V, m), which is first summed. */
  gradientPanels: usize;
  /** Of a bias: so many rows (m) from `summed` on, whose sum is its gradient. */
  summed: usize;
  summedRows: i32;
  /** Of ∂u and v, where they are measured, the place among the operands. */
  ofU: i32;
  ofV: i32;
}

/** A product on one of the sides. */
@unmanaged
export class Use {
  contribution: usize;
  /** Whether something is there already to which it is added. */
  adds: i32;
}

export enum StageKind {
  Products,
  Rows,
}

/** A part of a time step: products (Use), or operations on every row. */
@unmanaged
export class Stage {
  kind: StageKind;
  list: usize;
  count: i32;
  /** Whether its results are of the time step before, so that the first step leaves it out. */
  isBefore: i32;
}

/** The operations on a row, with their codes. */
export enum Code {
  /** to = to + column + bias, of which the first two may be missing. */
  Affine,
  /** The same, and a function of it. */
  AffineTanh,
  AffineSigmoid,
  AffineRelu,
  Tanh,
  Sigmoid,
  Relu,
  /** to = f′ ⊙ y, the slope f′ from what the function gave, x. */
  TanhSlope,
  SigmoidSlope,
  ReluSlope,
  /** to = ± x ⊙ y, or ± x. */
  Multiply,
}

@unmanaged
export class Operation {
  code: Code;
  /** Whether the result is added to what is there. */
  adds: i32;
  to: usize; // (T, B, H)
  x: usize; // (T, B, H); of Affine the transposed weights (V, H) of a one-hot input, or 0
  y: usize; // (T, B, H), or 0; of Affine the bias (H)
  /** Of Multiply: x stands for factorOfX·x + partOfX, y likewise, so that 1−z and −z need no tensor. */
  factorOfX: f32;
  partOfX: f32;
  factorOfY: f32;
  partOfY: f32;
  isBefore: i32;
}

@unmanaged
export class Layer {
  network: usize;
  /** Products with what the layer below gives (Use). */
  forwardInputs: usize;
  backwardInputs: usize;
  inputCount: i32;
  forward: usize; // Stage
  forwardCount: i32;
  backward: usize; // Stage
  backwardCount: i32;
  /** Rows (B, H) at the last time step that become zeros before side B (Address). */
  zeros: usize;
  zeroCount: i32;
}

/** What is measured: rows (T, B, n). */
@unmanaged
export class Operand {
  address: usize;
  n: i32;
  /** The place of what is the same one time step later, or −1. */
  later: i32;
}

@unmanaged
export class Address {
  address: usize;
}

/** An error (T, B, H), and its place among the operands, or −1. */
@unmanaged
export class MeasuredError {
  address: usize;
  operand: i32;
}
