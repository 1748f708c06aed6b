import { runNpm } from '../workbench/processes.ts';
import type { Tally } from './tally.ts';

/** Runs a script of package.json as one check, with its output on the screen. */
export async function runCheck(level: string, tally: Tally, script: string): Promise<boolean> {
  const startMs = performance.now();
  try {
    await runNpm(['run', '--silent', script], { show: true });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    tally.add(level, { name: `npm run ${script}`, durationMs: performance.now() - startMs, error: message });
    return false;
  }
  tally.add(level, { name: `npm run ${script}`, durationMs: performance.now() - startMs });
  return true;
}
