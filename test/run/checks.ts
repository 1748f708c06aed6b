import { runNpm } from '../workbench/processes.ts';
import type { Tally } from './tally.ts';

/** Runs a script of package.json as one check; what it prints is shown where it fails. */
export async function runCheck(script: string, tally: Tally): Promise<boolean> {
  const level = script.replace(/:.*$/, '');
  const startMs = performance.now();
  const outcome = await runNpm(['run', '--silent', script]).then(
    () => ({}),
    (error: unknown) => ({ error: error instanceof Error ? error.message : String(error) }),
  );
  tally.add(level, { name: `npm run ${script}`, durationMs: performance.now() - startMs, ...outcome });
  return !('error' in outcome);
}
