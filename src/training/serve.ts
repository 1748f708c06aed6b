import { InputError } from '../common/inputError.ts';
import type { LoadRequest, ReadingProgress, StartRequest } from '../protocol/worker.ts';
import { TrainingLoop } from './loop.ts';
import type { Machine } from './machine.ts';
import type { Clock, LoopPorts } from './ports.ts';
import { ReadingPorts, Stopped } from './readingPorts.ts';
import { TrainingRun } from './run.ts';
import { TextChanged } from './textChanged.ts';
import { writeOnly } from './writeOnly.ts';

/**
 * Waits for the request that starts the run, and trains it; refuses input that cannot be trained on. A run that is stopped
 * while its text is read ends there. A network that is loaded instead only writes text.
 */
export function serve(ports: LoopPorts, clock: Clock, machine: Machine): void {
  const request = firstStart(ports);
  if (request === undefined) return;
  if (request.type === 'load') return writeOnly(ports, request);
  const reading = new ReadingPorts(ports, clock, request.runId);
  const run = createRun(request, reading, machine);
  if (run !== undefined) new TrainingLoop(run, request, reading, clock).run();
}

function firstStart(ports: LoopPorts): StartRequest | LoadRequest | undefined {
  do {
    for (let request = ports.receive(); request !== undefined; request = ports.receive()) {
      if (request.type === 'start' || request.type === 'load') return request;
    }
  } while (ports.wait());
  return undefined;
}

function createRun(request: StartRequest, ports: ReadingPorts, machine: Machine): TrainingRun | undefined {
  const { runId } = request;
  try {
    const onPiece = (progress: ReadingProgress): void => ports.report(progress);
    return TrainingRun.create(request, machine, { onPiece });
  } catch (error) {
    if (error instanceof Stopped) {
      ports.send({ type: 'ended', runId, reason: 'stopped', iterations: 0, charactersPerSecond: 0 });
    } else if (error instanceof InputError) {
      const { message, remedy } = error;
      const isTextChanged = error instanceof TextChanged;
      ports.send({
        type: 'refused',
        runId,
        message,
        ...(remedy && { remedy }),
        ...(isTextChanged && { isTextChanged }),
      });
    } else throw error;
    return undefined;
  }
}
