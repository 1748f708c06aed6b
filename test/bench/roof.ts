import { join } from 'node:path';
import { projectRoot } from '../workbench/paths.ts';
import { JsonChild, startChild } from './children.ts';

/** What the product kernel reaches alone, on operands that stay in the first-level cache. */
export interface Roof {
  readonly kernels: string;
  readonly threads: number;
  /** Floating-point operations a second, in thousands of millions. */
  readonly gigaflops: number;
}

const PROCESS = join(import.meta.dirname, 'roofProcess.ts');
const BUNDLES = join(projectRoot, 'dist');

/** Measures the product kernel of each kind, in as many processes at once as there are to be threads. */
export async function measureRoofs(
  kernels: readonly string[],
  threads: readonly number[],
  seconds: number,
): Promise<readonly Roof[]> {
  const roofs: Roof[] = [];
  for (const kind of kernels) {
    for (const count of threads) {
      roofs.push({ kernels: kind, threads: count, gigaflops: await measureRoof(kind, count, seconds) });
    }
  }
  return roofs;
}

async function measureRoof(kernels: string, threads: number, seconds: number): Promise<number> {
  const argv = ['--disable-warning=ExperimentalWarning', PROCESS, BUNDLES, kernels];
  const children = Array.from(
    { length: threads },
    () => new JsonChild(`the roof of ${kernels}`, startChild(process.execPath, argv)),
  );
  try {
    // The first answer of each says that it is warm.
    await Promise.all(children.map((child) => child.ask({ seconds: 0.3 })));
    const measured = await Promise.all(children.map((child) => child.ask<{ gigaflops: number }>({ seconds })));
    return measured.reduce((sum, { gigaflops }) => sum + gigaflops, 0);
  } finally {
    await Promise.all(children.map((child) => child.close()));
  }
}
