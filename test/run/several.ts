import { suite } from 'node:test';
import { pathToFileURL } from 'node:url';

/**
 * Runs the tests of several files in one process, which starts Node and reads the sources that they share once. What a file does
 * before and after its tests stays with them.
 */
for (const file of process.argv.slice(2)) {
  suite(file, async () => {
    await import(pathToFileURL(file).href);
  });
}
