import { networkOf } from '../network/network.ts';
import { InputError } from '../common/inputError.ts';
import { RandomStream } from '../common/random.ts';
import { finish } from '../common/work.ts';
import type { LoadRequest, WorkerEvent, WorkerRequest } from '../protocol/worker.ts';
import { Vocabulary } from '../text/vocabulary.ts';
import type { LoopPorts } from './ports.ts';
import { TextWriter } from './sampling.ts';

type GenerateRequest = Extract<WorkerRequest, { type: 'generate' }>;
type GeneratedEvent = Extract<WorkerEvent, { type: 'generated' }>;

/** Writes text with the network of a checkpoint, on request, until the ports close: no text is read and nothing trains. */
export function writeOnly(ports: LoopPorts, load: LoadRequest): void {
  const writer = writerOf(load);
  do {
    for (let request = ports.receive(); request !== undefined; request = ports.receive()) {
      if (request.type === 'generate' && request.runId === load.runId) ports.send(written(writer, load, request));
    }
  } while (ports.wait());
}

/** The writer of a network that is not trained. */
export function writerOf(
  load: Pick<LoadRequest, 'cell' | 'layers' | 'parameters' | 'vocabulary' | 'samplingRandom'>,
): TextWriter {
  const { tokens, codes } = load.vocabulary;
  return new TextWriter(
    { network: networkOf(load), parameters: load.parameters },
    new Vocabulary(tokens, codes),
    load.samplingRandom.length > 0 ? RandomStream.fromState(load.samplingRandom) : RandomStream.seeded(0, 'sampling'),
  );
}

function written(writer: TextWriter, { iteration }: LoadRequest, request: GenerateRequest): GeneratedEvent {
  const { runId, requestId, options } = request;
  try {
    const sample = { iteration, ...finish(writer.write(options)) };
    return { type: 'generated', runId, requestId, result: { ok: true, sample } };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { type: 'generated', runId, requestId, result: { ok: false, message: error.message } };
  }
}
