import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { InputError } from '../../src/common/inputError.ts';
import { projectRoot } from '../workbench/paths.ts';
import { runCommand } from '../workbench/processes.ts';
import { temporaryFolder } from '../workbench/temporaryFolder.ts';
import { CASES } from './cases.ts';
import type { Context, Findings, Section } from './context.ts';
import { parseFlags, usage, type Flags } from './flags.ts';
import { describeMachine, machineLine } from './machine.ts';
import { PeerPool } from './peers.ts';
import { baselines } from './sections/baselines.ts';
import { check } from './sections/check.ts';
import { hostThread } from './sections/hostThread.ts';
import { longRuns } from './sections/longRuns.ts';
import { looking } from './sections/looking.ts';
import { memory } from './sections/memory.ts';
import { overhead } from './sections/overhead.ts';
import { panel } from './sections/panel.ts';
import { quality } from './sections/quality.ts';
import { roofShare } from './sections/roofShare.ts';
import { startup } from './sections/startup.ts';
import { sweeps } from './sections/sweeps.ts';
import { threads } from './sections/threads.ts';
import { throughput } from './sections/throughput.ts';
import { formatTable } from './table.ts';
import { benchText } from './text.ts';

/** `npm run bench`: measures the trainer as it is built, beside NumPy and PyTorch where they are. */

const SECTIONS: readonly Section[] = [
  check,
  throughput,
  sweeps,
  threads,
  overhead,
  roofShare,
  startup,
  memory,
  looking,
  baselines,
  longRuns,
  hostThread,
  // The last one: the package's bundles take the place of those that the others measure.
  panel,
];
const SECTION_NAMES = SECTIONS.map(({ name }) => name);
const JSON_FILE = join(projectRoot, 'dist', 'bench.json');

/** V8 compiles a kernel anew, better, while it runs; two seconds are enough for that. */
const FULL = {
  tierUpSeconds: 2,
  look: { warmUpSeconds: 0.6, pieceSeconds: 0.6, rounds: 2 },
  pairs: { warmUpSeconds: 2, pieceSeconds: 1.2, rounds: 5 },
};
const QUICK = {
  tierUpSeconds: 0.6,
  look: { warmUpSeconds: 0.2, pieceSeconds: 0.25, rounds: 2 },
  pairs: { warmUpSeconds: 0.6, pieceSeconds: 0.4, rounds: 3 },
};

async function main(argv: readonly string[]): Promise<number> {
  const flags = parsed(argv);
  if (flags === undefined) return 2;
  if (flags.help) {
    console.log(usage(SECTIONS));
    return 0;
  }
  log('building the trainer');
  await runCommand(process.execPath, ['esbuild.js', '--quiet'], { cwd: projectRoot });
  const peers = await PeerPool.find(flags.python);
  try {
    return await measure(flags, peers);
  } finally {
    await peers.close();
  }
}

/** Says what is wrong with the arguments, where something is. */
function parsed(argv: readonly string[]): Flags | undefined {
  try {
    const flags = parseFlags(argv, SECTION_NAMES);
    for (const file of [flags.text, flags.quality?.file]) {
      if (file !== undefined && !(existsSync(file) && statSync(file).isFile())) {
        throw new InputError(`There is no file "${file}".`);
      }
    }
    return flags;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    console.error(`error: ${error.message}\n\n${usage(SECTIONS)}`);
    return undefined;
  }
}

async function measure(flags: Flags, peers: PeerPool): Promise<number> {
  const folder = temporaryFolder('bench-');
  const context: Context = {
    quick: flags.quick,
    cases: CASES.filter(({ name }) => flags.cases.length === 0 || flags.cases.includes(name)),
    text: benchText(folder, flags.quality?.file ?? flags.text),
    folder,
    peers,
    ...(flags.quick ? QUICK : FULL),
    log,
  };
  const machine = describeMachine(peers.versions);
  const { text } = context;
  console.log(`${machineLine(machine)}\n${text.name}: ${text.bytes} bytes, V = ${text.V}`);
  const results: Record<string, unknown> = {};
  let failures = 0;
  for (const [part, run] of parts(flags, context)) {
    try {
      const findings = await run();
      show(part, findings);
      results[part] = findings;
    } catch (error) {
      // What one section could not measure leaves the others their figures.
      failures++;
      const message = error instanceof Error ? error.message : String(error);
      console.log(`\n${part}: failed: ${message}`);
      results[part] = { error: message };
    }
  }
  const path = resolve(flags.json ?? JSON_FILE);
  mkdirSync(dirname(path), { recursive: true });
  const { name, bytes, V } = text;
  const figures = { machine, text: { name, bytes, V }, quick: flags.quick, results };
  writeFileSync(path, `${JSON.stringify(figures, null, 2)}\n`);
  console.log(`\nAll figures: ${relative(process.cwd(), path)}`);
  return failures === 0 ? 0 : 1;
}

/** What is to be measured, by name. */
function parts(flags: Flags, context: Context): [string, () => Promise<Findings>][] {
  const asked = flags.quality;
  if (asked !== undefined) return [['quality', () => quality(context, asked.seconds)]];
  const chosen = SECTIONS.filter(({ name }) => flags.only.length === 0 || flags.only.includes(name));
  return chosen.map((section) => [section.name, () => section.run(context)]);
}

function show(name: string, { tables, notes }: Findings): void {
  console.log(`\n${name}`);
  for (const table of tables) console.log(`\n${formatTable(table)}`);
  if (notes.length > 0) console.log(`\n${notes.map((note) => `  ${note}`).join('\n')}`);
}

/** What is going on, on a terminal only. */
function log(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${line}\r`);
}

process.exitCode = await main(process.argv.slice(2));
