import { parentPort, workerData } from 'node:worker_threads';
import { machineMemoryBytes } from './machine.ts';
import { serve } from './serve.ts';
import { threadPorts, type ControlWord } from './threadPorts.ts';

/** The entry of the training thread: glue around `serve`. It is started by `Trainer`, which passes the control word. */
if (parentPort === null) throw new Error('worker.ts runs as a thread that Trainer starts');
serve(threadPorts(parentPort, workerData as ControlWord), { nowMs: () => performance.now() }, machineMemoryBytes());
