import { F32 } from './lanes';
import { packColumns, packPanel, packTiles, tileCount, tileStart } from './packing';
import { Eight, tile, TILE_COLUMNS, TILE_ROWS, tileOfTail } from './tile';

/** Rows of A that are packed at a time: a multiple of the tile, small enough for the second-level cache. */
export const CHUNK_ROWS: i32 = 16 * TILE_ROWS;
/** How much of the sum over k one tile takes at a time in `sumOuterProducts`, so that a panel stays in the first-level cache. */
export const OUTER_K: i32 = 256;
/** Bytes at the start of a worker's scratch memory for the tile of a tail. */
export const TILE_BYTES: usize = <usize>(TILE_ROWS * TILE_COLUMNS) * F32;

/**
 * C (M, N) = A·B or, with `add`, C + A·B.
 * @param A (M, K) row-major.
 * @param panels B (K, N) as `packPanels` or `packTransposedPanels` packed it.
 * @param scratch of TILE_BYTES and min(M, CHUNK_ROWS)·K numbers.
 */
export function rowsTimesPanels(
  A: usize,
  M: i32,
  K: i32,
  panels: usize,
  N: i32,
  C: usize,
  add: bool,
  scratch: usize,
): void {
  const strideA = <usize>K * F32;
  for (let row = 0; row < M; row += CHUNK_ROWS) {
    const rows = min(CHUNK_ROWS, M - row);
    packTiles(A + <usize>row * strideA, strideA, rows, K, scratch + TILE_BYTES);
    packedTimesPanels(rows, K, panels, N, C + <usize>(row * N) * F32, add, scratch);
  }
}

/** The same for at most CHUNK_ROWS rows that `packTiles` has packed behind the TILE_BYTES of the scratch memory. */
export function packedTimesPanels(rows: i32, K: i32, panels: usize, N: i32, C: usize, add: bool, scratch: usize): void {
  const strideC = <usize>N * F32;
  for (let column = 0; column < N; column += TILE_COLUMNS) {
    const panel = panels + <usize>(column * K) * F32;
    const to = C + <usize>column * F32;
    tilesOfPanel(scratch + TILE_BYTES, rows, panel, K, to, strideC, N - column, add, scratch);
  }
}

/** The tiles of one panel over packed rows. */
function tilesOfPanel(
  packed: usize,
  rows: i32,
  panel: usize,
  K: i32,
  C: usize,
  strideC: usize,
  columns: i32,
  add: bool,
  scratch: usize,
): void {
  const tiles = tileCount(rows);
  for (let index = 0; index < tiles; index++) {
    const row = tileStart(rows, tiles, index);
    const size = tileStart(rows, tiles, index + 1) - row;
    const A = packed + <usize>(row * K) * F32;
    const to = C + <usize>row * strideC;
    const stride = <usize>size * F32;
    if (columns >= TILE_COLUMNS) tile<Eight>(size, A, stride, panel, K, to, strideC, add);
    else tileOfTail(size, columns, A, stride, panel, K, to, strideC, add, scratch);
  }
}

/**
 * Rows `first` to before `last` of C (M, N) = Σ_k u_k v_kᵀ.
 * @param u (K, M) and @param v (K, N), row-major.
 * @param scratch of TILE_BYTES and (8 + last − first)·OUTER_K numbers.
 */
export function sumOuterProducts(
  u: usize,
  M: i32,
  v: usize,
  N: i32,
  K: i32,
  C: usize,
  first: i32,
  last: i32,
  scratch: usize,
): void {
  const strideU = <usize>M * F32;
  const strideV = <usize>N * F32;
  const panel = scratch + TILE_BYTES;
  const packed = panel + <usize>(TILE_COLUMNS * OUTER_K) * F32;
  for (let k = 0; k < K; k += OUTER_K) {
    const steps = min(OUTER_K, K - k);
    packColumns(u + <usize>k * strideU + <usize>first * F32, strideU, last - first, steps, packed);
    for (let column = 0; column < N; column += TILE_COLUMNS) {
      packPanel(v + <usize>k * strideV + <usize>column * F32, strideV, steps, N - column, panel);
      const to = C + <usize>first * strideV + <usize>column * F32;
      tilesOfPanel(packed, last - first, panel, steps, to, strideV, N - column, k > 0, scratch);
    }
  }
}
