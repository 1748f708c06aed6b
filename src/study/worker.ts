import '../threads/translated.ts';
import { parentPort, workerData } from 'node:worker_threads';
import * as v from 'valibot';
import { StudyRequest } from '../protocol/measures.ts';
import { StudyQueue } from './studyQueue.ts';

/** The entry of the study thread: glue around `StudyQueue`. It is started by `Study`, which passes the folder of the bundles. */
if (parentPort === null) throw new Error('worker.ts runs as a thread that Study starts');
const port = parentPort;
const { folder } = workerData as { readonly folder: string };
const queue = new StudyQueue(folder, (event) => port.postMessage(event));
let isWorking = false;

/** One piece of work at a time, so that a more urgent question is heard in between. */
function work(): void {
  isWorking = queue.advance();
  if (isWorking) setImmediate(work);
}

function begin(): void {
  if (isWorking) return;
  isWorking = true;
  setImmediate(work);
}

port.on('message', (message: unknown) => {
  queue.receive(v.parse(StudyRequest, message));
  begin();
});
begin();
