import '../threads/translated.ts';
import { getPriority, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { thisMachine } from './machine.ts';
import { serve } from './serve.ts';
import { threadPorts, type ThreadData } from './threadPorts.ts';

/** By how much a patient thread's niceness is above what it was: beside another thread it gets a third of what that one gets. */
const LATER = 5;

/** The entry of the training thread: glue around `serve`. It is started by `Trainer`, which passes its data. */
if (parentPort === null) throw new Error('worker.ts runs as a thread that Trainer starts');
const { control, folder, isPatient } = workerData as ThreadData;
// On Linux a priority is the thread's own, and of those that it starts; elsewhere it would be that of all extensions of VS Code.
if (isPatient && process.platform === 'linux') giveWay();
serve(threadPorts(parentPort, control), { nowMs: () => performance.now() }, thisMachine(folder));

function giveWay(): void {
  try {
    setPriority(Math.min(19, getPriority() + LATER));
  } catch {
    // A sandbox may forbid it: then it trains as others do.
  }
}
