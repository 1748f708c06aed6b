import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { runCheck } from './run/checks.ts';
import { runHostTests } from './run/hostTests.ts';
import { runNodeTests } from './run/nodeTests.ts';
import { Tally } from './run/tally.ts';
import { vsixFile } from './workbench/paths.ts';

/**
 * `npm test`, or `node test/run.ts LEVEL…` for some levels, each with what it needs built. Goes on to the end whatever fails,
 * and ends with the line `N passed, N failed`.
 */

interface Level {
  /** What must have run before; it counts too. */
  readonly needs?: readonly string[];
  readonly run: (name: string, tally: Tally) => Promise<unknown>;
}

const unitFileMs = 5 * 60_000;
const e2eFileMs = 10 * 60_000;

/** In the order in which they run. */
const levels: Readonly<Record<string, Level>> = {
  typecheck: { run: (name, tally) => runCheck(name, tally, 'typecheck') },
  lint: { run: (name, tally) => runCheck(name, tally, 'lint') },
  format: { run: (name, tally) => runCheck(name, tally, 'format:check') },
  package: {
    run: (name, tally) => {
      // A package of yesterday must not stand in for one that cannot be made today.
      rmSync(vsixFile, { force: true });
      return runCheck(name, tally, 'package');
    },
  },
  // After the package, whose bundles lie in the same folder without what a debugger needs.
  build: { run: (name, tally) => runCheck(name, tally, 'build') },
  unit: {
    needs: ['package', 'build'],
    run: (name, tally) =>
      runNodeTests(name, tally, {
        pattern: 'test/unit/**/*.test.ts',
        concurrency: availableParallelism(),
        fileTimeoutMs: unitFileMs,
      }),
  },
  host: { needs: ['build'], run: runHostTests },
  e2e: {
    needs: ['package'],
    run: (name, tally) =>
      runNodeTests(name, tally, { pattern: 'test/e2e/**/*.test.ts', concurrency: 1, fileTimeoutMs: e2eFileMs }),
  },
};

/** Runs a level; one that breaks, or that ran no test, counts as failed. */
async function runLevel(name: string, level: Level, tally: Tally): Promise<void> {
  console.log(`\n${name}`);
  const startMs = performance.now();
  const before = tally.total;
  const fails = (error: string): void => tally.add(name, { name, durationMs: performance.now() - startMs, error });
  try {
    await level.run(name, tally);
    if (tally.total === before) fails('No test ran.');
  } catch (error) {
    fails(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in levels));
if (unknown.length > 0) {
  console.error(`Unknown level: ${unknown.join(', ')}. There are: ${Object.keys(levels).join(', ')}.`);
  process.exit(2);
}
const chosen = new Set(
  asked.length === 0 ? Object.keys(levels) : asked.flatMap((name) => [...(levels[name]?.needs ?? []), name]),
);
const tally = new Tally();
for (const [name, level] of Object.entries(levels)) {
  if (chosen.has(name)) await runLevel(name, level, tally);
}
process.exitCode = tally.finish() ? 0 : 1;
