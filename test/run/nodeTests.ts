import { once } from 'node:events';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../workbench/paths.ts';
import { endGroup, spawnGroup } from '../workbench/processes.ts';
import { removeFolder, temporaryFolder } from '../workbench/temporaryFolder.ts';
import type { Tally } from './tally.ts';

/** What reporter.ts writes about a test that ended. */
export interface NodeTestEvent {
  readonly name: string;
  readonly durationMs: number;
  readonly suite: boolean;
  readonly skipped: boolean;
  readonly error?: string;
  readonly failureType?: string;
}

export interface NodeTestOptions {
  /** Which files, from the project's top folder. */
  readonly pattern: string;
  /** How many files may run at a time. */
  readonly concurrency: number;
  /** After which a file that has not ended is ended and counts as failed. */
  readonly fileTimeoutMs: number;
}

/** Runs the test files of a level with Node's own test runner, each in a process of its own, and counts every test. */
export async function runNodeTests(level: string, tally: Tally, options: NodeTestOptions): Promise<void> {
  const files = globSync(options.pattern, { cwd: projectRoot }).sort();
  const next = files.values();
  const work = async (): Promise<void> => {
    for (const file of next) await runFile(level, tally, file, options.fileTimeoutMs);
  };
  await Promise.all(Array.from({ length: options.concurrency }, work));
}

async function runFile(level: string, tally: Tally, file: string, timeoutMs: number): Promise<void> {
  const folder = temporaryFolder('results-');
  const results = join(folder, 'results.jsonl');
  const reporter = new URL('reporter.ts', import.meta.url).href;
  const reporting = [`--test-reporter=${reporter}`, `--test-reporter-destination=${results}`];
  const startMs = performance.now();
  const child = spawnGroup(process.execPath, [...reporting, file], {
    cwd: projectRoot,
    // The reporter ends the file's process when this input ends.
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  let expired = false;
  const timer = setTimeout(() => {
    expired = true;
    void endGroup(child);
  }, timeoutMs);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(timer);
  const durationMs = performance.now() - startMs;
  const events = existsSync(results) ? readEvents(results) : [];
  removeFolder(folder);

  console.log(`  ${file} (${(durationMs / 1000).toFixed(1)} s)`);
  if (output.trim() !== '') console.log(output.trimEnd().replaceAll(/^/gm, '      '));
  const counted = countTests(level, tally, events);
  const fails = (error: string): void => tally.add(level, { name: file, durationMs, error });
  if (expired) fails(`The file did not end within ${timeoutMs} ms.`);
  else if (code !== 0 && !events.some(({ error }) => error !== undefined))
    fails(`The file ended with code ${code ?? 'none'}.`);
  else if (counted === 0) fails('The file holds no test.');
}

/** A process that was ended may have left half a line. */
function readEvents(path: string): NodeTestEvent[] {
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as NodeTestEvent);
}

/** @returns how many tests there were, skipped ones included. */
function countTests(level: string, tally: Tally, events: readonly NodeTestEvent[]): number {
  let tests = 0;
  for (const { name, durationMs, suite, skipped, error, failureType } of events) {
    // A suite fails with the tests in it, which count themselves; by itself only when its own code fails.
    if (suite && (error === undefined || failureType === 'subtestsFailed')) continue;
    tests += 1;
    if (skipped) tally.skip(name);
    else tally.add(level, { name, durationMs, ...(error === undefined ? {} : { error }) });
  }
  return tests;
}
