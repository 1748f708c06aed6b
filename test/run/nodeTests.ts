import { once } from 'node:events';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SHORTENED } from './amount.ts';
import type { Slots } from './slots.ts';
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
  /** Whose files, from the project's top folder. */
  readonly folder: string;
  /** Of these the files whose paths hold one of these words; all where there is none. */
  readonly patterns: readonly string[];
  readonly slots: Slots;
  /** After which a file that has not ended is ended and counts as failed. */
  readonly fileTimeoutMs: number;
}

/** How long files took that take long: they begin first, so that no long one is left alone at the end. */
const LONG_FIRST = ['killedHost', 'cli/runs', 'killedWorker', 'checkpointFile', 'cli/commands', 'levels', 'float32'];

/** Runs the test files of a level with Node's own test runner, each in a process of its own, and counts every test. */
export async function runNodeTests(level: string, tally: Tally, options: NodeTestOptions): Promise<void> {
  const { slots, fileTimeoutMs } = options;
  const files = testFiles(options.folder, options.patterns);
  await Promise.all(files.map((file) => slots.use(() => runFile(level, tally, file, fileTimeoutMs))));
}

/** The test files of a folder whose paths hold one of the patterns, those that take longest first. */
export function testFiles(folder: string, patterns: readonly string[]): string[] {
  const rank = (file: string): number => {
    const at = LONG_FIRST.findIndex((name) => file.includes(name));
    return at < 0 ? LONG_FIRST.length : at;
  };
  return globSync(`${folder}/**/*.test.ts`, { cwd: projectRoot })
    .filter((file) => patterns.length === 0 || patterns.some((pattern) => file.includes(pattern)))
    .sort()
    .sort((one, other) => rank(one) - rank(other));
}

/** Runs one file in a process of its own, with these variables in its environment, and counts its tests. */
export async function runFile(
  level: string,
  tally: Tally,
  file: string,
  timeoutMs: number,
  env: NodeJS.ProcessEnv = {},
): Promise<void> {
  const folder = temporaryFolder('results-');
  const results = join(folder, 'results.jsonl');
  const reporter = new URL('reporter.ts', import.meta.url).href;
  const reporting = [`--test-reporter=${reporter}`, `--test-reporter-destination=${results}`];
  const startMs = performance.now();
  const child = spawnGroup(process.execPath, [...reporting, file], {
    cwd: projectRoot,
    env: { ...process.env, ...env },
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
  for (const line of output.split('\n')) if (line.startsWith(SHORTENED)) tally.shorten(line.slice(SHORTENED.length));
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
