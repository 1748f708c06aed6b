import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Mocha from 'mocha';

/**
 * The entry of the tests that run inside VS Code's extension host: VS Code calls `run`. It is bundled into dist/test, with
 * every `*.test.ts` beside this file; what is beside it is read from the folder, so that no test is left out.
 */

/** One test and how it ended. */
interface HostTestResult {
  readonly name: string;
  readonly durationMs: number;
  /** Absent when the test passed. */
  readonly error?: string;
}

const testMs = 60_000;

/** @throws {Error} when a test failed or there was none, which gives VS Code a non-zero exit code. */
export async function run(): Promise<void> {
  // A reporter would write to a console that nobody sees: the results go to a file.
  const mocha = new Mocha({ ui: 'tdd', timeout: testMs, reporter: class extends Mocha.reporters.Base {} });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  const patterns = JSON.parse(process.env.RNN_HOST_TEST_PATTERNS ?? '[]') as string[];
  const holdsPattern = (name: string): boolean =>
    patterns.length === 0 || patterns.some((pattern) => name.includes(pattern));
  for (const name of testNames()) {
    const before = mocha.suite.suites.length;
    await import(`./${name}.test.ts`);
    if (!holdsPattern(name)) mocha.suite.suites.slice(before).forEach((suite) => keepTests(suite, holdsPattern));
  }
  const results = await resultsOf(mocha);
  const file = process.env.RNN_HOST_TEST_RESULTS;
  if (file !== undefined) writeFileSync(file, JSON.stringify(results));
  const failed = results.filter((result) => result.error !== undefined);
  if (results.length === 0) throw new Error('There was no test to run.');
  if (failed.length > 0) {
    throw new Error(
      `${failed.length} of ${results.length} tests failed:\n${failed.map((result) => `${result.name}: ${result.error ?? ''}`).join('\n')}`,
    );
  }
}

/** Leaves of a suite the tests whose full names are meant. */
function keepTests(suite: Mocha.Suite, isMeant: (name: string) => boolean): void {
  suite.tests = suite.tests.filter((test) => isMeant(test.fullTitle()));
  for (const inner of suite.suites) keepTests(inner, isMeant);
}

/** The names of the test files, without `.test.ts`. The bundle is in dist/test. */
function testNames(): string[] {
  const folder = join(__dirname, '..', '..', 'test', 'host');
  const ending = '.test.ts';
  return readdirSync(folder)
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length))
    .sort();
}

function resultsOf(mocha: Mocha): Promise<HostTestResult[]> {
  const results: HostTestResult[] = [];
  return new Promise((resolve) => {
    const runner = mocha.run(() => resolve(results));
    runner.on('pass', (test) => results.push({ name: test.fullTitle(), durationMs: test.duration ?? 0 }));
    // A hook that fails is reported the same way.
    runner.on('fail', (test, error: Error) =>
      results.push({ name: test.fullTitle(), durationMs: test.duration ?? 0, error: error.stack ?? error.message }),
    );
  });
}
