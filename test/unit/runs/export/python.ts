import { execFile, spawn, spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Python for the tests of what it runs; `RNN_PYTHON` names another one than those that are looked for. */

const CANDIDATES = ['python3', '/usr/bin/python3', 'python'];
const JOBS = fileURLToPath(new URL('../../../python/jobs.py', import.meta.url));

function findPython(program: string): string | undefined {
  const named = process.env.RNN_PYTHON;
  const candidates = named === undefined ? CANDIDATES : [named];
  return candidates.find((python) => spawnSync(python, ['-c', program]).status === 0);
}

/** A Python that has PyTorch, and why tests that need one are skipped where there is none. */
export const torchPython = findPython(
  'import torch; assert tuple(map(int, torch.__version__.split(".")[:2])) >= (1, 13)',
);
export const withoutTorch =
  torchPython === undefined &&
  'no Python with PyTorch 1.13 or later was found (Debian: apt install python3-torch; RNN_PYTHON names another)';

/** The same of a Python that has NumPy. */
export const numpyPython = findPython('import numpy');
export const withoutNumpy =
  numpyPython === undefined &&
  'no Python with NumPy was found (Debian: apt install python3-numpy; RNN_PYTHON names another)';

export interface Finished {
  readonly code: number;
  readonly out: string;
}

export function runPython(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  python = torchPython ?? 'python3',
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, OMP_NUM_THREADS: '1', ...environment };
    execFile(python, args, { env, timeout: 120_000 }, (error, stdout, stderr) => {
      // A number is what the program itself ended with; other errors are of starting or ending it.
      if (error === null) resolve({ code: 0, out: stdout + stderr });
      else if (typeof error.code === 'number') resolve({ code: error.code, out: stdout + stderr });
      else reject(new Error(`Python did not end by itself: ${stderr}`, { cause: error }));
    });
  });
}

/** Starts a program and sends it a signal, once it has printed a line that `when` matches. */
export function interruptPython(args: readonly string[], when: RegExp, signal: NodeJS.Signals): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, OMP_NUM_THREADS: '1' };
    const child = spawn(torchPython ?? 'python3', args, { env, timeout: 120_000, killSignal: 'SIGKILL' });
    let out = '';
    let isSignalled = false;
    const read = (text: string): void => {
      out += text;
      if (isSignalled || !when.test(out)) return;
      isSignalled = true;
      child.kill(signal);
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? -1, out }));
  });
}

export interface Job {
  readonly script: string;
  readonly args: readonly string[];
}

/** Runs scripts one after the other in one process. */
export async function runJobs(folder: string, jobs: readonly Job[]): Promise<Finished[]> {
  const path = join(folder, 'jobs.json');
  await writeFile(path, JSON.stringify(jobs));
  const { code, out } = await runPython([JOBS, path]);
  if (code !== 0) throw new Error(out);
  return JSON.parse(out) as Finished[];
}

/** Runs a script as two processes that find each other as torchrun lets them. */
export async function runTwoRanks(script: string, args: readonly string[]): Promise<Finished[]> {
  const port = await freePort();
  return Promise.all(
    [0, 1].map((rank) =>
      runPython([script, ...args], {
        RANK: String(rank),
        LOCAL_RANK: String(rank),
        WORLD_SIZE: '2',
        MASTER_ADDR: '127.0.0.1',
        MASTER_PORT: String(port),
      }),
    ),
  );
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
