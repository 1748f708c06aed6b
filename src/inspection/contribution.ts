import { sumOfSquares } from '../model/norms.ts';
import { dot, outerRows, PANEL_ROWS } from '../model/products.ts';
import type { Vector } from '../model/tensors.ts';

/**
 * What is measured on the contribution ∂P(t) of one time step, summed over the batch, without ever storing it: a whole (H, H)
 * weight per step would cost more memory than the network.
 */
export interface Contribution {
  /** ‖∂P(t)‖². */
  readonly squares: number;
  /** ⟨∂P(t), ∂P⟩ with the whole gradient ∂P. */
  readonly inner: number;
}

/** ∂b(t) = Σ_b delta_b for a bias, from the rows of `delta` (B, n); `sum` (≥ n) is overwritten. */
export function ofBias(delta: Vector, gradient: Vector, sum: Vector): Contribution {
  const n = gradient.length;
  sum.fill(0, 0, n);
  for (let row = 0; row < delta.length; row += n) {
    for (let j = 0; j < n; j++) sum[j] += delta[row + j];
  }
  return { squares: sumOfSquares(sum, 0, n), inner: dot(sum, 0, gradient, 0, n) };
}

/**
 * ∂W(t) = Σ_b ∂u_b x_bᵀ of a weight of the input, which has one column for every different character read: the sum of ∂u over
 * the streams that read it. From ∂u (B, H), x (B) and the whole gradient (H, V); `sum` (≥ H) is overwritten.
 */
export function ofInputWeights(du: Vector, x: Int32Array, gradient: Vector, sum: Vector): Contribution {
  const H = du.length / x.length;
  const V = gradient.length / H;
  let squares = 0;
  let inner = 0;
  for (let b = 0; b < x.length; b++) {
    const character = x[b];
    if (x.indexOf(character) < b) continue;
    sum.fill(0, 0, H);
    for (let same = b; same < x.length; same++) {
      if (x[same] === character) for (let i = 0; i < H; i++) sum[i] += du[same * H + i];
    }
    squares += sumOfSquares(sum, 0, H);
    for (let i = 0; i < H; i++) inner += sum[i] * gradient[i * V + character];
  }
  return { squares, inner };
}

/**
 * ‖Σ_b u_b v_bᵀ‖² by its Gram form Σ_{b,b'} (u_b·u_b')(v_b·v_b'), from the rows of u (B, m) and v (B, n): B²(m+n)/2
 * multiplications, at B = 1 just those of ‖u‖²‖v‖².
 */
export function gramSquares(u: Vector, m: number, v: Vector, n: number): number {
  const B = u.length / m;
  let squares = 0;
  for (let b = 0; b < B; b++) {
    for (let other = 0; other < b; other++) {
      squares += 2 * dot(u, b * m, u, other * m, m) * dot(v, b * n, v, other * n, n);
    }
    squares += dot(u, b * m, u, b * m, m) * dot(v, b * n, v, b * n, n);
  }
  // Where the streams' contributions cancel, rounding can leave a little less than nothing.
  return Math.max(0, squares);
}

/** Both measures of Σ_b u_b v_bᵀ (m, n), a few rows at a time in `panel` (4, n): B·m·n multiplications. */
export function ofOuterProducts(u: Vector, v: Vector, n: number, gradient: Vector, panel: Vector): Contribution {
  const m = gradient.length / n;
  let squares = 0;
  let inner = 0;
  for (let i = 0; i < m; i += PANEL_ROWS) {
    const count = outerRows(u, m, v, n, i, panel, 0) * n;
    squares += sumOfSquares(panel, 0, count);
    inner += dot(panel, 0, gradient, i * n, count);
  }
  return { squares, inner };
}

/** Whether the Gram form is the cheaper way to a norm alone; its dot products run at half the speed of the panels'. */
export function isGramCheaper(B: number, m: number, n: number): boolean {
  return B * (m + n) < m * n;
}
