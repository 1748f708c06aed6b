/**
 * What the kernels know of a network, in shared memory: sizes, and the addresses of its tensors. The fields are written by
 * src/kernels/views.ts in the order of layout.ts, four bytes each; shapes are those of MATH.md, row-major.
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
  W_xh: usize; // (H, V)
  W_ah: usize; // (H, H)
  b_h: usize; // (H)
  W_ao: usize; // (V, H)
  b_o: usize; // (V)
  dW_xh: usize; // (H, V)
  dW_ah: usize; // (H, H)
  db_h: usize; // (H)
  dW_ao: usize; // (V, H)
  db_o: usize; // (V)
  a: usize; // (T+1, B, H)
  yhat: usize; // (T, B, V)
  dO: usize; // (T, B, V)
  da: usize; // (T, B, H)
  dh: usize; // (T, B, H)
  rowLoss: usize; // (T, B) float64
  W_xhTransposed: usize; // (V, H)
  dW_xhTransposed: usize; // (V, H)
  W_ahPanels: usize; // panels of W_ah (H, H)
  W_ahTransposedPanels: usize; // panels of W_ahᵀ (H, H); W_ahᵀ as it is where B = 1
  W_aoPanels: usize; // panels of W_ao (V, H)
  W_aoTransposedPanels: usize; // panels of W_aoᵀ (H, V)
  /** All parameters, gradients and moments lie in blocks of this many numbers, with zeros between the tensors. */
  blockSize: i32;
  parameters: usize; // (blockSize)
  gradients: usize; // (blockSize)
  firstMoment: usize; // (blockSize), where the optimizer has one
  secondMoment: usize; // (blockSize), where the optimizer has two
  squares: usize; // (blockSize / SQUARES_BLOCK) float64
  stepNorm: usize; // (STEP_QUANTITIES, T) float64: first their squares
  stepInner: usize; // (PARAMETERS, T) float64: ⟨∂P(t), ∂P⟩
  dW_ahPanels: usize; // panels of ∂W_ah (H, H)
  dW_aoPanels: usize; // panels of ∂W_ao (V, H)
  /** Memory of each worker for what it packs. */
  scratch: usize;
  scratchBytes: usize;
  learningRate: f32;
  clipFactor: f32;
  /** Adam's learning rate corrected for the bias of its first moment, and what corrects the root of its second. */
  stepSize: f32;
  rootCorrection: f32;
}
