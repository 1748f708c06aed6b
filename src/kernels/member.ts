import { workerData } from 'node:worker_threads';
import { END, waitWhile, WORDS, type MemberData } from './team.ts';
import { instantiate } from './webAssembly.ts';

/** The entry of a thread that helps with the kernels: it does its share of every task that its team announces. */
const { module, memory, words, worker, workers } = workerData as MemberData;
const kernels = instantiate(module, memory);
let isWanted = true;
process.on('exit', () => {
  if (isWanted) reportDeath();
});
Atomics.add(words, WORDS.ready, 1);
Atomics.notify(words, WORDS.ready);

for (let seen = 0; ;) {
  const generation = waitWhile(words, WORDS.generation, seen);
  if (generation === seen) continue;
  seen = generation;
  const task = Atomics.load(words, WORDS.task);
  if (task === END) {
    isWanted = false;
    break;
  }
  try {
    kernels.run(task, Atomics.load(words, WORDS.address), worker, workers);
  } catch {
    Atomics.store(words, WORDS.failed, worker);
  }
  Atomics.sub(words, WORDS.pending, 1);
  Atomics.notify(words, WORDS.pending);
}

/** A member that dies will never end its share. The owner is asleep until the shares are done, and hears of it by this alone. */
function reportDeath(): void {
  Atomics.store(words, WORDS.failed, worker);
  // After `failed`: an owner that announces a task at this moment sees one of the two.
  Atomics.store(words, WORDS.pending, 0);
  Atomics.notify(words, WORDS.pending);
}
