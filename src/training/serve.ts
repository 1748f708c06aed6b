import { InputError } from '../common/inputError.ts';
import type { StartRequest } from '../protocol/worker.ts';
import { TrainingLoop } from './loop.ts';
import type { Clock, LoopPorts } from './ports.ts';
import { TrainingRun } from './run.ts';

/** Waits for the request that starts the run, and trains it; refuses input that cannot be trained on. */
export function serve(ports: LoopPorts, clock: Clock, totalMemoryBytes: number): void {
  const request = firstStart(ports);
  if (request === undefined) return;
  const run = createRun(request, ports, totalMemoryBytes);
  if (run !== undefined) new TrainingLoop(run, request.runId, ports, clock).run();
}

function firstStart(ports: LoopPorts): StartRequest | undefined {
  do {
    for (let request = ports.receive(); request !== undefined; request = ports.receive()) {
      if (request.type === 'start') return request;
    }
  } while (ports.wait());
  return undefined;
}

function createRun(request: StartRequest, ports: LoopPorts, totalMemoryBytes: number): TrainingRun | undefined {
  try {
    return TrainingRun.create(request, totalMemoryBytes);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { message, remedy } = error;
    ports.send({ type: 'refused', runId: request.runId, message, ...(remedy && { remedy }) });
    return undefined;
  }
}
