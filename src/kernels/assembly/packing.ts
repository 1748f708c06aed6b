import { F32, LANES, VECTOR } from './lanes';
import { TILE_COLUMNS, TILE_ROWS } from './tile';

/** How many tiles `rows` rows are cut into; their sizes differ by at most one, since small tiles leave the processor idle. */
export function tileCount(rows: i32): i32 {
  return (rows + TILE_ROWS - 1) / TILE_ROWS;
}

/** The first row of tile `index` of `count`; that of the tile after the last is `rows`. */
export function tileStart(rows: i32, count: i32, index: i32): i32 {
  const left = index - (rows % count);
  return index * (rows / count) + (left < 0 ? index : rows % count);
}

/** Panels of a matrix of N columns. */
export function panelCount(N: i32): i32 {
  return (N + TILE_COLUMNS - 1) / TILE_COLUMNS;
}

/** Columns, with padding, of the panel that begins at `column` of N: 8, or 4 where at most four are left. */
export function panelColumns(N: i32, column: i32): i32 {
  return N - column > LANES ? TILE_COLUMNS : LANES;
}

/** Numbers that the packed panels of a (K, N) matrix take. */
export function panelsSize(K: i32, N: i32): i32 {
  const whole = (N / TILE_COLUMNS) * TILE_COLUMNS;
  return K * (whole === N ? N : whole + panelColumns(N, whole));
}

/** Packs panels `first` to before `last` of B (K, N), row-major, so that the columns of a panel lie together for each k. */
export function packPanels(B: usize, K: i32, N: i32, to: usize, first: i32, last: i32): void {
  for (let panel = first; panel < last; panel++) {
    const column = panel * TILE_COLUMNS;
    packPanel(B + <usize>column * F32, <usize>N * F32, K, N - column, to + <usize>(column * K) * F32);
  }
}

/** One panel from `columns` columns of a matrix, the eighth and later left out; missing ones become zeros. */
export function packPanel(from: usize, stride: usize, K: i32, columns: i32, to: usize): void {
  if (columns >= TILE_COLUMNS) {
    for (let k = 0; k < K; k++, from += stride, to += 2 * VECTOR) {
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, VECTOR), VECTOR);
    }
    return;
  }
  const padded = columns > LANES ? TILE_COLUMNS : LANES;
  for (let k = 0; k < K; k++, from += stride) {
    for (let column = 0; column < padded; column++, to += F32) {
      store<f32>(to, column < columns ? load<f32>(from + <usize>column * F32) : 0);
    }
  }
}

/** Packs panels `first` to before `last` of Wᵀ (K, N), from W (N, K) row-major. */
export function packTransposedPanels(W: usize, N: i32, K: i32, to: usize, first: i32, last: i32): void {
  for (let panel = first; panel < last; panel++) {
    const row = panel * TILE_COLUMNS;
    const rows = min(TILE_COLUMNS, N - row);
    const padded = panelColumns(N, row);
    const start = to + <usize>(row * K) * F32;
    if (rows < padded) memory.fill(start, 0, <usize>(padded * K) * F32);
    packRows(W + <usize>(row * K) * F32, <usize>K * F32, rows, K, start, <usize>padded * F32);
  }
}

/** Packs the M rows of A, row-major, tile by tile: for each k the numbers of a tile's rows lie together. */
export function packTiles(A: usize, stride: usize, M: i32, K: i32, to: usize): void {
  const tiles = tileCount(M);
  for (let index = 0; index < tiles; index++) {
    const row = tileStart(M, tiles, index);
    const rows = tileStart(M, tiles, index + 1) - row;
    packRows(A + <usize>row * stride, stride, rows, K, to + <usize>(row * K) * F32, <usize>rows * F32);
  }
}

/** Packs M columns of a matrix of K rows, tile by tile: as `packTiles` packs the rows of its transpose. */
export function packColumns(from: usize, stride: usize, M: i32, K: i32, to: usize): void {
  const tiles = tileCount(M);
  for (let index = 0; index < tiles; index++) {
    const column = tileStart(M, tiles, index);
    const columns = tileStart(M, tiles, index + 1) - column;
    copyColumns(from + <usize>column * F32, stride, columns, K, to + <usize>(column * K) * F32);
  }
}

function copyColumns(from: usize, stride: usize, columns: i32, K: i32, to: usize): void {
  if (columns === 6) {
    for (; K > 0; K--, from += stride, to += 6 * F32) {
      v128.store(to, v128.load(from));
      store<u64>(to, load<u64>(from, VECTOR), VECTOR);
    }
    return;
  }
  if (columns === 5) {
    for (; K > 0; K--, from += stride, to += 5 * F32) {
      v128.store(to, v128.load(from));
      store<u32>(to, load<u32>(from, VECTOR), VECTOR);
    }
    return;
  }
  for (; K > 0; K--, from += stride) {
    for (let column = 0; column < columns; column++, to += F32) store<u32>(to, load<u32>(from + <usize>column * F32));
  }
}

/** Transposes `rows` rows of K numbers: number k of row r goes to `to + k·step` plus r numbers; `step` is in bytes. */
export function packRows(from: usize, stride: usize, rows: i32, K: i32, to: usize, step: usize): void {
  let row = 0;
  for (; row + 4 <= rows; row += 4) packRows4(from + <usize>row * stride, stride, K, to + <usize>row * F32, step);
  if (row + 2 <= rows) {
    packRows2(from + <usize>row * stride, stride, K, to + <usize>row * F32, step);
    row += 2;
  }
  if (row < rows) packRow(from + <usize>row * stride, K, to + <usize>row * F32, step);
}

function packRows4(from: usize, stride: usize, K: i32, to: usize, step: usize): void {
  const from1 = from + stride;
  const from2 = from1 + stride;
  const from3 = from2 + stride;
  const end = <usize>(K & ~(LANES - 1)) * F32;
  for (let at: usize = 0; at < end; at += VECTOR) {
    const r0 = v128.load(from + at);
    const r1 = v128.load(from1 + at);
    const r2 = v128.load(from2 + at);
    const r3 = v128.load(from3 + at);
    const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
    const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
    const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
    const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
    v128.store(to, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5));
    v128.store((to += step), v128.shuffle<f32>(low01, low23, 2, 3, 6, 7));
    v128.store((to += step), v128.shuffle<f32>(high01, high23, 0, 1, 4, 5));
    v128.store((to += step), v128.shuffle<f32>(high01, high23, 2, 3, 6, 7));
    to += step;
  }
  for (let at = end; at < <usize>K * F32; at += F32, to += step) {
    store<f32>(to, load<f32>(from + at));
    store<f32>(to, load<f32>(from1 + at), F32);
    store<f32>(to, load<f32>(from2 + at), 2 * F32);
    store<f32>(to, load<f32>(from3 + at), 3 * F32);
  }
}

function packRows2(from: usize, stride: usize, K: i32, to: usize, step: usize): void {
  const from1 = from + stride;
  const end = <usize>(K & ~(LANES - 1)) * F32;
  for (let at: usize = 0; at < end; at += VECTOR) {
    const r0 = v128.load(from + at);
    const r1 = v128.load(from1 + at);
    const low = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
    const high = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
    v128.store64_lane(to, low, 0);
    v128.store64_lane((to += step), low, 1);
    v128.store64_lane((to += step), high, 0);
    v128.store64_lane((to += step), high, 1);
    to += step;
  }
  for (let at = end; at < <usize>K * F32; at += F32, to += step) {
    store<f32>(to, load<f32>(from + at));
    store<f32>(to, load<f32>(from1 + at), F32);
  }
}

function packRow(from: usize, K: i32, to: usize, step: usize): void {
  for (const end = from + <usize>K * F32; from < end; from += F32, to += step) store<f32>(to, load<f32>(from));
}
