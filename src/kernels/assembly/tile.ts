import { F32, LANES, loadLanes, madd, storeLanes, VECTOR } from './lanes';

/**
 * The number of rows, or of columns, of a tile as a type, so that the compiler makes a function for every tile and knows
 * in it which accumulators there are: `offsetof<Six>()` is 6 when it compiles.
 */
export class One {
  a: i8 = 0;
}
export class Two extends One {
  b: i8 = 0;
}
export class Three extends Two {
  c: i8 = 0;
}
export class Four extends Three {
  d: i8 = 0;
}
export class Five extends Four {
  e: i8 = 0;
}
export class Six extends Five {
  f: i8 = 0;
}
export class Eight extends Six {
  g: i8 = 0;
  h: i8 = 0;
}

/** Rows of the largest tile: with 8 columns, its 12 accumulators, two vectors of B and one of A fill x64's registers. */
export const TILE_ROWS: i32 = 6;
/** Columns of a tile, and of a packed panel of B. */
export const TILE_COLUMNS: i32 = 8;

/**
 * C (R, W) = A·B or, with `add`, C + A·B, for one tile of R ≤ 6 rows and W = 8 or 4 columns. Each number of C is one chain
 * of multiply-adds over k from 0 to K−1, whatever the tile, so that it does not depend on how rows are cut into tiles.
 * @param A k-major: the R numbers of each k lie together, `strideA` bytes from one k to the next.
 * @param panel k-major and packed: W numbers for each k.
 * @param strideC bytes from row to row of C.
 */
function tile_f32x4<R, W>(A: usize, strideA: usize, panel: usize, K: i32, C: usize, strideC: usize, add: bool): void {
  const zero = f32x4.splat(0);
  let c00 = zero,
    c01 = zero,
    c10 = zero,
    c11 = zero,
    c20 = zero,
    c21 = zero,
    c30 = zero,
    c31 = zero,
    c40 = zero,
    c41 = zero,
    c50 = zero,
    c51 = zero;
  for (let k = K; k > 0; k--) {
    const b0 = v128.load(panel);
    let b1 = zero;
    if (offsetof<W>() > 4) b1 = v128.load(panel, VECTOR);
    let row = v128.load32_splat(A);
    c00 = madd(row, b0, c00);
    if (offsetof<W>() > 4) c01 = madd(row, b1, c01);
    if (offsetof<R>() > 1) {
      row = v128.load32_splat(A, 1 * F32);
      c10 = madd(row, b0, c10);
      if (offsetof<W>() > 4) c11 = madd(row, b1, c11);
    }
    if (offsetof<R>() > 2) {
      row = v128.load32_splat(A, 2 * F32);
      c20 = madd(row, b0, c20);
      if (offsetof<W>() > 4) c21 = madd(row, b1, c21);
    }
    if (offsetof<R>() > 3) {
      row = v128.load32_splat(A, 3 * F32);
      c30 = madd(row, b0, c30);
      if (offsetof<W>() > 4) c31 = madd(row, b1, c31);
    }
    if (offsetof<R>() > 4) {
      row = v128.load32_splat(A, 4 * F32);
      c40 = madd(row, b0, c40);
      if (offsetof<W>() > 4) c41 = madd(row, b1, c41);
    }
    if (offsetof<R>() > 5) {
      row = v128.load32_splat(A, 5 * F32);
      c50 = madd(row, b0, c50);
      if (offsetof<W>() > 4) c51 = madd(row, b1, c51);
    }
    A += strideA;
    panel += offsetof<W>() * F32;
  }
  put<W>(C, c00, c01, add);
  if (offsetof<R>() > 1) put<W>((C += strideC), c10, c11, add);
  if (offsetof<R>() > 2) put<W>((C += strideC), c20, c21, add);
  if (offsetof<R>() > 3) put<W>((C += strideC), c30, c31, add);
  if (offsetof<R>() > 4) put<W>((C += strideC), c40, c41, add);
  if (offsetof<R>() > 5) put<W>((C += strideC), c50, c51, add);
}

function put<W>(to: usize, first: v128, second: v128, add: bool): void {
  v128.store(to, add ? f32x4.add(v128.load(to), first) : first);
  if (offsetof<W>() > 4) v128.store(to, add ? f32x4.add(v128.load(to, VECTOR), second) : second, VECTOR);
}

/** `tile_f32x4` of `rows`, 1 … 6. */
export function tile<W>(
  rows: i32,
  A: usize,
  strideA: usize,
  panel: usize,
  K: i32,
  C: usize,
  strideC: usize,
  add: bool,
): void {
  switch (rows) {
    case 6:
      return tile_f32x4<Six, W>(A, strideA, panel, K, C, strideC, add);
    case 5:
      return tile_f32x4<Five, W>(A, strideA, panel, K, C, strideC, add);
    case 4:
      return tile_f32x4<Four, W>(A, strideA, panel, K, C, strideC, add);
    case 3:
      return tile_f32x4<Three, W>(A, strideA, panel, K, C, strideC, add);
    case 2:
      return tile_f32x4<Two, W>(A, strideA, panel, K, C, strideC, add);
    default:
      return tile_f32x4<One, W>(A, strideA, panel, K, C, strideC, add);
  }
}

/**
 * A tile whose panel is padded with columns that C does not have: it is computed beside C, in `scratch` (6, 8), and its
 * `columns`, 1 … 7, are copied or added.
 */
export function tileOfTail(
  rows: i32,
  columns: i32,
  A: usize,
  strideA: usize,
  panel: usize,
  K: i32,
  C: usize,
  strideC: usize,
  add: bool,
  scratch: usize,
): void {
  const stride = <usize>TILE_COLUMNS * F32;
  if (columns > LANES) tile<Eight>(rows, A, strideA, panel, K, scratch, stride, false);
  else tile<Four>(rows, A, strideA, panel, K, scratch, stride, false);
  for (let row = 0; row < rows; row++) {
    let from = scratch + <usize>row * stride;
    let to = C + <usize>row * strideC;
    let left = columns;
    for (; left >= LANES; left -= LANES, from += VECTOR, to += VECTOR) {
      const x = v128.load(from);
      v128.store(to, add ? f32x4.add(v128.load(to), x) : x);
    }
    if (left > 0) {
      const x = v128.load(from);
      storeLanes(to, add ? f32x4.add(loadLanes(to, left), x) : x, left);
    }
  }
}
