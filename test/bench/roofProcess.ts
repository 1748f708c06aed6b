import { createInterface } from 'node:readline';
import { allocateMemory, compile, instantiate, readModule, type Instructions } from '../../src/kernels/webAssembly.ts';

/**
 * The product kernel by itself: `node roofProcess.ts BUNDLES KERNELS`. For every line `{"seconds": n}` it multiplies for that
 * long, in many short calls, since a long one would never leave the baseline compiler, and answers with what it reached.
 */

/** One tile: 6 rows and 8 columns, with a sum over so many k that both operands, of 8.4 KB, stay in the first-level cache. */
const ROWS = 6;
const COLUMNS = 8;
const K = 150;
const PRODUCTS_A_CALL = 1000;

const [, , bundles, instructions] = process.argv;
const bytes = readModule(bundles, instructions as Instructions);
if (bytes === undefined) throw new Error(`this machine does not run the ${instructions} kernels`);
const memory = allocateMemory(4);
const kernels = instantiate(compile(bytes), memory);
const A = Math.ceil(kernels.heapBase() / 64) * 64;
const panel = A + ROWS * K * Float32Array.BYTES_PER_ELEMENT;
const C = panel + COLUMNS * K * Float32Array.BYTES_PER_ELEMENT;
new Float32Array(memory.buffer, A, (ROWS + COLUMNS) * K).forEach((_, i, x) => (x[i] = (i % 17) / 17 - 0.5));

function gigaflops(seconds: number): number {
  const startMs = performance.now();
  let calls = 0;
  let spentMs = 0;
  for (; spentMs < 1000 * seconds; calls++) {
    kernels.productRoof(PRODUCTS_A_CALL, A, panel, K, C);
    spentMs = performance.now() - startMs;
  }
  return (2 * ROWS * COLUMNS * K * PRODUCTS_A_CALL * calls) / spentMs / 1e6;
}

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const { seconds } = JSON.parse(line) as { seconds: number };
    process.stdout.write(`${JSON.stringify({ gigaflops: gigaflops(seconds) })}\n`);
  })
  .on('close', () => process.exit(0));
