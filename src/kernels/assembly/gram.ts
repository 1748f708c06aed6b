import { F32, LANES, loadLanes, madd, sumOfLanes, VECTOR } from './lanes';
import { One, Three, Two } from './tile';
import { fourSums } from './vectors';

/** Rows of a block of the Gram matrix: nine dot products side by side, three vectors of each operand. */
const BLOCK: i32 = 3;

/** Numbers from row to row of a Gram matrix of B rows: whole vectors. */
export function gramStride(B: i32): i32 {
  return wholeVectors(B);
}

/** Numbers that `gram` packs of B rows of n. */
export function gramScratch(B: i32, n: i32): i32 {
  return B * wholeVectors(n);
}

function wholeVectors(n: i32): i32 {
  return (n + LANES - 1) & ~(LANES - 1);
}

/**
 * The lower triangle of U·Uᵀ with its diagonal, for U (B, n) row-major; the upper triangle becomes zeros.
 * @param packed memory for `gramScratch` numbers.
 */
export function gram(U: usize, B: i32, n: i32, G: usize, packed: usize): void {
  const stride = <usize>gramStride(B) * F32;
  const rowBytes = <usize>wholeVectors(n) * F32;
  const blocks = (B + BLOCK - 1) / BLOCK;
  memory.fill(G, 0, <usize>B * stride);
  for (let i = 0; i < blocks; i++) {
    const row = blockStart(B, blocks, i);
    const rows = blockStart(B, blocks, i + 1) - row;
    const x = packed + <usize>row * rowBytes;
    packBlock(U + <usize>(row * n) * F32, rows, n, x);
    for (let j = 0; j <= i; j++) {
      const column = blockStart(B, blocks, j);
      const columns = blockStart(B, blocks, j + 1) - column;
      const y = packed + <usize>column * rowBytes;
      const to = G + <usize>row * stride + <usize>column * F32;
      if (rows === 3) dots<Three, Three>(x, y, rowBytes, to, stride);
      else if (rows === 2 && columns === 3) dots<Two, Three>(x, y, rowBytes, to, stride);
      else if (rows === 2) dots<Two, Two>(x, y, rowBytes, to, stride);
      else dots<One, One>(x, y, rowBytes, to, stride);
    }
    clearUpper(G, stride, row, rows);
  }
}

/** Blocks have two or three rows, the larger ones first, except that a single row is a block. */
function blockStart(B: i32, blocks: i32, index: i32): i32 {
  return index * (B / blocks) + min(index, B % blocks);
}

/** Puts the vectors of neighbouring rows in turn, so that one address reaches all of them; zeros fill up the last. */
function packBlock(from: usize, rows: i32, n: i32, to: usize): void {
  const step = <usize>rows * VECTOR;
  for (let row = 0; row < rows; row++) {
    let at = to + <usize>row * VECTOR;
    let left = n;
    for (; left >= LANES; left -= LANES, from += VECTOR, at += step) v128.store(at, v128.load(from));
    if (left > 0) v128.store(at, loadLanes(from, left));
    from += <usize>left * F32;
  }
}

function clearUpper(G: usize, stride: usize, first: i32, rows: i32): void {
  for (let row = first; row < first + rows; row++) {
    for (let column = row + 1; column < first + rows; column++) {
      store<f32>(G + <usize>row * stride + <usize>column * F32, 0);
    }
  }
}

/** R × C dot products of the rows of one packed block with those of another. */
function dots<R, C>(x: usize, y: usize, rowBytes: usize, to: usize, stride: usize): void {
  const zero = f32x4.splat(0);
  let s00 = zero,
    s01 = zero,
    s02 = zero,
    s10 = zero,
    s11 = zero,
    s12 = zero,
    s20 = zero,
    s21 = zero,
    s22 = zero;
  for (const end = x + <usize>offsetof<R>() * rowBytes; x < end; x += offsetof<R>() * VECTOR) {
    const b0 = v128.load(y);
    let b1 = zero;
    let b2 = zero;
    if (offsetof<C>() > 1) b1 = v128.load(y, VECTOR);
    if (offsetof<C>() > 2) b2 = v128.load(y, 2 * VECTOR);
    let row = v128.load(x);
    s00 = madd(row, b0, s00);
    if (offsetof<C>() > 1) s01 = madd(row, b1, s01);
    if (offsetof<C>() > 2) s02 = madd(row, b2, s02);
    if (offsetof<R>() > 1) {
      row = v128.load(x, VECTOR);
      s10 = madd(row, b0, s10);
      if (offsetof<C>() > 1) s11 = madd(row, b1, s11);
      if (offsetof<C>() > 2) s12 = madd(row, b2, s12);
    }
    if (offsetof<R>() > 2) {
      row = v128.load(x, 2 * VECTOR);
      s20 = madd(row, b0, s20);
      if (offsetof<C>() > 1) s21 = madd(row, b1, s21);
      if (offsetof<C>() > 2) s22 = madd(row, b2, s22);
    }
    y += offsetof<C>() * VECTOR;
  }
  putSums<C>(to, s00, s01, s02);
  if (offsetof<R>() > 1) putSums<C>(to + stride, s10, s11, s12);
  if (offsetof<R>() > 2) putSums<C>(to + 2 * stride, s20, s21, s22);
}

/** The dot products of one row. */
function putSums<C>(to: usize, s0: v128, s1: v128, s2: v128): void {
  if (offsetof<C>() === 1) {
    store<f32>(to, sumOfLanes(s0));
    return;
  }
  const sums = fourSums(s0, s1, s2, s2);
  v128.store64_lane(to, sums, 0);
  if (offsetof<C>() > 2) v128.store32_lane(to, sums, 2, 2 * F32);
}
