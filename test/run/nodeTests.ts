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
  /** The file of the test, absolute. */
  readonly file: string;
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

/** What reaches beyond the tests of its own file, or is about the process itself: such a file has a process of its own. */
const ALONE = /^(before|after)(Each)?\(|\bmock\b|configureGlobal|process\.|chdir|globalThis|stackTraceLimit|Worker\b/m;
/** So many of the other files share one. */
const TOGETHER = 16;

/** Runs the test files of a level with Node's own test runner and counts every test. */
export async function runNodeTests(level: string, tally: Tally, options: NodeTestOptions): Promise<void> {
  const { slots, fileTimeoutMs } = options;
  const files = testFiles(options.folder, options.patterns);
  const isAlone = (file: string): boolean => ALONE.test(readFileSync(join(projectRoot, file), 'utf8'));
  const groups = files.filter(isAlone).map((file) => [file]);
  const others = files.filter((file) => !isAlone(file));
  while (others.length > 0) groups.push(others.splice(0, TOGETHER));
  await Promise.all(groups.map((group) => slots.use(() => runFiles(level, tally, group, fileTimeoutMs))));
}

/** The test files of a folder whose paths hold one of the patterns, those that take longest first. */
export function testFiles(folder: string, patterns: readonly string[]): string[] {
  const rank = (file: string): number => {
    const at = LONG_FIRST.findIndex((name) => file.includes(name));
    return at < 0 ? LONG_FIRST.length : at;
  };
  return globSync(`${folder}/**/*.test.ts`, { cwd: projectRoot })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => patterns.length === 0 || patterns.some((pattern) => file.includes(pattern)))
    .sort()
    .sort((one, other) => rank(one) - rank(other));
}

/** Runs files in one process, with these variables in its environment, and counts their tests. */
export async function runFiles(
  level: string,
  tally: Tally,
  group: readonly string[],
  timeoutMs: number,
  env: NodeJS.ProcessEnv = {},
): Promise<void> {
  const folder = temporaryFolder('results-');
  const results = join(folder, 'results.jsonl');
  const reporter = new URL('reporter.ts', import.meta.url).href;
  const reporting = [`--test-reporter=${reporter}`, `--test-reporter-destination=${results}`];
  const startMs = performance.now();
  const several = join('test', 'run', 'several.ts');
  const child = spawnGroup(process.execPath, [...reporting, ...(group.length > 1 ? [several] : []), ...group], {
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

  console.log(`  ${group.join(', ')} (${(durationMs / 1000).toFixed(1)} s)`);
  for (const line of output.split('\n')) if (line.startsWith(SHORTENED)) tally.shorten(line.slice(SHORTENED.length));
  if (output.trim() !== '') console.log(output.trimEnd().replaceAll(/^/gm, '      '));
  countTests(level, tally, events);
  const fails = (name: string, error: string): void => tally.add(level, { name, durationMs, error });
  const [first] = group;
  const name = group.length === 1 ? first : `${first} and ${group.length - 1} more`;
  if (expired) fails(name, `The process did not end within ${timeoutMs} ms.`);
  else if (code !== 0 && !events.some(({ error }) => error !== undefined))
    fails(name, `The process ended with code ${code ?? 'none'}.`);
  // A file may take its tests from others.
  const files = group.length === 1 && events.length > 0 ? [] : group;
  for (const file of files) {
    if (!events.some((event) => event.file === join(projectRoot, file))) fails(file, 'No test of this file ran.');
  }
}

/** A process that was ended may have left half a line. */
function readEvents(path: string): NodeTestEvent[] {
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as NodeTestEvent);
}

function countTests(level: string, tally: Tally, events: readonly NodeTestEvent[]): void {
  for (const { name, durationMs, suite, skipped, error, failureType } of events) {
    // A suite fails with the tests in it, which count themselves; by itself only when its own code fails.
    if (suite && (error === undefined || failureType === 'subtestsFailed')) continue;
    if (skipped) tally.skip(name);
    else tally.add(level, { name, durationMs, ...(error === undefined ? {} : { error }) });
  }
}
