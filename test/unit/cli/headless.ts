import { build } from 'esbuild';
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** The headless form as a process of its own, bundled as it is for use. */

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Bundles the headless form and its training thread into a new folder, laid out as the package is; returns the folder. */
export async function bundleHeadless(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'headless-'));
  await build({
    absWorkingDir: ROOT,
    entryPoints: { cli: 'src/cli.ts', worker: 'src/training/worker.ts' },
    outdir: join(folder, 'dist'),
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    logLevel: 'warning',
  });
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

  constructor(folder: string, argv: readonly string[]) {
    this.process = spawn(process.execPath, [join(folder, 'dist', 'cli.cjs'), ...argv], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process.stdout.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.process.stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
  }

  /** Resolves as soon as the process has written this to its standard error. */
  async says(text: string): Promise<void> {
    while (!this.stderr.includes(text)) await once(this.process.stderr, 'data');
  }

  async outcome(): Promise<Outcome> {
    const [code] = (await once(this.process, 'close')) as [number | null];
    return { code, stdout: this.stdout, stderr: this.stderr };
  }
}

export function headless(folder: string, ...argv: string[]): Promise<Outcome> {
  return new Headless(folder, argv).outcome();
}
