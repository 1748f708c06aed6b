import { join } from 'node:path';
import { InputError } from '../common/inputError.ts';
import type { KernelLibrary, NetworkRequest } from './kernels.ts';
import { planNetwork, type NetworkPlan } from './plan.ts';
import { Team } from './team.ts';
import { createVectorNetwork } from './vectorNetwork.ts';
import {
  allocateMemory,
  compile,
  instantiate,
  MAX_PAGES,
  PAGE_BYTES,
  readModule,
  type Instructions,
  type WasmMemory,
} from './webAssembly.ts';

/**
 * float32 in WebAssembly with vector instructions, on a team of threads. All networks of a run lie in one shared memory that
 * is planned before it is allocated; nothing is allocated in an iteration.
 * @param folder of the bundles.
 * @param threads that compute, the calling one among them.
 * @returns undefined where this machine cannot run the instructions.
 */
export function loadVectorKernels(
  instructions: Instructions,
  folder: string,
  threads: number,
): KernelLibrary | undefined {
  const bytes = readModule(folder, instructions);
  if (bytes === undefined) return undefined;
  const module = compile(bytes);
  const sizes = instantiate(module, allocateMemory(1));

  function planAll(requests: readonly NetworkRequest[]): { plans: NetworkPlan[]; end: number } {
    const plans: NetworkPlan[] = [];
    let end = sizes.heapBase();
    for (const request of requests) {
      const plan = planNetwork(request, threads, end, sizes);
      plans.push(plan);
      end = plan.end;
    }
    return { plans, end };
  }

  return {
    name: instructions,
    threads,
    memoryBytes: (requests) => planAll(requests).end,
    create: (requests) => {
      const { plans, end } = planAll(requests);
      const memory = allocate(end, instructions);
      const team = new Team(instantiate(module, memory), module, memory, join(folder, 'member.cjs'), threads);
      const kernels = requests.map((request, index) =>
        createVectorNetwork(instructions, request, plans[index], memory, team, sizes.squaresBlock()),
      );
      return { kernels, dispose: () => team.dispose() };
    },
  };
}

/** @throws {InputError} for more than 32-bit addresses reach, and where the machine does not give it. */
function allocate(bytes: number, name: Instructions): WasmMemory {
  const pages = Math.ceil(bytes / PAGE_BYTES);
  const gigabytes = (bytes / 2 ** 30).toFixed(2);
  if (pages > MAX_PAGES) {
    throw new InputError(
      `The run needs ${gigabytes} GiB of memory, and the kernels "${name}" reach 4 GiB. Lower hiddenSize, sequenceLength ` +
        'or batchSize, or set kernels to "scalar".',
      { setting: 'kernels', value: 'scalar', label: 'Use scalar kernels' },
    );
  }
  try {
    return allocateMemory(pages);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new InputError(
      `The run needs ${gigabytes} GiB of memory, which the system does not give (${error.message}). Close other programs, ` +
        'or lower hiddenSize, sequenceLength or batchSize.',
    );
  }
}
