import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The headless form as a process of its own, as it is for use. */

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

const FILES = ['cli.cjs', 'worker.cjs', 'member.cjs', 'kernels-relaxed.wasm', 'kernels-simd.wasm'];

/** Copies what `npm run build` made of the headless form into a new folder, laid out as the package is; returns the folder. */
export async function copyHeadless(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'headless-'));
  await mkdir(join(folder, 'dist'));
  for (const file of FILES) await copyFile(join(ROOT, 'dist', file), join(folder, 'dist', file));
  await copyFile(join(ROOT, 'package.json'), join(folder, 'package.json'));
  return folder;
}

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A headless process whose output is kept. */
export class Headless {
  readonly process: ChildProcessByStdio<null, Readable, Readable>;
  stdout = '';
  stderr = '';

  constructor(folder: string, argv: readonly string[], env: NodeJS.ProcessEnv = {}) {
    this.process = spawn(process.execPath, [join(folder, 'dist', 'cli.cjs'), ...argv], {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process.stdout.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.process.stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
  }

  /** Resolves as soon as the process has written this to its standard error. */
  async says(text: string): Promise<void> {
    while (!this.stderr.includes(text)) await once(this.process.stderr, 'data');
  }

  /** Waits for what the process does, as long as it runs. */
  async until(isDone: () => boolean): Promise<void> {
    while (!isDone()) {
      const { exitCode, signalCode } = this.process;
      if (exitCode !== null || signalCode !== null) throw new Error(`The process has ended: ${this.stderr}`);
      await setTimeout(20);
    }
  }

  async outcome(): Promise<Outcome> {
    const [code] = (await once(this.process, 'close')) as [number | null];
    return { code, stdout: this.stdout, stderr: this.stderr };
  }
}

export function headless(folder: string, ...argv: string[]): Promise<Outcome> {
  return new Headless(folder, argv).outcome();
}

/** What a process writes to its standard output, byte by byte. */
export async function headlessBytes(folder: string, ...argv: string[]): Promise<Buffer> {
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, [join(folder, 'dist', 'cli.cjs'), ...argv], { encoding: 'buffer' });
  return stdout;
}
