import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { runBrowserTests } from './run/browserTests.ts';
import { runCheck } from './run/checks.ts';
import { runHostTests } from './run/hostTests.ts';
import { runNodeTests } from './run/nodeTests.ts';
import { Slots } from './run/slots.ts';
import { Tally } from './run/tally.ts';
import { findBrowser } from './workbench/browser.ts';
import { installCodeServer } from './workbench/codeServer.ts';
import { chooseVSCode } from './workbench/desktop.ts';
import { vsixFile } from './workbench/paths.ts';
import { temporaryFolder } from './workbench/temporaryFolder.ts';

/**
 * `npm test`, or `node test/run.ts [--long] [LEVEL…] [PATTERN…]` for some levels, each with what it needs built, and of these the
 * files or tests whose names hold a pattern. Goes on to the end whatever fails, and ends with the line `N passed, N failed`.
 */

interface Context {
  readonly tally: Tally;
  readonly patterns: readonly string[];
  /** As much runs at a time as the machine has cores. */
  readonly slots: Slots;
}

interface Level {
  /** What must have run before; it counts too. */
  readonly needs: readonly LevelName[];
  readonly run: (context: Context) => Promise<unknown>;
}

const unitFileMs = 5 * 60_000;
const levelNames = ['package', 'build', 'typecheck', 'lint', 'format', 'unit', 'host', 'e2e'] as const;
type LevelName = (typeof levelNames)[number];

const check =
  (script: string) =>
  ({ tally, slots }: Context): Promise<unknown> =>
    slots.use(() => runCheck(script, tally));

/** A level begins as soon as those that it needs are over; of several that may begin, the first here does. */
const levels: Readonly<Record<LevelName, Level>> = {
  package: {
    needs: [],
    run: (context) => {
      // A package of yesterday must not stand in for one that cannot be made today.
      rmSync(vsixFile, { force: true });
      return check('package')(context);
    },
  },
  // After the package, whose bundles lie in the same folder without what a debugger needs.
  build: { needs: ['package'], run: check('build') },
  typecheck: { needs: [], run: check('typecheck') },
  lint: { needs: [], run: check('lint') },
  format: { needs: [], run: check('format:check') },
  unit: {
    needs: ['build'],
    run: ({ tally, patterns, slots }) =>
      runNodeTests('unit', tally, { folder: 'test/unit', patterns, slots, fileTimeoutMs: unitFileMs }),
  },
  host: {
    needs: ['build'],
    // The longest piece: begun last, it would be left alone at the end.
    run: ({ tally, patterns, slots }) => slots.use(() => runHostTests('host', tally, patterns), true),
  },
  // A window takes what the machine has, and what a person does in it shall not wait for other tests: this comes last, by itself.
  e2e: {
    needs: ['package', 'typecheck', 'lint', 'format', 'unit', 'host'],
    run: ({ tally, patterns }) => runBrowserTests('e2e', tally, patterns),
  },
};
/** Needed only so that they do not run at the same time: by itself a level runs without them. */
const orderOnly: ReadonlySet<LevelName> = new Set(['typecheck', 'lint', 'format', 'unit', 'host']);

function isLevel(name: string): name is LevelName {
  return (levelNames as readonly string[]).includes(name);
}

/** The levels that were asked for, with all that they need. */
function chosenLevels(asked: readonly LevelName[]): Set<LevelName> {
  if (asked.length === 0) return new Set(levelNames);
  const chosen = new Set<LevelName>();
  const choose = (name: LevelName): void => {
    chosen.add(name);
    for (const needed of levels[name].needs) if (!orderOnly.has(needed)) choose(needed);
  };
  asked.forEach(choose);
  return chosen;
}

/** Runs a level; one that breaks, or that ran no test, counts as failed. */
async function runLevel(name: LevelName, context: Context): Promise<void> {
  const { tally } = context;
  const startMs = performance.now();
  const before = tally.totalOf(name);
  const fails = (error: string): void => tally.add(name, { name, durationMs: performance.now() - startMs, error });
  try {
    await levels[name].run(context);
    if (tally.totalOf(name) === before) fails('No test ran.');
  } catch (error) {
    fails(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  console.log(`${name}: ${((performance.now() - startMs) / 1000).toFixed(0)} s`);
}

/** What the levels with a VS Code need of the network comes while the first ones compute; whoever needs it says why it is not there. */
async function fetchAhead(chosen: ReadonlySet<LevelName>): Promise<void> {
  if (!chosen.has('host') && !chosen.has('e2e')) return;
  try {
    if (!chosen.has('e2e') && (await chooseVSCode()) === 'desktop') return;
    await installCodeServer();
    await findBrowser();
  } catch {
    return;
  }
}

const { values, positionals } = parseArgs({ options: { long: { type: 'boolean' } }, allowPositionals: true });
const asked = positionals.filter(isLevel);
const patterns = positionals.filter((word) => !isLevel(word));
if (patterns.length > 0 && asked.length === 0) {
  console.error(`There is no level ${patterns.join(', ')}. There are: ${levelNames.join(', ')}.`);
  process.exit(2);
}
if (values.long === true) process.env.RNN_LONG = '1';
// Hundreds of processes start here, which all read the same few programs: what V8 made of one, the next one takes.
process.env.NODE_COMPILE_CACHE = temporaryFolder('compiled-');

const chosen = chosenLevels(asked);
const tally = new Tally();
const context: Context = { tally, patterns, slots: new Slots(availableParallelism()) };
const startMs = performance.now();
const running = new Map<LevelName, Promise<void>>();
let ahead: Promise<void> = Promise.resolve();
for (const name of levelNames.filter((level) => chosen.has(level))) {
  const before = levels[name].needs.flatMap((needed) => running.get(needed) ?? []);
  const begin = async (): Promise<void> => {
    await Promise.all(before);
    if (name === 'host' || name === 'e2e') await ahead;
    await runLevel(name, context);
  };
  const level = begin();
  running.set(name, level);
  // What makes the package looks at every file below the project's folder, and so at all that is fetched: one after the other.
  if (name === 'package') ahead = level.then(() => fetchAhead(chosen));
}
await Promise.all(running.values());
console.log(`\n${((performance.now() - startMs) / 1000).toFixed(0)} s in all`);
process.exitCode = tally.finish() ? 0 : 1;
