import { parentPort, workerData } from 'node:worker_threads';
import { thisMachine } from './machine.ts';
import { serve } from './serve.ts';
import { threadPorts, type ThreadData } from './threadPorts.ts';

/** The entry of the training thread: glue around `serve`. It is started by `Trainer`, which passes its data. */
if (parentPort === null) throw new Error('worker.ts runs as a thread that Trainer starts');
const { control, folder } = workerData as ThreadData;
serve(threadPorts(parentPort, control), { nowMs: () => performance.now() }, thisMachine(folder));
