import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../workbench/paths.ts';
import { runFiles } from './fileRun.ts';
import type { Slots } from './slots.ts';
import type { Tally } from './tally.ts';

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
const ALONE =
  /\bmock\b|configureGlobal|process\.(?!pid|platform|exec|getuid|kill)|globalThis|stackTraceLimit|Worker\b|headless\.ts/;
/** So many of the other files share one. */
const TOGETHER = 8;

/** Runs the test files of a level with Node's own test runner and counts every test. */
export async function runNodeTests(level: string, tally: Tally, options: NodeTestOptions): Promise<void> {
  const { slots, fileTimeoutMs } = options;
  const files = testFiles(options.folder, options.patterns);
  const isAlone = (file: string): boolean => ALONE.test(readFileSync(join(projectRoot, file), 'utf8'));
  const groups = files.filter(isAlone).map((file) => [file]);
  const others = files.filter((file) => !isAlone(file));
  while (others.length > 0) groups.push(others.splice(0, TOGETHER));
  await Promise.all(
    groups.map((group) => slots.use(() => runFiles(level, tally, group, { timeoutMs: fileTimeoutMs }))),
  );
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
