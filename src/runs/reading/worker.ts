import '../../threads/translated.ts';
import { parentPort } from 'node:worker_threads';
import { answer, type ReadingRequest } from './answer.ts';

/** The entry of the reading thread: glue around `answer`. It is started by `ReadingThread`. */
const port = parentPort;
if (port === null) throw new Error('worker.ts runs as a thread that ReadingThread starts');
port.on('message', (request: ReadingRequest) => {
  void answer(request).then((answered) => port.postMessage(answered));
});
