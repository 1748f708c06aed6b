import { workerData } from 'node:worker_threads';
import { END, waitWhile, WORDS, type MemberData } from './team.ts';
import { instantiate } from './webAssembly.ts';

/** The entry of a thread that helps with the kernels: it does its share of every task that its team announces. */
const { module, memory, words, worker, workers } = workerData as MemberData;
const kernels = instantiate(module, memory);
Atomics.add(words, WORDS.ready, 1);
Atomics.notify(words, WORDS.ready);

for (let seen = 0; ;) {
  const generation = waitWhile(words, WORDS.generation, seen);
  if (generation === seen) continue;
  seen = generation;
  const task = Atomics.load(words, WORDS.task);
  if (task === END) break;
  try {
    kernels.run(task, Atomics.load(words, WORDS.network), worker, workers);
  } catch {
    Atomics.store(words, WORDS.failed, worker);
  }
  Atomics.sub(words, WORDS.pending, 1);
  Atomics.notify(words, WORDS.pending);
}
