import { type ChildProcess, spawn, type SpawnOptions, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import { constants } from 'node:os';

/** How long a process may take to end after it was asked to, before it is made to. */
const graceMs = 3000;

const running = new Set<ChildProcess>();
let watching = false;

/** Ends what is left when this process ends, whatever ends it but SIGKILL: a VS Code left running would hold its port and memory. */
export function endChildrenWithThisProcess(): void {
  if (watching) return;
  watching = true;
  process.on('exit', () => {
    for (const child of running) {
      // One that has its standard input from here ends its own children when that input ends; see endWithParent.
      if (child.stdin === null) signalGroup(child, 'SIGKILL');
    }
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => process.exit(128 + constants.signals[signal]));
  }
}

/**
 * Ends this process, and with it what it started, when the process that started it ends: the pipe between them, this one's
 * standard input, ends then even if the other was killed.
 */
export function endWithParent(): void {
  const input = fstatSync(0);
  if (!input.isFIFO() && !input.isSocket()) return;
  process.stdin.on('end', () => process.exit(1)).resume();
  // Waiting for that shall not keep this process running.
  if (process.stdin instanceof Socket) process.stdin.unref();
}

/** Ends a process, or by its number below zero a group; one that has ended already is what was wanted. */
export function endProcess(pid: number, signal: 'SIGTERM' | 'SIGKILL' = 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function signalGroup(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(child.pid), '/t', '/f']);
    return;
  }
  endProcess(-child.pid, signal);
}

/**
 * Starts a process at the head of a group of its own, so that {@link endGroup} also reaches what it starts in turn. The
 * group ends with this process at the latest.
 */
export function spawnGroup(command: string, commandArguments: readonly string[], options: SpawnOptions): ChildProcess {
  endChildrenWithThisProcess();
  const child = spawn(command, commandArguments, { ...options, detached: process.platform !== 'win32' });
  running.add(child);
  return child;
}

/** Ends a process and all that it started; resolves when it is gone. */
export async function endGroup(child: ChildProcess): Promise<void> {
  const gone = child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : once(child, 'exit');
  signalGroup(child, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs);
  await gone;
  clearTimeout(timer);
  // Children of the head may outlive it: they have had their SIGTERM, this is the end.
  signalGroup(child, 'SIGKILL');
  running.delete(child);
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Show the output while the command runs, instead of keeping it for the error. */
  readonly show?: boolean;
  readonly timeoutMs?: number;
}

/**
 * Runs a command to its end and returns what it printed.
 *
 * @throws {Error} with the command and the end of its output, when it cannot be started, fails or takes too long.
 */
export async function runCommand(
  command: string,
  commandArguments: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const child = spawnGroup(command, commandArguments, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['ignore', options.show === true ? 'inherit' : 'pipe', options.show === true ? 'inherit' : 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  let expired = false;
  const timer =
    options.timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          expired = true;
          signalGroup(child, 'SIGKILL');
        }, options.timeoutMs);
  const line = [command, ...commandArguments].join(' ');
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    if (code === 0) return output;
    const why = expired ? `took longer than ${options.timeoutMs ?? 0} ms` : `ended with code ${code ?? 'none'}`;
    throw new Error(`\`${line}\` ${why}${output === '' ? '' : `:\n${output.slice(-4000)}`}`);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new Error(`\`${command}\` was not found on this machine.`, { cause: error });
    }
    throw error;
  } finally {
    clearTimeout(timer);
    running.delete(child);
  }
}

/** Runs npm under the Node that runs this, as `npm run` does. */
export function runNpm(npmArguments: readonly string[], options: CommandOptions = {}): Promise<string> {
  const script = process.env.npm_execpath;
  const inner = { ...options, env: npmEnvironment() };
  if (script?.endsWith('.js') === true) return runCommand(process.execPath, [script, ...npmArguments], inner);
  // On Windows `npm` is a batch file, which only a shell can start.
  if (process.platform === 'win32') return runCommand('cmd.exe', ['/d', '/c', 'npm', ...npmArguments], inner);
  return runCommand('npm', npmArguments, inner);
}

/** The environment without what an outer `npm run` exports about this project, which would tie an inner npm to it. */
function npmEnvironment(): NodeJS.ProcessEnv {
  const outer = /^npm_(config_local_prefix|package_|lifecycle_)/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !outer.test(name)));
}
