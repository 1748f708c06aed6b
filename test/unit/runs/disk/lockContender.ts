import { hostname } from 'node:os';
import { acquire, isHeld } from '../../../../src/runs/disk/lock.ts';

/**
 * A process of its own that fights for a lock: at every line of its input it tries to own the folder that the line names,
 * and says `won` or `held`. It keeps what it won until the line `release`, or its end.
 */
const owner = { pid: process.pid, host: hostname(), window: 'contender' };
let lock: Awaited<ReturnType<typeof acquire>> | undefined;
process.stdin.setEncoding('utf8');
let rest = '';
let work = Promise.resolve();
process.stdin.on('data', (chunk: string) => {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop() ?? '';
  for (const line of lines) work = work.then(() => obey(line));
});

async function obey(line: string): Promise<void> {
  if (line === 'release') {
    if (lock !== undefined && !isHeld(lock)) await lock.release();
    process.stdout.write('released\n');
    return;
  }
  lock = await acquire(line, owner);
  process.stdout.write(isHeld(lock) ? 'held\n' : 'won\n');
}
