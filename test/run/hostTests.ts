import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { chooseVSCode, desktopVersion } from '../workbench/desktop.ts';
import { cacheFolder, projectRoot } from '../workbench/paths.ts';
import { temporaryFolder } from '../workbench/temporaryFolder.ts';
import type { Outcome, Tally } from './tally.ts';

/** Stands in for the desktop's executable; see the file. */
const executable = join(
  projectRoot,
  'test',
  'workbench',
  process.platform === 'win32' ? 'executable.cmd' : 'executable.ts',
);

/**
 * Runs test/host inside the extension host of a VS Code and counts every test.
 * @param patterns of the tests whose name or file holds one of them; all where there is none.
 */
export async function runHostTests(level: string, tally: Tally, patterns: readonly string[]): Promise<void> {
  const desktop = (await chooseVSCode()) === 'desktop';
  const home = temporaryFolder('host-');
  const results = join(home, 'results.json');
  const startMs = performance.now();
  let failure: string | undefined;
  try {
    await runTests({
      ...(desktop ? { cachePath: cacheFolder, version: desktopVersion() } : { vscodeExecutablePath: executable }),
      extensionDevelopmentPath: projectRoot,
      extensionTestsPath: join(projectRoot, 'dist', 'test', 'host-tests.cjs'),
      extensionTestsEnv: {
        RNN_HOST_TEST_RESULTS: results,
        RNN_HOST_TEST_PATTERNS: JSON.stringify(patterns),
        PATH: pathWithThisNode(),
      },
      launchArgs: [home, `--user-data-dir=${join(home, 'user-data')}`, `--extensions-dir=${join(home, 'extensions')}`],
    });
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  const outcomes = existsSync(results) ? (JSON.parse(readFileSync(results, 'utf8')) as Outcome[]) : [];
  for (const outcome of outcomes) tally.add(level, outcome);
  if (failure !== undefined && !outcomes.some(({ error }) => error !== undefined)) {
    tally.add(level, { name: 'VS Code’s extension host', durationMs: performance.now() - startMs, error: failure });
  }
}

/** The executable is started by its first line, which looks `node` up in PATH: it shall be the one that runs this. */
function pathWithThisNode(): string {
  return `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ''}`;
}
