import { after, suite } from 'node:test';
import { pathToFileURL } from 'node:url';
import { closeSharedBrowser } from '../workbench/sharedBrowser.ts';

const fileMs = 10 * 60_000;

/** Runs browser tests of several files in one process: each file's window comes and goes with its suite, the browser stays. */
for (const file of process.argv.slice(2)) {
  suite(file, { timeout: fileMs }, async () => {
    await import(pathToFileURL(file).href);
  });
}
after(closeSharedBrowser);
