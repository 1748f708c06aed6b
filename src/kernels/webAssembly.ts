import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A compiled module: a value to pass on to threads. */
export type WasmModule = object;

export interface WasmMemory {
  readonly buffer: SharedArrayBuffer;
}

/** What src/kernels/assembly/index.ts exports. */
export interface KernelExports {
  run(task: number, address: number, worker: number, workers: number): void;
  heapBase(): number;
  squaresBlock(): number;
  panelNumbers(K: number, N: number): number;
  scratchBytes(V: number, H: number, T: number, B: number, operandCount: number): number;
  productRoof(times: number, A: number, panel: number, K: number, C: number): void;
  expOf(from: number, to: number, count: number): void;
  tanhOf(from: number, to: number, count: number): void;
  sigmoidOf(from: number, to: number, count: number): void;
}

/** What is used of the global `WebAssembly`, for which neither Node's types nor the language's have declarations. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  readonly Instance: new (module: WasmModule, imports: object) => { readonly exports: unknown };
  readonly Memory: new (options: { initial: number; maximum: number; shared: true }) => WasmMemory;
  validate(bytes: Uint8Array): boolean;
}

const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyApi };

/** Bytes of one page, the unit in which memory is allocated, and the most pages that 32-bit addresses reach. */
export const PAGE_BYTES = 65_536;
export const MAX_PAGES = 65_536;

/** The two modules that are compiled from src/kernels/assembly/. */
export type Instructions = 'relaxed' | 'simd';

/** The bytes of a module in the folder of the bundles; undefined where this machine cannot run its instructions. */
export function readModule(folder: string, instructions: Instructions): Uint8Array | undefined {
  const bytes = readFileSync(join(folder, `kernels-${instructions}.wasm`));
  return WebAssembly.validate(bytes) ? bytes : undefined;
}

export function compile(bytes: Uint8Array): WasmModule {
  return new WebAssembly.Module(bytes);
}

/** Shared memory of zeros, of a size that never changes. */
export function allocateMemory(pages: number): WasmMemory {
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
}

export function instantiate(module: WasmModule, memory: WasmMemory): KernelExports {
  const abort = (): never => {
    throw new Error('A kernel was asked for something that it does not have.');
  };
  return new WebAssembly.Instance(module, { env: { memory, abort } }).exports as KernelExports;
}
