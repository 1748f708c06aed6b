import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { visible } from './common/foreignText.ts';
import { parseCommand, type Command } from './cli/arguments.ts';
import { backprop } from './cli/backprop.ts';
import { EXIT, UsageError } from './cli/errors.ts';
import { exportStored } from './cli/export.ts';
import { fork } from './cli/fork.ts';
import { printable } from './cli/format.ts';
import type { TrainEnvironment } from './cli/headlessRun.ts';
import { importNetworkRun } from './cli/import.ts';
import { replay } from './cli/replay.ts';
import { resume } from './cli/resume.ts';
import { sample } from './cli/sample.ts';
import { train } from './cli/train.ts';
import { helpText, usageOf } from './cli/usage.ts';

/** The headless form: the same trainer without VS Code. This file joins the commands to the process. */

const DEFAULT_COLUMNS = 80;
const OUTPUT = [process.stdout, process.stderr];
const GONE = new Set(['EPIPE', 'EIO', 'ENXIO']);

async function execute(command: Command): Promise<number> {
  switch (command.name) {
    case 'help':
      process.stdout.write(`${helpText()}\n`);
      return EXIT.success;
    case 'version':
      process.stdout.write(`${version()}\n`);
      return EXIT.success;
    case 'backprop':
      process.stdout.write(`${JSON.stringify(await backprop(command, __dirname))}\n`);
      return EXIT.success;
    case 'replay':
      process.stdout.write(`${JSON.stringify(await replay(command, __dirname))}\n`);
      return EXIT.success;
    case 'train':
      return train(command, trainEnvironment());
    case 'resume':
      return resume(command, trainEnvironment());
    case 'fork':
      return fork(command, trainEnvironment());
    case 'import':
      return importNetworkRun(command, trainEnvironment());
    case 'export':
      process.stdout.write(`${await exportStored(command, { bundles: __dirname, say })}\n`);
      return EXIT.success;
    case 'sample': {
      const { text, bytes } = await sample(command, { say });
      if (process.stdout.isTTY) process.stdout.write(`${printable(text)}\n`);
      else process.stdout.write(bytes ?? `${text}\n`);
      return EXIT.success;
    }
    default:
      return command satisfies never;
  }
}

function say(line: string): void {
  process.stderr.write(`${visible(line)}\n`);
}

function trainEnvironment(): TrainEnvironment {
  return {
    workerPath: join(__dirname, 'worker.cjs'),
    version: version(),
    screen: {
      isTerminal: process.stderr.isTTY,
      get columns() {
        return process.stderr.columns || DEFAULT_COLUMNS;
      },
      write: (text) => void process.stderr.write(text),
    },
    nowMs: () => performance.now(),
    print: (text) => void process.stdout.write(text),
    onOutputClosed: (listener) => OUTPUT.forEach((stream) => stream.on('error', listener)),
    exit: (code) => process.exit(code),
  };
}

/** The bundle lies in a folder of the package. */
function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8'));
  return v.parse(v.object({ version: v.string() }), manifest).version;
}

/** Says what went wrong in one line. */
function fail(error: unknown): number {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`error: ${visible(message.split('\n', 1)[0])}\n`);
  if (!(error instanceof UsageError)) return EXIT.failure;
  process.stderr.write(`\n${usageOf(process.argv[2])}\n`);
  return EXIT.usage;
}

for (const stream of OUTPUT) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // Whoever read our output may have gone, or the terminal was closed, which is no error of ours.
    if (!GONE.has(error.code ?? '')) throw error;
  });
}

/** npm runs scripts in the project's folder; what a person typed is meant from where they typed it. */
function goToCaller(): void {
  const { INIT_CWD: caller, npm_lifecycle_event: script } = process.env;
  if (script === 'headless' && caller !== undefined && caller !== '') process.chdir(caller);
}

async function main(): Promise<void> {
  try {
    goToCaller();
    process.exitCode = await execute(parseCommand(process.argv.slice(2)));
  } catch (error) {
    process.exitCode = fail(error);
  }
}

void main();
