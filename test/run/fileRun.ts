import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../workbench/paths.ts';
import { endGroup, spawnGroup } from '../workbench/processes.ts';
import { removeFolder, temporaryFolder } from '../workbench/temporaryFolder.ts';
import { SHORTENED } from './amount.ts';
import type { Tally } from './tally.ts';

/** What reporter.ts writes about a test that ended. */
export interface NodeTestEvent {
  readonly name: string;
  /** The file of the test, absolute. */
  readonly file: string;
  readonly durationMs: number;
  readonly suite: boolean;
  readonly skipped: boolean;
  readonly error?: string;
  readonly failureType?: string;
}

export interface FileRunOptions {
  /** After which the process is ended and counts as failed. */
  readonly timeoutMs: number;
  /** What runs the files that it is given; without one, several of them run with several.ts and one by itself. */
  readonly program?: string;
  /** Added to the environment of the process. */
  readonly env?: NodeJS.ProcessEnv;
}

/** How long after a test has ended it is shown at most. */
const showMs = 500;

/** Runs test files in one process, and counts and shows their tests as they end. */
export async function runFiles(
  level: string,
  tally: Tally,
  files: readonly string[],
  { timeoutMs, program, env = {} }: FileRunOptions,
): Promise<void> {
  const folder = temporaryFolder('results-');
  const results = join(folder, 'results.jsonl');
  const reporter = new URL('reporter.ts', import.meta.url).href;
  const runner = program ?? (files.length > 1 ? join('test', 'run', 'several.ts') : undefined);
  const startMs = performance.now();
  const child = spawnGroup(
    process.execPath,
    [
      `--test-reporter=${reporter}`,
      `--test-reporter-destination=${results}`,
      ...(runner === undefined ? [] : [runner]),
      ...files,
    ],
    // The reporter ends the file's process when this input ends.
    { cwd: projectRoot, env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const counted = new EventCount(level, tally, files);
  const showing = setInterval(() => counted.add(readEvents(results)), showMs);
  let expired = false;
  const timer = setTimeout(() => {
    expired = true;
    void endGroup(child);
  }, timeoutMs);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(timer);
  clearInterval(showing);
  const durationMs = performance.now() - startMs;
  counted.add(readEvents(results));
  removeFolder(folder);

  console.log(`  ${files.join(', ')} (${(durationMs / 1000).toFixed(1)} s)`);
  for (const line of output.split('\n')) if (line.startsWith(SHORTENED)) tally.shorten(line.slice(SHORTENED.length));
  if (output.trim() !== '') console.log(output.trimEnd().replaceAll(/^/gm, '      '));
  const fails = (name: string, error: string): void => tally.add(level, { name, durationMs, error });
  const name = files.length === 1 ? files[0] : `${files[0]} and ${files.length - 1} more`;
  if (expired) fails(name, `The process did not end within ${timeoutMs} ms.`);
  else if (code !== 0 && !counted.hasFailed) fails(name, `The process ended with code ${code ?? 'none'}.`);
  for (const file of counted.without()) fails(file, 'No test of this file ran.');
}

/** A process that runs, or was ended, may have written half a line. */
function readEvents(path: string): NodeTestEvent[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as NodeTestEvent);
}

/** Counts the events of a process once each, and knows from which of its files they are. */
class EventCount {
  readonly #level: string;
  readonly #tally: Tally;
  readonly #files: readonly string[];
  readonly #seen = new Set<string>();
  #events = 0;
  #tests = 0;
  #testsOfSuite = 0;
  hasFailed = false;

  constructor(level: string, tally: Tally, files: readonly string[]) {
    this.#level = level;
    this.#tally = tally;
    this.#files = files;
  }

  /** @param events all so far. */
  add(events: readonly NodeTestEvent[]): void {
    for (const event of events.slice(this.#events)) this.#count(event);
    this.#events = Math.max(this.#events, events.length);
  }

  #count({ name, file, durationMs, suite, skipped, error, failureType }: NodeTestEvent): void {
    this.hasFailed ||= error !== undefined;
    // A suite that bears a file's name holds its tests, and those that it takes from other files.
    if (suite && this.#files.includes(name)) {
      if (this.#testsOfSuite > 0) this.#seen.add(name);
      this.#testsOfSuite = 0;
      console.log(`  ${name} (${(durationMs / 1000).toFixed(1)} s)`);
    } else {
      this.#tests += 1;
      this.#testsOfSuite += 1;
      this.#seen.add(file);
    }
    // A suite fails with the tests in it, which count themselves; by itself only when its own code fails.
    if (suite && (error === undefined || failureType === 'subtestsFailed')) return;
    if (skipped) this.#tally.skip(name);
    else this.#tally.add(this.#level, { name, durationMs, ...(error === undefined ? {} : { error }) });
  }

  /** The files of which no test ran. */
  without(): string[] {
    // A file that runs alone may take its tests from others.
    if (this.#files.length === 1 && this.#tests > 0) return [];
    return this.#files.filter((file) => !this.#seen.has(file) && !this.#seen.has(join(projectRoot, file)));
  }
}
