import { runCommand } from './processes.ts';

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** The processes in which a server of VS Code runs extensions: one for each window that is open. On Windows none are found. */
export async function extensionHosts(serverPid: number): Promise<number[]> {
  if (process.platform === 'win32') return [];
  const lines = (await runCommand('ps', ['-A', '-o', 'pid=,ppid=,args='])).trim().split('\n');
  const all = lines.map((line): Process => {
    const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return { pid: Number(pid), parent: Number(parent), command: command ?? '' };
  });
  const descendants = (parent: number): Process[] =>
    all.filter((process) => process.parent === parent).flatMap((process) => [process, ...descendants(process.pid)]);
  return descendants(serverPid)
    .filter(({ command }) => command.includes('--type=extensionHost'))
    .map(({ pid }) => pid);
}
